"""Offices: who gives which, what it opens, and how it ends."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select
from tests.cast import AWAY, DISTRICT, HOME, LOGINS, STREET, Browser, stands_in

from shequtong.core.communities.models import Appointment, Building
from shequtong.core.identity.models import Account
from shequtong.lib import clock

PEOPLE = f"/c/{HOME}/people"
NEW = f"{PEOPLE}/appointments"
OFFICERS = f"/d/{STREET}/people"


def office(app, login, name):
    with app.state.database.reading() as session:
        return session.exec(
            select(Appointment)
            .join(Account, Account.id == Appointment.account_id)
            .where(Account.login == login, Appointment.office == name)
            .order_by(Appointment.id.desc())
        ).first()


def building(app):
    with app.state.database.reading() as session:
        return str(session.exec(select(Building.id).where(Building.code == HOME)).first())


def today():
    return clock.local(clock.now()).date()


def test_staff_see_members_by_building_without_phone_or_room(app, cast):
    with app.state.database.writing() as session:
        account = session.exec(select(Account).where(Account.login == "resident")).one()
        account.real_name, account.phone = "陈真名", "+8613800001111"
    page = cast.clerk.get(PEOPLE, params={"building": building(app)}).text
    assert "小陈" in page and "阿芳" in page and "楼组长" in page and "老周" not in page
    for secret in ("陈真名", "13800001111"):
        assert secret not in page
    assert not stands_in("10[123]", page), "a room"


def test_who_serves_is_listed(cast):
    page = cast.clerk.get(PEOPLE).text
    for name in ("社工小沈", "书记林敏", "尚园物业", "律师何"):
        assert name in page
    assert "四村书记" not in page


@pytest.mark.parametrize("login", sorted(set(LOGINS) - {"clerk", "clerk2", "secretary"}))
def test_the_wrong_person_sees_no_people(cast, login):
    away = 303 if login == "visitor" else 404
    assert getattr(cast, login).get(PEOPLE).status_code == away
    assert getattr(cast, login).get(NEW).status_code == away
    assert getattr(cast, login).submit(NEW, {"office": "clerk", "login": "resident"}).status_code == away


def test_a_building_of_elsewhere_is_no_building_here(app, cast):
    with app.state.database.reading() as session:
        other = session.exec(select(Building.id).where(Building.code == AWAY)).first()
    assert cast.clerk.get(PEOPLE, params={"building": other}).status_code == 404


def test_a_secretary_makes_a_resident_clerk_and_ends_it_again(app, cast):
    desk = f"/c/{HOME}/desk"
    assert cast.resident.get(desk).status_code == 404
    given = cast.secretary.submit(NEW, {"office": "clerk", "login": "RESIDENT", "title": "社工"})
    assert (given.status_code, given.headers["location"]) == (303, PEOPLE), given.text
    assert cast.resident.get(desk).status_code == 200, "an office counts at the next request"
    held = office(app, "resident", "clerk")
    assert held.title == "社工" and held.by_id == cast.secretary.id
    ended = cast.secretary.submit(f"{PEOPLE}/appointments/{held.id}/end")
    assert ended.status_code == 303
    assert cast.resident.get(desk).status_code == 404, "A6: a withdrawn role is gone at the next request"
    held = office(app, "resident", "clerk")
    assert held.ended_by_id == cast.secretary.id and held.until == today() - timedelta(days=1)
    assert cast.secretary.submit(f"{PEOPLE}/appointments/{held.id}/end").status_code == 409


def test_a_clerk_appoints_nobody(app, cast):
    assert cast.clerk.get(NEW).status_code == 404
    assert cast.clerk.submit(NEW, {"office": "clerk", "login": "resident"}).status_code == 404
    held = office(app, "property", "property")
    assert cast.clerk.submit(f"{PEOPLE}/appointments/{held.id}/end").status_code == 404
    assert "任命" not in cast.clerk.get(PEOPLE).text


@pytest.mark.parametrize("name", ["secretary", "street", "district", "admin", "resident", "", "x"])
def test_a_secretary_gives_no_office_of_their_own_height_or_above(app, cast, name):
    assert cast.secretary.submit(NEW, {"office": name, "login": "resident"}).status_code == 422
    assert office(app, "resident", name) is None


def test_nobody_gives_or_ends_an_office_of_their_own(app, cast):
    for name in ("clerk", "lead"):
        answer = cast.secretary.submit(NEW, {"office": name, "login": "secretary", "building_id": ""})
        assert answer.status_code == 422
    mine = office(app, "secretary", "secretary")
    assert cast.secretary.submit(f"{PEOPLE}/appointments/{mine.id}/end").status_code == 403
    admin = office(app, "admin", "admin")
    assert cast.admin.submit(f"/d/31/people/appointments/{admin.id}/end").status_code == 403
    assert cast.admin.submit("/d/31/people", {"office": "admin", "login": "admin"}).status_code == 422


def test_a_lead_has_a_building_and_nobody_else_has(app, cast):
    where = building(app)
    assert cast.secretary.submit(NEW, {"office": "lead", "login": "owner"}).status_code == 422
    assert (
        cast.secretary.submit(NEW, {"office": "clerk", "login": "owner", "building_id": where}).status_code
        == 422
    )
    lead = {"office": "lead", "login": "owner", "building_id": where}
    assert cast.secretary.submit(NEW, lead).status_code == 303
    assert str(office(app, "owner", "lead").building_id) == where
    assert cast.secretary.submit(NEW, lead).status_code == 422, "one holds an office once"


def test_an_office_lasts_from_its_first_day_to_its_last(app, cast):
    desk = f"/c/{HOME}/desk"
    later = {"office": "clerk", "login": "owner", "since": (today() + timedelta(days=3)).isoformat()}
    assert cast.secretary.submit(NEW, later).status_code == 303
    assert cast.owner.get(desk).status_code == 404
    with clock.at(clock.now() + timedelta(days=4)):
        assert cast.owner.get(desk).status_code == 200
    short = {"office": "clerk", "login": "elder", "until": today().isoformat()}
    assert cast.secretary.submit(NEW, short).status_code == 303
    assert cast.elder.get(desk).status_code == 200
    with clock.at(clock.now() + timedelta(days=2)):
        assert cast.elder.get(desk).status_code == 404
    for wrong in (
        {"until": "2020-01-01"},
        {"since": "2030-02-01", "until": "2030-01-01"},
        {"since": "never"},
    ):
        answer = cast.secretary.submit(NEW, {"office": "clerk", "login": "tenant", **wrong})
        assert answer.status_code == 422


def test_who_has_no_account_gets_one_and_a_link_that_works_once(app, cast):
    asked = {"office": "doctor", "login": "doctor-wang", "name": ""}
    assert cast.secretary.submit(NEW, asked).status_code == 422
    page = cast.secretary.submit(NEW, asked | {"name": "王医生", "once": "k1"})
    assert page.status_code == 200 and "王医生" in page.text
    link = re.search(r'value="http://127.0.0.1:8000(/password/[^"]+)"', page.text)[1]
    assert Browser(app, "visitor").get(link).status_code == 200
    assert office(app, "doctor-wang", "doctor")
    again = cast.secretary.submit(NEW, asked | {"name": "王医生", "once": "k1"})
    assert again.headers["location"] == PEOPLE, "R7: the same form sent twice is one account"


def test_a_lost_link_is_made_anew_but_only_until_a_password_is_set(app, cast):
    cast.secretary.submit(NEW, {"office": "doctor", "login": "doctor-wang", "name": "王医生"})
    waiting, settled = office(app, "doctor-wang", "doctor"), office(app, "doctor", "doctor")
    assert "/password/" in cast.secretary.submit(f"{PEOPLE}/appointments/{waiting.id}/link").text
    answer = cast.secretary.submit(f"{PEOPLE}/appointments/{settled.id}/link")
    assert answer.status_code == 403 and "/password/" not in answer.text
    mine = office(app, "street", "street")
    assert cast.secretary.submit(f"{PEOPLE}/appointments/{mine.id}/link").status_code == 404


def test_a_login_name_that_cannot_be_is_told_before_anything_is_made(app, cast):
    for login in ("13812341234", "a b", "x"):
        answer = cast.secretary.submit(NEW, {"office": "doctor", "login": login, "name": "谁"})
        assert answer.status_code == 422
    with app.state.database.reading() as session:
        assert session.exec(select(Account).where(Account.name == "谁")).first() is None


def test_a2_an_office_of_another_committee_is_out_of_reach(app, cast):
    theirs = office(app, "outsecretary", "secretary")
    assert cast.secretary.submit(f"{PEOPLE}/appointments/{theirs.id}/end").status_code == 404
    assert cast.outsecretary.submit(f"{PEOPLE}/appointments/{theirs.id}/end").status_code == 404
    assert cast.secretary.submit(f"{PEOPLE}/appointments/999999/end").status_code == 404


# Officers and secretaries -----------------------------------------------------------------------------


@pytest.mark.parametrize("login", sorted(set(LOGINS) - {"admin"}))
@pytest.mark.parametrize("code", ["31", DISTRICT, STREET])
def test_only_an_administrator_fills_the_offices_above(cast, login, code):
    away = 303 if login == "visitor" else 404
    browser = getattr(cast, login)
    assert browser.get(f"/d/{code}/people").status_code == away
    assert browser.submit(f"/d/{code}/people", {"office": "street", "login": "resident"}).status_code == away


def test_an_administrator_appoints_the_secretary_of_a_committee(app, cast):
    page = cast.admin.get(OFFICERS).text
    assert "宝月尚园居委会" in page and "书记林敏" in page and "四村书记" in page and "月浦镇干部" in page
    given = {"office": "secretary", "code": AWAY, "login": "resident"}
    assert cast.admin.submit(OFFICERS, given).status_code == 303
    assert cast.resident.get(f"/c/{AWAY}/desk").status_code == 200
    held = office(app, "resident", "secretary")
    assert cast.admin.submit(f"{OFFICERS}/appointments/{held.id}/end").status_code == 303
    assert cast.resident.get(f"/c/{AWAY}/desk").status_code == 404


def test_each_level_has_its_own_officers(app, cast):
    assert cast.admin.submit(OFFICERS, {"office": "street", "login": "owner"}).status_code == 303
    assert (
        cast.admin.submit(f"/d/{DISTRICT}/people", {"office": "district", "login": "owner"}).status_code
        == 303
    )
    assert cast.admin.submit("/d/31/people", {"office": "admin", "login": "owner"}).status_code == 303
    assert [office(app, "owner", name).code for name in ("street", "district", "admin")] == [
        STREET,
        DISTRICT,
        "31",
    ]
    for code, wrong in ((STREET, "district"), (DISTRICT, "street"), (STREET, "admin"), (STREET, "clerk")):
        assert cast.admin.submit(f"/d/{code}/people", {"office": wrong, "login": "elder"}).status_code == 422


def test_a_secretary_needs_a_committee_of_this_street(cast):
    for where in ("", DISTRICT, STREET, "310113105001"):
        answer = cast.admin.submit(OFFICERS, {"office": "secretary", "code": where, "login": "resident"})
        assert answer.status_code == 422, where
    assert (
        cast.admin.submit(OFFICERS, {"office": "street", "code": HOME, "login": "resident"}).status_code
        == 422
    )


@pytest.mark.parametrize("code", [HOME, "999999", "x", "9" * 40])
def test_a_place_without_officers_is_not_found(cast, code):
    assert cast.admin.get(f"/d/{code}/people").status_code == 404


def test_an_administrator_is_no_member_of_staff(cast):
    for address in ("people", "joins", "places", "settings", "join-poster"):
        assert cast.admin.get(f"/c/{HOME}/{address}").status_code == 404


def test_who_gets_or_loses_an_office_is_told(app, cast):
    cast.secretary.submit(NEW, {"office": "clerk", "login": "resident"})
    assert "居委社工" in cast.resident.get("/inbox").text
    cast.secretary.submit(f"{PEOPLE}/appointments/{office(app, 'resident', 'clerk').id}/end")
    assert "任职已结束" in cast.resident.get("/inbox").text
