"""Another phone number: for who types the password, told to nobody, and taken from nobody."""

import pytest
from tests.cast import PASSWORD

from shequtong.core.identity.models import Account

NUMBER = "13812341234"


def change(browser, phone=NUMBER, current=PASSWORD):
    return browser.submit("/me/phone", {"phone": phone, "current": current})


def phone_of(app, browser):
    with app.state.database.reading() as session:
        return session.get_one(Account, browser.id).phone


def sign_in(visitor, login):
    sent = {"login": login, "password": PASSWORD}
    visitor.post("/login", data=sent, headers={"Origin": "http://127.0.0.1:8000"})
    return visitor.get("/me").text


def test_i_change_my_phone_number_and_sign_in_with_it(app, cast, visitor):
    answer = change(cast.resident, "138 1234 1234")
    assert answer.headers["location"] == "/me?done=phone"
    assert "手机号已更改" in cast.resident.get("/me?done=phone").text
    assert "138****1234" in cast.resident.get("/me/phone").text
    assert phone_of(app, cast.resident) == "+8613812341234"
    assert "小陈" in sign_in(visitor, NUMBER)


@pytest.mark.parametrize(
    ("phone", "current", "words"),
    [
        ("12", PASSWORD, "手机号"),
        ("12345678", PASSWORD, "手机号"),
        (NUMBER, "wrong", "密码"),
        (NUMBER, "", "f-current"),
    ],
)
def test_without_a_number_or_the_password_nothing_changes_and_the_number_stays_typed(
    app, cast, phone, current, words
):
    answer = change(cast.resident, phone, current)
    assert answer.status_code == 422 and words in answer.text
    assert f'value="{phone}"' in answer.text
    assert phone_of(app, cast.resident) is None


def test_nobody_else_changes_it(app, cast):
    assert cast.visitor.get("/me/phone").headers["location"] == "/login?next=/me/phone"
    assert change(cast.visitor).headers["location"].startswith("/login")
    assert cast.resident.post("/me/phone", data={"phone": NUMBER, "current": PASSWORD}).status_code == 403
    cast.neighbor.submit("/me/phone", {"phone": NUMBER, "current": PASSWORD, "account_id": cast.resident.id})
    assert phone_of(app, cast.resident) is None


def test_s3_a_number_that_somebody_has_is_answered_like_any_other_and_stays_theirs(app, cast, visitor):
    assert cast.resident.id < cast.tenant.id
    taken, free = change(cast.tenant), change(cast.owner, "13912341234")
    assert (taken.status_code, taken.headers["location"]) == (free.status_code, free.headers["location"])
    assert change(cast.resident).status_code == 303
    assert "小李" in sign_in(visitor, NUMBER)


def test_s4_guessing_the_password_here_is_slow_too(cast):
    assert [change(cast.resident, current="wrong").status_code for _try in range(10)] == [422] * 10
    assert change(cast.resident).status_code == 429
