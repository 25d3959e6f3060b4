"""Party and civic corner: planned by some, joined by many, reported to all."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlmodel import select
from tests.cast import HOME
from tests.core.gatherings.conftest import form as plan

from shequtong.boards.party.models import Claim, Deed
from shequtong.core.communities.models import Division
from shequtong.core.identity.exporting import everything_of
from shequtong.core.posts.models import Participation, PostTransition
from shequtong.lib import clock

PARTY = f"/c/{HOME}/party"


def planned(browser, **changes):
    when = clock.local(clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    form = {
        "kind": "activity",
        "title": "周末大扫除",
        "body": "一起来",
        "starts_at": when,
        "place": "中心花园",
    }
    answer = browser.submit(f"{PARTY}/new", form | changes)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def pledged(browser, **changes):
    return planned(browser, kind="pledge", title="每月上门理发", starts_at="", place="", **changes)


@pytest.mark.parametrize("login", ["party", "organisation", "clerk"])
def test_branch_organisations_and_staff_plan(cast, login):
    assert "周末大扫除" in cast.resident.get(planned(getattr(cast, login))).text


@pytest.mark.parametrize("login", ["property", "street", "outsider"])
def test_others_do_not(cast, login):
    assert getattr(cast, login).get(f"{PARTY}/new").status_code == 403


@pytest.mark.parametrize("kind", ["activity", "pledge"])
def test_a_resident_may_wish_and_plans_nothing(cast, kind):
    assert cast.resident.get(f"{PARTY}/new").status_code == 200
    form = {"kind": kind, "title": "我来组织", "body": "来"}
    assert cast.resident.submit(f"{PARTY}/new", form).status_code == 403


def test_an_activity_has_a_time_and_a_place(cast):
    answer = cast.party.submit(f"{PARTY}/new", {"kind": "activity", "title": "活动", "body": "来"})
    assert answer.status_code == 422
    assert "f-starts_at-error" in answer.text and "f-place-error" in answer.text


def test_neighbours_take_part_until_the_places_are_taken(cast):
    address = planned(cast.party, places="2")
    assert cast.party.take(address, "claim").status_code == 403
    assert cast.resident.take(address, "claim", note="带两把扫帚").status_code == 303
    assert cast.resident.take(address, "claim").status_code == 303
    assert cast.elder.take(address, "claim").status_code == 303
    assert cast.owner.take(address, "claim").status_code == 409
    assert cast.elder.submit(f"{address}/transitions", {"name": "claim", "undo": "1"}).status_code == 303
    assert cast.owner.take(address, "claim").status_code == 303
    assert cast.street.take(address, "claim").status_code == 403


def test_who_takes_part_is_for_those_who_plan(cast):
    address = planned(cast.organisation)
    cast.resident.take(address, "claim", note="我会晚到十分钟")
    assert "我会晚到十分钟" in cast.organisation.get(address).text
    assert "我会晚到十分钟" in cast.clerk.get(address).text
    assert "我会晚到十分钟" not in cast.neighbor.get(address).text


def test_fewer_places_than_neighbours_are_not_possible(cast):
    address = planned(cast.party, places="5")
    for browser in (cast.resident, cast.neighbor):
        browser.take(address, "claim")
    form = {"title": "周末大扫除", "body": "一起来", "place": "花园", "places": "1"}
    form["starts_at"] = clock.local(clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert "f-places-error" in cast.party.submit(f"{address}/edit", form).text


# Activities -------------------------------------------------------------------------------------------


def picture():
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(kept, "PNG")
    return {"photos": ("大扫除.png", kept.getvalue(), "image/png")}


def test_it_ends_with_a_report_and_photos(cast):
    address = planned(cast.party)
    assert cast.resident.take(address, "finish", report="好").status_code == 403
    assert cast.party.take(address, "finish", report="").status_code == 422
    sent = {"name": "finish", "report": "清理了三车杂物", "came": "24"}
    assert cast.party.submit(f"{address}/transitions", sent, files=picture()).status_code == 303
    shown = cast.resident.get(address).text
    assert "清理了三车杂物" in shown and "24" in shown and "/photos/" in shown
    assert cast.resident.take(address, "claim").status_code == 409


def test_who_was_checked_in_is_counted_and_may_thank(cast, db):
    address = planned(cast.party)
    cast.party.submit(
        f"{address}/gathering/plan", plan(guests="2", starts_at=clock.now() + timedelta(hours=1))
    )
    for browser in (cast.resident, cast.neighbor):
        assert browser.submit(f"{address}/gathering", {"guests": "1"}).status_code == 303
    cast.party.submit(f"{address}/gathering/list", {"who": str(cast.resident.id), "what": "came"})
    assert cast.party.take(address, "finish", report="扫好了").status_code == 303
    assert db.exec(select(Deed.came)).one() == 2
    assert cast.neighbor.take(address, "rate", stars="5").status_code == 409
    assert cast.resident.take(address, "rate", stars="5", words="下次还来").status_code == 303
    assert "下次还来" in cast.neighbor.get(address).text


# Pledges ----------------------------------------------------------------------------------------------


def worked(cast, **changes):
    """The address of a pledge that the resident has claimed and done something for, for 阿芳."""
    address = pledged(cast.party)
    assert cast.resident.take(address, "claim").status_code == 303
    form = {"done_on": str(clock.today()), "words": "给三位老人理了发", "served": "阿芳"}
    assert cast.resident.take(address, "note_work", **form | changes).status_code == 303
    return address


def confirmed(cast, verdict="confirmed", **changes):
    address = worked(cast)
    form = {"work": "1", "verdict": verdict} | changes
    assert cast.party.take(address, "confirm_work", **form).status_code == 303
    return address


def test_who_claimed_it_notes_what_was_done(cast):
    address = worked(cast)
    assert "给三位老人理了发" in cast.resident.get(address).text
    assert "给三位老人理了发" in cast.party.get(address).text
    assert "给三位老人理了发" not in cast.neighbor.get(address).text, "it is not confirmed yet"
    assert cast.elder.take(address, "note_work", done_on="2026-01-05", words="我也去了").status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [("done_on", str(clock.today() + timedelta(days=2))), ("served", "查无此人"), ("words", "")],
)
def test_a_mistake_in_what_was_done_is_told_beside_its_field(cast, field, value):
    address = pledged(cast.party)
    cast.resident.take(address, "claim")
    form = {"done_on": str(clock.today()), "words": "理发", "served": ""}
    answer = cast.resident.take(address, "note_work", **form | {field: value})
    assert answer.status_code == 422 and f"f-note_work-{field}-error" in answer.text


def test_the_planner_confirms_and_those_it_was_done_for_thank_once(cast):
    address = confirmed(cast)
    assert "给三位老人理了发" in cast.elder.get(address).text
    assert cast.elder.take(address, "rate", stars="5").status_code == 409, "nothing was done for them"
    assert cast.resident.take(address, "rate", stars="5").status_code == 409, "nobody praises themselves"
    assert cast.neighbor.take(address, "rate", stars="4", words="手艺真好").status_code == 303
    assert cast.neighbor.take(address, "rate", stars="1", words="改主意了").status_code == 303
    shown = cast.elder.get(address).text
    assert "手艺真好" in shown and "改主意了" not in shown
    assert "4.0" not in shown, "the stars of one neighbour are nobody's business"


def test_what_the_planner_gives_back_is_not_shown_to_others(cast):
    address = confirmed(cast, "returned", answer="请写清楚是哪几家")
    assert "请写清楚是哪几家" in cast.resident.get(address).text
    assert "给三位老人理了发" not in cast.neighbor.get(address).text
    assert cast.neighbor.take(address, "rate", stars="5").status_code == 409


def test_nobody_confirms_their_own_work_nor_anothers_who_does_not_plan(cast):
    address = pledged(cast.party)
    cast.clerk.take(address, "claim")
    cast.clerk.take(address, "note_work", done_on=str(clock.today()), words="我去了")
    work = {"work": "1", "verdict": "confirmed"}
    assert cast.clerk.take(address, "confirm_work", **work).status_code == 422
    assert cast.resident.take(address, "confirm_work", **work).status_code == 403
    assert cast.organisation.take(address, "confirm_work", **work).status_code == 403
    assert cast.clerk2.take(address, "confirm_work", **work).status_code == 303
    assert cast.clerk2.take(address, "confirm_work", **work).status_code == 409


# Showing one's membership -----------------------------------------------------------------------------

BADGE = "党员</span>"


def test_a_membership_is_not_shown_unless_its_bearer_agrees_by_itself(cast):
    address = pledged(cast.party)
    cast.resident.take(address, "claim")
    assert BADGE not in cast.neighbor.get(address).text
    assert cast.resident.get(f"{address}/membership").status_code == 200
    assert cast.resident.submit(f"{address}/membership", {}).status_code == 422
    assert BADGE not in cast.neighbor.get(address).text
    assert cast.resident.submit(f"{address}/membership", {"agree": "1"}).status_code == 303
    assert BADGE in cast.neighbor.get(address).text


def test_it_is_taken_back_at_any_time_and_leaves_no_trace(cast, db):
    address = pledged(cast.party)
    cast.resident.take(address, "claim")
    cast.resident.submit(f"{address}/membership", {"agree": "1"})
    cast.party.take(address, "finish", report="做完了", came="3")
    assert BADGE in cast.neighbor.get(address).text
    assert cast.resident.submit(f"{address}/membership", {"undo": "1"}).status_code == 303
    assert BADGE not in cast.neighbor.get(address).text
    db.rollback()
    assert db.exec(select(Claim.badge)).one() == "hides"
    traces = [row.name for row in db.exec(select(PostTransition)).all()]
    assert not any("member" in name for name in traces)
    assert {row.name for row in db.exec(select(Participation)).all()} == {"claim"}


def test_the_database_does_not_tell_who_shows_themselves(cast, app, db):
    address = pledged(cast.party)
    for browser in (cast.resident, cast.neighbor):
        browser.take(address, "claim")
    cast.resident.submit(f"{address}/membership", {"agree": "1"})
    kept = db.connection().exec_driver_sql("SELECT badge FROM party_claim").scalars().all()
    assert len(kept) == 2 and len({len(badge) for badge in kept}) == 1
    assert not any("shows" in badge or "hides" in badge for badge in kept)


@pytest.mark.parametrize("login", ["neighbor", "party", "clerk", "street", "outsider"])
def test_nobody_shows_another_as_a_member(cast, login):
    address = pledged(cast.party)
    cast.resident.take(address, "claim")
    answer = getattr(cast, login).submit(f"{address}/membership", {"agree": "1"})
    assert answer.status_code in (403, 404)
    assert BADGE not in cast.elder.get(address).text


def test_a_membership_is_in_ones_own_archive_and_in_nobody_elses(cast, db):
    address = pledged(cast.party)
    cast.resident.take(address, "claim")
    cast.resident.submit(f"{address}/membership", {"agree": "1"})
    db.rollback()
    assert [row["badge"] for row in dict(everything_of(db, cast.resident.id))["party_claim"]] == ["shows"]
    for login in ("party", "neighbor", "clerk"):
        assert "party_claim" not in dict(everything_of(db, getattr(cast, login).id))


def test_with_the_claim_goes_what_was_shown_beside_it(cast, db):
    address = pledged(cast.party)
    cast.resident.take(address, "claim")
    cast.resident.submit(f"{address}/membership", {"agree": "1"})
    cast.resident.submit(f"{address}/transitions", {"name": "claim", "undo": "1"})
    assert db.exec(select(Claim)).all() == []


def test_a_committee_can_switch_it_off(cast, app):
    address = planned(cast.party)
    with app.state.database.writing() as session:
        session.get(Division, HOME).boards_off = ["party"]
    assert cast.resident.get(PARTY).status_code == 404
    assert cast.resident.get(address).status_code == 404
    assert PARTY not in cast.resident.get(f"/c/{HOME}").text
