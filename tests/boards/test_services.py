"""Services and desks: what is private stays so, what is published names nobody."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from tests.cast import HOME

from shequtong.boards.services.models import Service
from shequtong.core.communities.models import Appointment
from shequtong.lib import clock

SERVICES = f"/c/{HOME}/services"
MARKER = "暗号石榴"
QUESTION = {"kind": "question", "desk": "doctor", "title": f"血压高{MARKER}", "body": f"{MARKER}每天早上头晕"}
OFFER = {
    "kind": "offer",
    "desk": "doctor",
    "title": "免费量血压",
    "hours": "每周三上午",
    "place": "居委会一楼",
}
ANSWER = {"title": "早上头晕怎么办", "body": "先坐起来歇一会儿，连续三天请来门诊。"}
OTHERS = (
    "visitor",
    "neighbor",
    "lead",
    "elder",
    "outsider",
    "applicant",
    "property",
    "police",
    "lawyer",
    "street",
)


def posted(browser, fields, **more):
    answer = browser.submit(f"{SERVICES}/new", fields | more)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def take(browser, address, name, **fields):
    return browser.submit(f"{address}/transitions", {"name": name, **fields})


def walk(address, *steps):
    for browser, name, fields in steps:
        answer = take(browser, address, name, **fields)
        assert answer.status_code == 303, (name, answer.status_code)


def number(address):
    return int(address.rsplit("/", 1)[1])


def closed(cast, **consent):
    address = posted(cast.resident, QUESTION)
    walk(
        address,
        (cast.doctor, "take", {}),
        (cast.doctor, "answer", {"reason": f"{MARKER}请先量血压"}),
        (cast.resident, "ask_again", {"reason": "什么时候量？"}),
        (cast.doctor, "answer", {"reason": "早饭前"}),
        (cast.resident, "close", consent),
    )
    return address


def published(cast):
    """(the question, its published answer): written up by the doctor, looked over by a clerk, agreed to."""
    address = closed(cast, consent="1")
    walk(
        address,
        (cast.doctor, "draft", ANSWER),
        (cast.clerk, "approve", {}),
        (cast.resident, "agree", {}),
    )
    answer = re.search(rf'href="({SERVICES}/\d+)">[^\n]*已公开', cast.resident.get(address).text)
    return address, answer[1]


def booked(cast, browser=None):
    offer = posted(cast.doctor, OFFER)
    when = clock.local(clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    form = {
        "kind": "booking",
        "offer_id": str(number(offer)),
        "title": f"给妈妈量{MARKER}",
        "preferred": when,
    }
    return posted(browser or cast.resident, form)


def test_emergency_numbers_stand_first(cast):
    listed = cast.resident.get(SERVICES).text
    assert [listed.index(f"tel:{n}") for n in ("110", "119", "120", "12345")] == sorted(
        listed.index(f"tel:{n}") for n in ("110", "119", "120", "12345")
    )
    assert "tel:120" in cast.resident.get(f"{SERVICES}/new?kind=question").text


def test_a3_a_question_is_read_by_its_author_the_desk_and_the_committee(cast):
    address = posted(cast.resident, QUESTION)
    cast.resident.submit(f"{address}/comments", {"body": MARKER})
    for login in ("resident", "doctor", "clerk", "secretary"):
        assert MARKER in getattr(cast, login).get(address).text
    for login in OTHERS:
        browser = getattr(cast, login)
        for page in (address, SERVICES, f"{SERVICES}?kind=question", f"/c/{HOME}", f"{address}/history"):
            assert MARKER not in browser.get(page).text, (login, page)
        assert MARKER not in browser.get("/search", params={"q": MARKER[:2]}).text
        assert take(browser, address, "take").status_code == (303 if login == "visitor" else 404)


def test_the_desk_answers_until_its_author_has_enough(cast):
    address = closed(cast)
    shown = cast.resident.get(address).text
    assert "早饭前" in shown and "家庭医生刘" in shown
    assert take(cast.doctor, address, "draft", **ANSWER).status_code == 409


def test_the_author_neither_answers_nor_closes_for_the_desk(cast):
    address = posted(cast.resident, QUESTION)
    assert take(cast.resident, address, "take").status_code == 403
    take(cast.doctor, address, "take")
    assert take(cast.doctor, address, "answer").status_code == 422
    take(cast.doctor, address, "answer", reason="量血压")
    for login in ("doctor", "clerk"):
        assert take(getattr(cast, login), address, "close", consent="1").status_code == 403


def test_where_a_desk_has_nobody_the_committee_answers(cast, app):
    with app.state.database.writing() as session:
        lawyer = session.scalars(select(Appointment).filter_by(office="lawyer")).one()
        lawyer.until = date(2020, 12, 31)
    address = posted(cast.resident, QUESTION, desk="lawyer")
    assert cast.lawyer.get(address).status_code == 404
    assert MARKER in cast.clerk.get(f"/c/{HOME}/desk").text
    assert take(cast.clerk, address, "take").status_code == 303


def test_something_else_goes_to_the_committees_desk_and_a_manned_desk_does_not(cast):
    posted(cast.resident, QUESTION, desk="other", title="居住证去哪里办")
    posted(cast.resident, QUESTION, title="体检")
    desk = cast.clerk.get(f"/c/{HOME}/desk").text
    assert "居住证去哪里办" in desk and "体检" not in desk


def test_residents_ask_and_book_and_providers_offer(cast):
    for login in ("resident", "clerk", "lead", "owners", "party", "street", "applicant", "outsider"):
        assert getattr(cast, login).submit(f"{SERVICES}/new", OFFER).status_code == 403
    for login in ("doctor", "police", "lawyer", "property", "organisation"):
        assert getattr(cast, login).submit(f"{SERVICES}/new", OFFER).status_code == 303
        assert getattr(cast, login).submit(f"{SERVICES}/new", QUESTION).status_code == 403
    for login in ("resident", "doctor", "clerk"):
        forged = getattr(cast, login).submit(f"{SERVICES}/new", ANSWER | {"kind": "answer"})
        assert forged.status_code == 403


def test_an_offer_says_when_and_where_and_is_paused_and_ended(cast):
    address = posted(cast.doctor, OFFER, fee="")
    listed = cast.neighbor.get(SERVICES).text
    assert "每周三上午" in listed and "居委会一楼" in listed
    assert f"offer_id={number(address)}" in cast.neighbor.get(address).text
    assert "offer_id" not in cast.doctor.get(address).text
    assert take(cast.neighbor, address, "pause").status_code == 403
    walk(address, (cast.doctor, "pause", {"reason": "外出学习"}))
    assert f'value="{number(address)}"' not in cast.neighbor.get(f"{SERVICES}/new?kind=booking").text
    walk(address, (cast.doctor, "resume", {}), (cast.clerk, "end", {}))


def test_a_booking_is_between_the_two_and_the_committee(cast):
    address = booked(cast)
    for login in ("resident", "doctor", "clerk"):
        assert MARKER in getattr(cast, login).get(address).text
    for login in (name for name in OTHERS if name != "doctor"):
        for page in (address, SERVICES, f"{SERVICES}?kind=booking", f"/c/{HOME}"):
            assert MARKER not in getattr(cast, login).get(page).text, login


def test_a_booking_walks_from_booked_to_rated(cast, db):
    address = booked(cast)
    assert take(cast.resident, address, "check_in").status_code == 403
    walk(
        address,
        (cast.doctor, "queue", {"reason": "当天满了"}),
        (cast.doctor, "seat", {}),
        (cast.doctor, "check_in", {}),
        (cast.doctor, "finish", {}),
    )
    assert take(cast.doctor, address, "rate", rating="5").status_code == 403
    assert take(cast.resident, address, "rate", rating="4").status_code == 303
    assert db.get(Service, number(address)).rating == 4


def test_a_booking_is_called_off_or_missed_and_says_by_whom(cast):
    missed, off = booked(cast), booked(cast, cast.neighbor)
    assert take(cast.resident, off, "cancel").status_code == 404
    walk(missed, (cast.doctor, "report_no_show", {"reason": "等到十一点"}))
    walk(off, (cast.neighbor, "cancel", {}))
    assert "家庭医生刘" in cast.resident.get(missed).text and "等到十一点" in cast.resident.get(missed).text


def test_a6_who_has_left_office_has_nothing_in_hand(cast, app):
    address = booked(cast)
    assert cast.doctor.get(address).status_code == 200
    with app.state.database.writing() as session:
        session.scalars(select(Appointment).filter_by(office="doctor")).one().until = date(2020, 12, 31)
    assert cast.doctor.get(address).status_code == 404
    assert take(cast.doctor, address, "check_in").status_code == 404
    assert MARKER not in cast.doctor.get("/home").text


@pytest.mark.parametrize("offer", ["0", "999", "", "x"])
def test_only_what_is_on_offer_here_can_be_booked(cast, offer):
    form = {"kind": "booking", "offer_id": offer, "title": "量血压", "preferred": "2099-01-01T09:00"}
    assert cast.resident.submit(f"{SERVICES}/new", form).status_code == 422


def test_who_finds_nothing_to_book_is_told_so(cast):
    assert "现在没有可以预约的服务" in cast.resident.get(f"{SERVICES}/new?kind=booking").text
    posted(cast.doctor, OFFER)
    assert "现在没有可以预约的服务" not in cast.resident.get(f"{SERVICES}/new?kind=booking").text


def test_a_desk_is_told_of_its_question_and_a_provider_of_a_booking(cast):
    posted(cast.resident, QUESTION)
    assert MARKER in cast.doctor.get("/inbox").text
    assert MARKER not in cast.lawyer.get("/inbox").text
    provider = cast.organisation
    offer = posted(provider, OFFER, desk="other", title="磨剪刀")
    booking = {"kind": "booking", "offer_id": str(number(offer)), "preferred": "2099-01-01T09:00"}
    posted(cast.resident, booking, title="两把菜刀")
    assert "两把菜刀" in provider.get("/inbox").text
