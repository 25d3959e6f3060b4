"""An administrator helps staff back in who lost their password: with a reason, and they read of it."""

import re

import pytest
from sqlmodel import select
from tests.cast import AWAY, DISTRICT, HOME, STREET, Browser

from shequtong.core.communities.models import Appointment
from shequtong.core.identity.models import Account, Look
from shequtong.lib import clock

LINK = "/d/31/people/password-link"
REASON = "打电话到办公室核实过"


def ask(browser, login, reason=REASON, address=LINK):
    return browser.submit(address, {"login": login, "reason": reason})


def link_in(page):
    found = re.search(r'value="http://127.0.0.1:8000(/password/[^"]+)"', page.text)
    return found and found[1]


@pytest.mark.parametrize("login", ["clerk", "secretary", "police", "street", "district", "outsecretary"])
def test_staff_get_a_link_that_works_once_and_ends_their_sessions(app, cast, login):
    theirs = getattr(cast, login)
    assert "重设密码" in cast.admin.get("/d/31/people").text
    link = link_in(ask(cast.admin, login))
    somebody = Browser(app, "visitor")
    assert somebody.get(link).status_code == 200
    new = {"password": "seven-crabs-on-a-balcony", "again": "seven-crabs-on-a-balcony"}
    assert somebody.submit(link, new).status_code == 303
    assert Browser(app, "visitor").get(link).status_code == 404
    assert theirs.get("/me").status_code == 303


def test_they_read_who_made_it_and_why(app, cast):
    ask(cast.admin, "clerk")
    log = cast.clerk.get("/me/access-log").text
    assert REASON in log and "管理员" in log
    with app.state.database.reading() as session:
        [look] = session.exec(select(Look)).all()
        assert (look.account_id, look.by_id, look.what) == (cast.clerk.id, cast.admin.id, "password_link")


def test_without_a_reason_there_is_no_link(app, cast):
    page = ask(cast.admin, "clerk", reason="")
    assert page.status_code == 422 and link_in(page) is None and 'value="clerk"' in page.text


@pytest.mark.parametrize("login", ["resident", "applicant", "admin", "nobody-at-all"])
def test_residents_administrators_and_nobody_are_answered_alike(app, cast, login):
    page = ask(cast.admin, login)
    assert page.status_code == 422 and link_in(page) is None
    assert "没有" in page.text
    with app.state.database.reading() as session:
        assert session.exec(select(Look)).all() == []


@pytest.mark.parametrize("login", ["clerk", "secretary", "street", "district", "resident", "lead", "police"])
def test_nobody_but_an_administrator_makes_such_a_link(cast, login):
    browser = getattr(cast, login)
    for address in (LINK, f"/d/{DISTRICT}/people/password-link", f"/d/{STREET}/people/password-link"):
        assert browser.get(address).status_code == 404
        page = ask(browser, "clerk2", address=address)
        assert page.status_code == 404 and link_in(page) is None


def test_a_visitor_is_asked_to_sign_in(cast):
    assert cast.visitor.get(LINK).headers["location"].startswith("/login")
    assert ask(cast.visitor, "clerk").headers["location"].startswith("/login")


def test_an_administrator_of_one_street_helps_nobody_who_serves_elsewhere_too(app, cast):
    with app.state.database.writing() as session:
        office = session.exec(select(Appointment).where(Appointment.account_id == cast.admin.id)).one()
        office.code = STREET
        someone = session.exec(select(Account).where(Account.login == "clerk2")).one()
        today = clock.local(clock.now()).date()
        session.add(Appointment(account_id=someone.id, office="doctor", code=DISTRICT, since=today))
    address = f"/d/{STREET}/people/password-link"
    assert link_in(ask(cast.admin, "clerk", address=address))
    assert link_in(ask(cast.admin, "clerk2", address=address)) is None
    assert link_in(ask(cast.admin, "district", address=address)) is None
    assert cast.admin.get(LINK).status_code == 404
    assert HOME.startswith(STREET) and AWAY.startswith(STREET)
