"""Party and civic corner: planned by some, joined by many, reported to all."""

from datetime import timedelta

import pytest
from sqlmodel import select
from tests.cast import HOME

from shequtong.boards.party.models import Deed
from shequtong.core.communities.models import Division
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


@pytest.mark.parametrize("login", ["party", "organisation", "clerk"])
def test_branch_organisations_and_staff_plan(cast, login):
    assert "周末大扫除" in cast.resident.get(planned(getattr(cast, login))).text


@pytest.mark.parametrize("login", ["resident", "lead", "property", "street", "outsider"])
def test_others_do_not(cast, login):
    assert getattr(cast, login).get(f"{PARTY}/new").status_code == 403


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


def test_a_small_wish_is_fulfilled_by_one(cast, db):
    address = planned(cast.party, kind="wish", title="想要一副老花镜", starts_at="", place="")
    cast.resident.take(address, "claim")
    assert cast.neighbor.take(address, "claim").status_code == 409
    assert db.exec(select(Deed.claimed)).one() == 1


def test_fewer_places_than_neighbours_are_not_possible(cast):
    address = planned(cast.party, places="5")
    for browser in (cast.resident, cast.neighbor):
        browser.take(address, "claim")
    form = {"title": "周末大扫除", "body": "一起来", "place": "花园", "places": "1"}
    form["starts_at"] = clock.local(clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert "f-places-error" in cast.party.submit(f"{address}/edit", form).text


def test_it_ends_with_a_report(cast):
    address = planned(cast.party)
    assert cast.resident.take(address, "finish", report="好").status_code == 403
    assert cast.party.take(address, "finish", report="").status_code == 422
    assert cast.party.take(address, "finish", report="清理了三车杂物", came="24").status_code == 303
    shown = cast.resident.get(address).text
    assert "清理了三车杂物" in shown and "24" in shown
    assert cast.resident.take(address, "claim").status_code == 409


def test_a_committee_can_switch_it_off(cast, app):
    address = planned(cast.party)
    with app.state.database.writing() as session:
        session.get(Division, HOME).boards_off = ["party"]
    assert cast.resident.get(PARTY).status_code == 404
    assert cast.resident.get(address).status_code == 404
    assert PARTY not in cast.resident.get(f"/c/{HOME}").text
