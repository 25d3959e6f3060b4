"""From the poster at the gate to a request that waits: as a visitor, and as somebody with an account."""

import asyncio
import re
import time

import httpx2 as httpx
import pytest
from sqlalchemy import delete
from sqlmodel import func, select
from tests.cast import AWAY, HOME, STREET, Browser

from shequtong.core.communities.models import Building, Dwelling, Household, Membership
from shequtong.core.identity.models import Account
from shequtong.lib import passwords

JOIN = f"/join/{HOME}"


@pytest.fixture
def building(app):
    with app.state.database.reading() as session:
        return session.exec(select(Building.id).where(Building.code == HOME, Building.name == "3号楼")).one()


@pytest.fixture
def form(building):
    return {
        "login": "xiaozeng",
        "password": "三只猫爬上了梧桐树",
        "name": "小曾",
        "real_name": "曾小敏",
        "phone": "138 1234 1234",
        "building_id": str(building),
        "room": "302室",
        "kind": "tenant",
        "note": "上周刚搬来",
        "once": "a1b2c3",
    }


@pytest.fixture
def stranger(app):
    return lambda: Browser(app, "visitor")


def claims_of(app, login):
    with app.state.database.reading() as session:
        return session.exec(
            select(Membership)
            .join(Account, Account.id == Membership.account_id)
            .where(Account.login == login)
        ).all()


def account(app, login):
    with app.state.database.reading() as session:
        return session.exec(select(Account).where(Account.login == login)).first()


def test_a_visitor_registers_is_signed_in_and_waits(app, stranger, form):
    browser = stranger()
    answer = browser.submit(JOIN, form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/{HOME}"), answer.text
    assert "正在" in browser.get(f"/c/{HOME}").text
    [claim] = claims_of(app, "xiaozeng")
    assert (claim.state, claim.kind, claim.note) == ("applied", "tenant", "上周刚搬来")
    found = account(app, "xiaozeng")
    assert (found.name, found.real_name, found.phone) == ("小曾", "曾小敏", "+8613812341234")
    assert found.password.startswith("$argon2id$")


@pytest.mark.parametrize("code", [HOME, "J4029", "j4029", "J-40 29"])
def test_the_form_is_found_by_either_code(visitor, code):
    answer = visitor.get(f"/join/{code}")
    assert answer.status_code == 200 and "宝月尚园居委会" in answer.text
    assert 'name="login"' in answer.text and 'name="room"' in answer.text


@pytest.mark.parametrize("code", ["999999999999", "NOSUCH", "31", "310113", STREET, "x" * 300])
def test_no_committee_no_form(visitor, code):
    assert visitor.get(f"/join/{code}").status_code == 404


def test_each_protected_thing_says_why_it_is_asked(visitor):
    page = visitor.get(JOIN).text
    for name in ("real_name", "phone", "room"):
        assert f'aria-describedby="f-{name}-help"' in page
    assert page.count("加密") >= 3


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("login", "13812341234", "不要只用数字"),
        ("login", "a", "2"),
        ("password", "12345678", "很多人用这个密码"),
        ("password", "短", "8"),
        ("password", "xiaozeng1", "太像"),
        ("phone", "12345", "这不是电话号码"),
        ("room", "909", "登记"),
        ("building_id", "", "请"),
        ("building_id", "999999", "选"),
        ("kind", "", "请"),
        ("kind", "admin", "选"),
        ("real_name", "", "请"),
        ("name", "坏\u202e名", "方向"),
        ("note", "长" * 121, "120"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_nothing_typed_is_lost(
    app, stranger, form, field, value, words
):
    answer = stranger().submit(JOIN, form | {field: value})
    assert answer.status_code == 422
    error = re.search(rf'id="f-{field}-error">(.*?)</p>', answer.text, re.S)
    assert error and words in re.sub(r"<[^>]+>", "", error[1]), error and error[1]
    for name, typed in (form | {field: value}).items():
        if name in ("real_name", "phone", "login", "room") and name != field:
            assert f'value="{typed}"' in answer.text
    assert form["password"] not in answer.text
    assert account(app, form["login"]) is None


def test_all_mistakes_are_told_at_once(stranger, form):
    wrong = {"login": "13812341234", "password": "12345678", "phone": "123", "room": "909", "kind": ""}
    page = stranger().submit(JOIN, form | wrong).text
    for name in wrong:
        assert f'id="f-{name}-error"' in page


def test_a_building_of_another_committee_is_no_way_in(app, stranger, form):
    with app.state.database.reading() as session:
        other = session.exec(select(Building.id).where(Building.code == AWAY)).first()
    assert stranger().submit(JOIN, form | {"building_id": str(other), "room": "101"}).status_code == 422


def test_a4_extra_fields_have_no_effect(app, stranger, form):
    extra = {
        "state": "approved",
        "role": "secretary",
        "representative": "1",
        "account_id": "1",
        "co_owner": "1",
    }
    assert stranger().submit(JOIN, form | extra).status_code == 303
    [claim] = claims_of(app, "xiaozeng")
    assert (claim.state, claim.representative, claim.co_owner) == ("applied", False, False)


def test_a_taken_login_name_is_told(app, stranger, form):
    answer = stranger().submit(JOIN, form | {"login": "RESIDENT"})
    assert answer.status_code == 422 and 'id="f-login-error"' in answer.text


def test_s3_a_known_phone_number_is_answered_like_an_unknown_one(app, stranger, form):
    first = stranger().submit(JOIN, form)
    again = stranger().submit(JOIN, form | {"login": "another", "once": "x"})
    assert (first.status_code, first.headers["location"]) == (again.status_code, again.headers["location"])
    assert account(app, "another").phone_index == account(app, "xiaozeng").phone_index
    assert account(app, "another").id != account(app, "xiaozeng").id


def test_r7_the_same_form_sent_twice_is_one_account_and_one_claim(app, stranger, form):
    first, second = stranger().submit(JOIN, form), stranger().submit(JOIN, form)
    assert first.headers["location"] == second.headers["location"]
    assert len(claims_of(app, "xiaozeng")) == 1
    assert second.cookies.get("session")


def test_r7_the_same_form_sent_twice_at_once_is_one_account(app, form):
    async def four_times():
        transport = httpx.ASGITransport(app=app)
        headers = {"Origin": "http://127.0.0.1:8000"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", headers=headers
        ) as client:
            return await asyncio.gather(*(client.post(JOIN, data=form) for _n in range(4)))

    assert [answer.status_code for answer in asyncio.run(four_times())] == [303] * 4
    assert len(claims_of(app, "xiaozeng")) == 1


def test_another_form_with_a_taken_login_name_lets_nobody_in(app, stranger, form):
    stranger().submit(JOIN, form)
    for once in ("", "other"):
        answer = stranger().submit(JOIN, form | {"once": once})
        assert answer.status_code == 422 and not answer.cookies.get("session")


def test_too_many_tries_from_one_connection_are_asked_to_wait(stranger, form):
    browser = stranger()
    for _n in range(20):
        assert browser.submit(JOIN, form | {"room": "909"}).status_code == 422
    answer = browser.submit(JOIN, form)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    assert 'value="曾小敏"' in answer.text


def test_the_password_is_hashed_outside_the_write_transaction(app, stranger, form, monkeypatch):
    """While a slow hash is made, others write."""
    hash_soon = passwords.hash_soon
    wrote = []

    async def slow(password):
        def write():
            started = time.perf_counter()
            with app.state.database.writing() as session:
                session.get(Account, 1).about = "写得动"
            wrote.append(time.perf_counter() - started)

        await asyncio.to_thread(write)
        return await hash_soon(password)

    monkeypatch.setattr(passwords, "hash_soon", slow)
    assert stranger().submit(JOIN, form).status_code == 303
    assert wrote and wrote[0] < 1


def test_who_is_signed_in_is_asked_only_for_the_dwelling(app, cast, form, building):
    with app.state.database.writing() as session:
        known = session.exec(select(Account).where(Account.login == "outsider")).one()
        known.real_name, known.phone = "赵六", "+8613812340000"
    page = cast.outsider.get(JOIN).text
    assert 'name="room"' in page
    for name in ("login", "password", "real_name", "phone"):
        assert f'name="{name}"' not in page
    asked = {"building_id": str(building), "room": "302", "kind": "family"}
    assert cast.outsider.submit(JOIN, asked).status_code == 303
    assert cast.outsider.submit(JOIN, asked).status_code == 303
    claims = [claim for claim in claims_of(app, "outsider") if claim.code == HOME]
    assert [(claim.state, claim.kind) for claim in claims] == [("applied", "family")]


def test_an_account_made_without_name_and_phone_is_asked_for_them(app, cast, form, building):
    assert 'name="phone"' in cast.organisation.get(JOIN).text
    asked = {"building_id": str(building), "room": "302", "kind": "tenant"}
    assert cast.organisation.submit(JOIN, asked).status_code == 422
    told = asked | {"real_name": "何人", "phone": "13812340001"}
    assert cast.organisation.submit(JOIN, told).status_code == 303
    assert account(app, "organisation").phone == "+8613812340001"


def test_s10_a_signed_in_claim_needs_the_sessions_token(cast, building):
    asked = {"building_id": str(building), "room": "302", "kind": "tenant"}
    assert cast.outsider.post(JOIN, data=asked).status_code == 403


def test_a_second_owner_is_not_told_that_there_is_a_first(app, stranger, form):
    """Whether a flat is owned by somebody here is nobody's business but the committee's."""
    mine = stranger()
    answer = mine.submit(JOIN, form | {"room": "301", "kind": "owner"})
    assert answer.status_code == 303
    assert claims_of(app, "xiaozeng")[0].state == "conflict"
    for address in (f"/c/{HOME}", "/me/household"):
        assert "王阿婆" not in mine.get(address).text and "冲突" not in mine.get(address).text


def test_a_committee_without_buildings_says_what_to_do(app, visitor):
    with app.state.database.writing() as session:
        here = select(Dwelling.id).where(Dwelling.code == AWAY)
        session.execute(delete(Membership).where(Membership.code == AWAY))
        session.execute(delete(Household).where(Household.dwelling_id.in_(here)))
        session.execute(delete(Dwelling).where(Dwelling.code == AWAY))
        session.execute(delete(Building).where(Building.code == AWAY))
    page = visitor.get(f"/join/{AWAY}").text
    assert 'name="room"' not in page and "还没有开通" in page


# Finding ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["尚园", "宝月", "月浦 尚园", "宝山 月浦 宝月"])
def test_a_committee_is_found_by_words_of_its_name_and_street(visitor, words):
    page = visitor.get("/register", params={"q": words}).text
    assert f'href="/join/{HOME}"' in page


def test_a_code_leads_straight_to_the_form(visitor):
    for code in (HOME, "j4029"):
        answer = visitor.get("/register", params={"q": code})
        assert answer.status_code == 303 and answer.headers["location"] == "/join/J4029"


@pytest.mark.parametrize("words", ["没有这个", "%", "_", "' OR 1=1 --", "\\", "a" * 500])
def test_what_is_not_found_says_so(visitor, words):
    answer = visitor.get("/register", params={"q": words})
    assert (
        answer.status_code == 200
        and f'href="/join/{HOME}"' not in answer.text.split('id="found"')[1].split("section")[0]
    )


def test_one_goes_from_street_to_committee(visitor):
    page = visitor.get("/register").text
    assert "宝月尚园居委会" in page, "with one street only, its committees are shown at once"
    assert f"/join/{HOME}" in visitor.get("/join", params={"within": STREET}).text


@pytest.mark.parametrize("within", ["x", "9" * 30, "999999", HOME, "31011310\x00"])
def test_a_place_that_is_none_breaks_nothing(visitor, within):
    assert visitor.get("/register", params={"within": within}).status_code in (200, 400)


# The poster -------------------------------------------------------------------------------------------


def test_the_poster_has_the_code_to_scan_and_to_type(cast):
    page = cast.clerk.get(f"/c/{HOME}/join-poster").text
    assert "data:image/svg+xml" in page and "J4029" in page and "http://127.0.0.1:8000/join/J4029" in page


@pytest.mark.parametrize(
    "login", ["resident", "lead", "applicant", "outsecretary", "street", "admin", "property"]
)
def test_the_poster_is_for_staff(cast, login):
    assert getattr(cast, login).get(f"/c/{HOME}/join-poster").status_code == 404


def test_a_visitor_who_wants_the_poster_signs_in_first(visitor):
    assert visitor.get(f"/c/{HOME}/join-poster").status_code == 303


def test_nobody_was_made_on_the_way(app, visitor):
    with app.state.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Account))
    visitor.get(JOIN)
    with app.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == before
