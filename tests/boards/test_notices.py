"""Notices: two pairs of eyes, one household one confirmation, objections answered before it is final."""

from datetime import timedelta

import pytest
from tests.cast import HOME

from shequtong.lib import clock

NOTICES = f"/c/{HOME}/notices"
WATER = {"title": "周三停水", "kind": "info", "body": "上午九点到十一点停水"}


def written(browser, **changes):
    answer = browser.submit(f"{NOTICES}/new", WATER | changes)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def in_days(days):
    return (clock.today() + timedelta(days=days)).isoformat()


def test_what_staff_publish_is_read_by_everybody_at_once(cast):
    address = written(cast.clerk)
    assert "停水" in cast.visitor.get(address).text
    assert "停水" in cast.visitor.get(NOTICES).text


@pytest.mark.parametrize("login", ["property", "owners", "lead"])
def test_what_others_write_waits_for_a_second_look(cast, login):
    browser = getattr(cast, login)
    address = written(browser)
    for reader in (cast.resident, cast.visitor, cast.neighbor):
        assert reader.get(address).status_code in (303, 404)
    assert browser.take(address, "publish").status_code == 403
    assert cast.clerk.take(address, "send_back", reason="请写明哪几栋楼").status_code == 303
    assert "请写明哪几栋楼" in browser.get(address).text
    assert cast.clerk.take(address, "publish").status_code == 409
    assert browser.take(address, "submit").status_code == 303
    assert cast.secretary.take(address, "publish").status_code == 303
    assert "停水" in cast.resident.get(address).text


def test_sending_back_needs_a_reason(cast):
    address = written(cast.property)
    assert cast.clerk.take(address, "send_back", reason="").status_code == 422


@pytest.mark.parametrize(
    "login", ["resident", "organisation", "police", "street", "outsecretary", "applicant"]
)
def test_others_do_not_write_notices(cast, login):
    assert getattr(cast, login).get(f"{NOTICES}/new").status_code == 403
    assert getattr(cast, login).submit(f"{NOTICES}/new", WATER).status_code == 403


def test_a_building_lead_reaches_their_own_building_only(cast):
    assert 'name="building_id"' not in cast.lead.get(f"{NOTICES}/new").text
    address = written(cast.lead, building_id="")
    cast.clerk.take(address, "publish")
    for login in ("resident", "neighbor", "clerk"):
        assert getattr(cast, login).get(address).status_code == 200
    for login in ("owner", "elder", "outsider", "street", "property"):
        assert getattr(cast, login).get(address).status_code == 404
        assert "周三停水" not in getattr(cast, login).get(NOTICES).text


@pytest.mark.parametrize(
    ("login", "kind", "status"),
    [
        ("property", "emergency", 303),
        ("owners", "emergency", 422),
        ("owners", "public_notice", 303),
        ("property", "public_notice", 422),
    ],
)
def test_grave_kinds_are_for_those_who_answer_for_them(cast, login, kind, status):
    form = WATER | {"kind": kind, "until": in_days(7)}
    assert getattr(cast, login).submit(f"{NOTICES}/new", form).status_code == status


def test_one_household_confirms_once(cast):
    assert cast.clerk.submit(f"{NOTICES}/new", WATER | {"kind": "must_read"}).status_code == 422
    address = written(cast.clerk, kind="must_read", until=in_days(3))
    for browser in (cast.resident, cast.resident, cast.neighbor):
        assert browser.take(address, "confirm").status_code == 303
    assert "2 / 7" in cast.owner.get(address).text  # of the seven dwellings of the committee
    assert cast.resident.submit(f"{address}/transitions", {"name": "confirm", "undo": "1"}).status_code == 409
    assert cast.clerk.take(address, "confirm").status_code == 403
    assert cast.clerk.take(address, "close").status_code == 303
    assert cast.owner.take(address, "confirm").status_code == 409


def test_a_published_notice_of_a_building_lead_is_changed_by_nobody_alone(cast):
    address = written(cast.lead)
    cast.clerk.take(address, "publish")
    assert cast.lead.get(f"{address}/edit").status_code == 403
    assert cast.clerk.get(f"{address}/edit").status_code == 403
    assert cast.lead.submit(f"{address}/delete").status_code == 403


def test_a_poster_says_what_the_notice_says_and_leads_to_it(cast):
    address = written(cast.clerk)
    poster = cast.resident.get(f"{address}/poster")
    assert poster.status_code == 200
    assert "周三停水" in poster.text and "data:image/svg+xml" in poster.text and address in poster.text
    assert cast.resident.get(f"/c/{HOME}/talk/1/poster").status_code == 404


def test_a_poster_of_a_draft_is_for_nobody_else(cast):
    address = written(cast.property, draft="1")
    assert cast.resident.get(f"{address}/poster").status_code == 404
