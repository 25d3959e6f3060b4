"""Whom a notice reached: door by door, online and on paper; who may see the doors, and who is reminded."""

import re

import pytest
from sqlalchemy import select
from tests.boards.test_notices import NOTICES, in_days, written
from tests.cast import HOME

from shequtong.boards.notices.models import Notice, PaperConfirmation
from shequtong.core.communities.models import Building, Dwelling, Membership
from shequtong.core.identity.models import Account
from shequtong.core.notifications.models import Notification
from shequtong.lib import clock


@pytest.fixture
def asked(cast):
    """A notice that every door is asked to confirm."""
    return written(cast.clerk, kind="must_read", until=in_days(3))


def building(app, number):
    with app.state.database.reading() as session:
        return session.scalar(
            select(Building.id).where(Building.code == HOME, Building.name == f"{number}号楼")
        )


def door(app, room):
    with app.state.database.reading() as session:
        return door_of(session, room)


def door_of(session, room):
    found = session.execute(select(Dwelling.id, Dwelling.room).where(Dwelling.code == HOME)).all()
    return next(row.id for row in found if row.room == room)


def told(app, person, kind):
    with app.state.database.reading() as session:
        return len(
            session.scalars(
                select(Notification.id).where(Notification.account_id == person.id, Notification.kind == kind)
            ).all()
        )


def test_a_door_counts_once_online_or_on_paper(app, cast, asked):
    first = building(app, 1)
    assert (
        cast.lead.submit(f"{asked}/doors", {"building": first, "door": door(app, "102")}).status_code == 303
    )
    assert "1 / 7" in cast.owner.get(asked).text
    assert cast.neighbor.take(asked, "confirm").status_code == 303
    assert "1 / 7" in cast.owner.get(asked).text, "the neighbour's door is the same door"
    assert cast.resident.take(asked, "confirm").status_code == 303
    page = cast.owner.get(asked).text
    assert "2 / 7" in page and "其中书面确认" not in page


def moves_in(app, login, room):
    """Somebody of the cast gets another home."""
    with app.state.database.writing() as session:
        home = session.get_one(Dwelling, door_of(session, room))
        session.add(
            Membership(
                account_id=session.scalar(select(Account.id).where(Account.login == login)),
                code=home.code,
                building_id=home.building_id,
                dwelling_id=home.id,
                kind="family",
                state="approved",
                applied_at=clock.now(),
            )
        )


def test_who_has_several_homes_confirms_for_each(app, cast, asked):
    moves_in(app, "resident", "201")
    assert cast.resident.take(asked, "confirm").status_code == 303
    assert "2 / 7" in cast.owner.get(asked).text
    moves_in(app, "resident", "102")
    assert cast.resident.take(asked, "confirm").status_code == 303, (
        "the home that came later has not confirmed"
    )
    assert "3 / 7" in cast.owner.get(asked).text
    assert cast.resident.take(asked, "confirm").status_code == 303, "once more is no error"
    assert "3 / 7" in cast.owner.get(asked).text


def test_the_doors_that_are_left_are_shown_to_who_knocks(app, cast, asked):
    cast.resident.take(asked, "confirm")
    page = cast.lead.get(f"{asked}/doors").text
    assert "102" in page and not re.search(r"<label>[^<]*<input[^>]*> 101</label>", page)
    sheet = cast.lead.get(f"{asked}/doors?sheet=1").text
    assert "102" in sheet and "138" not in sheet


@pytest.mark.parametrize(
    "login",
    [
        "resident",
        "owner",
        "applicant",
        "property",
        "police",
        "street",
        "district",
        "outsider",
        "outsecretary",
    ],
)
def test_nobody_else_sees_the_doors_or_notes_one(app, cast, asked, login):
    browser = getattr(cast, login)
    some = {"building": building(app, 1), "door": door(app, "102")}
    assert browser.get(f"{asked}/doors").status_code in (403, 404)
    assert browser.submit(f"{asked}/doors", some).status_code in (403, 404)
    assert browser.submit(f"{asked}/remind").status_code in (403, 404)
    assert cast.visitor.get(f"{asked}/doors").status_code == 303


def test_a_lead_sees_and_notes_the_doors_of_their_own_building_only(app, cast, asked):
    second = building(app, 2)
    assert cast.lead.get(f"{asked}/doors?building={second}").status_code == 404
    with app.state.database.reading() as session:
        theirs = session.scalars(select(Dwelling.id).where(Dwelling.building_id == second)).first()
    assert cast.lead.submit(f"{asked}/doors", {"building": second, "door": theirs}).status_code == 404
    assert cast.lead.submit(f"{asked}/remind").status_code == 403
    assert cast.clerk.submit(f"{asked}/doors", {"building": second, "door": theirs}).status_code == 303
    assert cast.clerk.submit(f"{asked}/doors", {"building": second, "door": "999999"}).status_code == 404


def test_a_paper_confirmation_is_taken_back_and_not_noted_after_the_end(app, cast, asked):
    first, flat = building(app, 1), door(app, "102")
    cast.clerk.submit(f"{asked}/doors", {"building": first, "door": flat})
    cast.clerk.submit(f"{asked}/doors", {"building": first, "door": flat})
    assert "1 / 7" in cast.owner.get(asked).text
    assert cast.lead.submit(f"{asked}/doors", {"building": first, "undo": flat}).status_code == 303
    assert "0 / 7" in cast.owner.get(asked).text
    cast.clerk.take(asked, "close")
    assert cast.clerk.submit(f"{asked}/doors", {"building": first, "door": flat}).status_code == 409
    assert cast.clerk.get(f"{asked}/doors").status_code == 200


def test_only_those_who_have_not_confirmed_are_reminded_and_once_a_day(app, cast, asked):
    cast.resident.take(asked, "confirm")
    cast.clerk.submit(f"{asked}/doors", {"building": building(app, 1), "door": door(app, "102")})
    assert cast.clerk.submit(f"{asked}/remind").status_code == 303
    assert [told(app, who, "please_confirm") for who in (cast.resident, cast.neighbor, cast.owner)] == [
        0,
        0,
        1,
    ]
    assert cast.clerk.submit(f"{asked}/remind").status_code == 409
    assert "请确认您家已经看过" in cast.owner.get("/inbox").text


def test_a_notice_for_some_buildings_asks_only_their_doors(app, cast):
    places = [str(building(app, 1)), str(building(app, 3))]
    address = written(cast.clerk, kind="must_read", until=in_days(3), places=places)
    page = cast.owner.get(address).text
    assert "1号楼、3号楼" in page and 'value="confirm"' not in page, "the owner lives in building 2"
    assert cast.owner.take(address, "confirm").status_code == 409
    assert cast.resident.take(address, "confirm").status_code == 303
    assert told(app, cast.neighbor, "announced") == 1
    assert told(app, cast.owner, "announced") == 0


def test_a_notice_for_tenants_is_confirmed_by_tenants(app, cast):
    address = written(cast.clerk, kind="must_read", until=in_days(3), concerns="tenant")
    assert cast.owner.take(address, "confirm").status_code == 409
    assert cast.tenant.take(address, "confirm").status_code == 303
    assert "1 / 1" in cast.owner.get(address).text


def test_an_audience_that_matches_no_door_is_refused_and_nothing_is_lost(app, cast):
    form = {"title": "没有人的楼", "kind": "info", "body": "这段话不能丢", "places": str(building(app, 1))}
    answer = cast.clerk.submit(f"{NOTICES}/new", form | {"concerns": "tenant"})
    assert answer.status_code == 422
    assert "一户也通知不到" in answer.text and "这段话不能丢" in answer.text


def test_a_removed_building_of_another_community_cannot_be_chosen(app, cast):
    with app.state.database.reading() as session:
        elsewhere = session.scalar(select(Building.id).where(Building.code != HOME))
    answer = cast.clerk.submit(
        f"{NOTICES}/new", {"title": "别处", "kind": "info", "body": "x", "places": str(elsewhere)}
    )
    assert answer.status_code == 422


def test_what_is_noted_goes_with_the_notice_and_keeps_who_noted_it(app, cast, asked):
    cast.lead.submit(f"{asked}/doors", {"building": building(app, 1), "door": door(app, "102")})
    with app.state.database.reading() as session:
        row = session.scalars(select(PaperConfirmation)).one()
        assert row.by_id == cast.lead.id and session.get(Notice, row.post_id).reminded_at is None
