"""One's own pages: name, devices, password, the record of looks. Each is tried with the wrong person too."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.cast import HOME, PASSWORD, Browser

from shequtong.core.identity import looking, resetting, signing_in
from shequtong.core.identity.models import Account, SignIn
from shequtong.lib import clock, crypto

NEW = "seven-crabs-on-a-balcony"
OWN = ("/me", "/me/access-log", "/me/password", "/me/export", "/me/export.zip", "/me/erase", "/c")


def account_id(app, login):
    with app.state.database.reading() as session:
        return session.scalar(select(Account.id).where(Account.login == login))


def link_for(app, login):
    with app.state.database.writing() as session:
        return resetting.make_link(session, session.scalar(select(Account.id).where(Account.login == login)))


@pytest.mark.parametrize("path", OWN)
def test_a_visitor_is_asked_to_sign_in_and_comes_back(cast, path):
    answer = cast.visitor.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={path}")


@pytest.mark.parametrize("path", ["/me", "/me/password", "/me/erase", "/me/devices/end"])
def test_a_visitor_changes_nothing(cast, path):
    assert cast.visitor.submit(path).status_code == 303
    assert cast.visitor.submit(path).headers["location"].startswith("/login")


def test_everybody_of_the_town_can_open_their_own_pages(cast):
    for login, browser in cast.everyone().items():
        if login != "visitor":
            for path in OWN[:-1]:
                answer = browser.get(path)
                assert answer.status_code == 200, (login, path)
                assert answer.headers["cache-control"] == "no-store"


def test_my_page_says_where_i_belong_and_what_i_am_there(cast):
    assert "宝月尚园居委会" in cast.lead.get("/me").text
    for words in ("1号楼 · 业主", "楼组长"):
        assert words in cast.lead.get("/me").text
    assert "申请正在审核" in cast.applicant.get("/me").text
    assert "街镇干部" in cast.street.get("/me").text or "月浦镇" in cast.street.get("/me").text


def test_i_change_my_name_and_neighbours_see_it(cast):
    answer = cast.resident.submit("/me", {"name": "陈家小陈", "about": "种花"})
    assert answer.status_code == 303
    page = cast.resident.get(answer.headers["location"]).text
    assert "陈家小陈" in page and "种花" in page and "已保存" in page


def test_a4_nothing_else_of_my_account_can_be_changed_that_way(cast, app):
    cast.resident.submit(
        "/me", {"name": "小陈", "login": "admin2", "id": "1", "disabled_at": "x", "phone": "1"}
    )
    with app.state.database.reading() as session:
        mine = session.get(Account, cast.resident.id)
        assert (mine.login, mine.phone, mine.disabled_at) == ("resident", None, None)


@pytest.mark.parametrize("name", ["", " ", "x" * 17, "小\u202e陈", "a\x00"])
def test_a_name_that_cannot_be_is_shown_again(cast, name):
    answer = cast.resident.submit("/me", {"name": name, "about": "keep this"})
    assert answer.status_code == 422
    assert "keep this" in answer.text and 'href="#f-name"' in answer.text


def test_s9_i_see_where_i_am_signed_in_and_end_one_of_them(cast, app):
    other = Browser(app, "resident")
    page = cast.resident.get("/me").text
    devices = re.findall(r'name="device" value="(\w+)"', page)
    assert len(devices) == 1 and "本机" in page
    cast.resident.submit("/me/devices/end", {"device": devices[0]})
    assert other.get("/me").status_code == 303
    assert cast.resident.get("/me").status_code == 200


def test_s9_i_end_all_others_and_stay(cast, app):
    others = [Browser(app, "resident") for _ in range(2)]
    cast.resident.submit("/me/devices/end")
    assert [other.get("/me").status_code for other in others] == [303, 303]
    assert cast.resident.get("/me").status_code == 200


def test_a2_nobody_ends_the_session_of_somebody_else(cast, app):
    cast.resident.get("/me")
    with app.state.database.reading() as session:
        theirs = session.scalar(select(SignIn.digest).where(SignIn.account_id == cast.resident.id))
    for stranger in (cast.neighbor, cast.admin, cast.secretary):
        assert stranger.submit("/me/devices/end", {"device": theirs}).status_code == 303
    assert cast.resident.get("/me").status_code == 200


def test_s6_a_new_password_ends_all_other_sessions(cast, app):
    other = Browser(app, "resident")
    fields = {"current": PASSWORD, "password": NEW, "again": NEW}
    assert cast.resident.submit("/me/password", fields).status_code == 303
    assert cast.resident.get("/me").status_code == 200
    assert other.get("/me").status_code == 303
    visitor = Browser(app, "visitor")
    for password, status in ((PASSWORD, 422), (NEW, 303)):
        assert visitor.post("/login", data={"login": "resident", "password": password}).status_code == status


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"current": "wrong", "password": NEW, "again": NEW}, "current"),
        ({"current": PASSWORD, "password": NEW, "again": NEW + "x"}, "again"),
        ({"current": PASSWORD, "password": "short", "again": "short"}, "password"),
        ({"current": PASSWORD, "password": "resident1", "again": "resident1"}, "password"),
        ({"current": PASSWORD, "password": "12345678", "again": "12345678"}, "password"),
    ],
)
def test_s2_a_password_that_will_not_do_is_refused_at_its_field(cast, fields, wrong):
    answer = cast.resident.submit("/me/password", fields)
    assert answer.status_code == 422
    assert f'href="#f-{wrong}"' in answer.text
    assert NEW not in answer.text and PASSWORD not in answer.text


def test_s4_whoever_sits_at_my_browser_cannot_try_out_my_password(cast):
    fields = {"current": "wrong", "password": NEW, "again": NEW}
    answers = [cast.resident.submit("/me/password", fields) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_p2_i_read_who_looked_at_my_data_and_why(cast, app):
    me, neighbor, clerk = cast.resident.id, cast.neighbor.id, cast.clerk.id
    with app.state.database.writing() as session:
        looking.look(session, me, clerk, ["phone", "room"], "上门核对漏水")
        looking.look(session, neighbor, clerk, ["phone"], "别人的事")
    page = cast.resident.get("/me/access-log").text
    for words in ("社工小沈", "手机号、室号", "上门核对漏水"):
        assert words in page
    assert "别人的事" not in page


def test_p2_a_long_record_goes_on_on_the_next_page(cast, app):
    me, clerk = cast.resident.id, cast.clerk.id
    with app.state.database.writing() as session:
        for number in range(60):
            looking.look(session, me, clerk, ["phone"], f"第{number}次。")
    first = cast.resident.get("/me/access-log").text
    following = re.search(r'href="(/me/access-log\?before=\d+)"', first)
    assert following and "第59次。" in first and "第9次。" not in first
    assert "第9次。" in cast.resident.get(following[1]).text


def test_s5_a_link_sets_a_password_once(app):
    path = link_for(app, "elder")
    browser, late = Browser(app, "visitor"), Browser(app, "visitor")
    before = Browser(app, "elder")
    assert "王阿婆" in browser.get(path).text
    assert browser.get(path).status_code == 200, "looking at it does not use it up"
    answer = browser.post(path, data={"password": NEW, "again": NEW})
    assert answer.status_code == 303 and browser.get("/me").status_code == 200
    assert before.get("/me").status_code == 303, "S6: other sessions have ended"
    assert (
        late.get(path).status_code == late.post(path, data={"password": NEW, "again": NEW}).status_code == 404
    )


def test_s5_a_link_is_over_after_a_day_and_when_there_is_a_newer_one(app):
    visitor = Browser(app, "visitor")
    with clock.at(clock.now()):
        first, second = link_for(app, "elder"), link_for(app, "elder")
        assert visitor.get(first).status_code == 404
        assert visitor.get(second).status_code == 200
        clock.advance(timedelta(hours=24, seconds=1))
        assert visitor.get(second).status_code == 404
    assert timedelta(hours=24) >= resetting.LIFETIME


def test_s5_a_link_is_kept_as_a_digest_and_a_made_up_one_looks_like_a_used_one(app):
    path = link_for(app, "elder")
    token = path.removeprefix("/password/")
    assert len(token) >= 43
    with app.state.database.reading() as session:
        assert session.get(resetting.OneTimeLink, token) is None
        assert session.get(resetting.OneTimeLink, crypto.digest(token)) is not None
    visitor = Browser(app, "visitor")
    made_up = visitor.get("/password/" + "x" * 43)
    visitor.post(path, data={"password": NEW, "again": NEW})
    used = Browser(app, "visitor").get(path)
    assert made_up.status_code == used.status_code == 404
    assert made_up.text.replace("x" * 43, "") == used.text.replace(token, "")


def test_s2_a_weak_password_does_not_use_the_link_up(app):
    path = link_for(app, "elder")
    visitor = Browser(app, "visitor")
    assert visitor.post(path, data={"password": "12345678", "again": "12345678"}).status_code == 422
    assert visitor.post(path, data={"password": NEW, "again": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "mark"),
    [
        ("theme", "dark", 'data-theme="dark"'),
        ("text", "elder", 'data-text="elder"'),
        ("locale", "en", '<html lang="en"'),
    ],
)
def test_what_i_choose_stays_with_me_on_every_device(cast, app, field, value, mark):
    answer = cast.resident.submit("/prefs", {field: value, "next": f"/c/{HOME}"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/{HOME}")
    assert mark in Browser(app, "resident").get("/me").text
    assert mark not in cast.neighbor.get("/me").text


def test_a_visitor_chooses_too_and_nonsense_is_not_kept(app):
    visitor = Browser(app, "visitor")
    answer = visitor.post("/prefs", data={"theme": "contrast", "text": "<script>", "locale": "tlh"})
    assert answer.headers.get_list("set-cookie")[0].startswith("theme=contrast")
    assert len(answer.headers.get_list("set-cookie")) == 1
    assert 'data-theme="contrast"' in visitor.get("/login").text
    visitor.cookies.clear()
    visitor.cookies.set("theme", '"><b>')
    assert 'data-theme="auto"' in visitor.get("/login").text


def test_the_front_page_greets_visitors_and_sends_others_home(cast):
    page = cast.visitor.get("/").text
    assert 'action="/login"' in page and 'action="/join"' in page
    assert cast.resident.get("/").headers["location"] == "/home"
    assert cast.resident.get("/c").headers["location"] == f"/c/{HOME}"
    assert cast.clerk.get("/c").headers["location"] == f"/c/{HOME}"


def test_an_officer_goes_down_the_tree_and_no_further_than_their_own(cast):
    assert f'href="/c/{HOME}"' in cast.street.get("/c").text
    district = cast.district.get("/c").text
    assert 'href="/c?within=310113104"' in district
    assert f'href="/c/{HOME}"' in cast.district.get("/c?within=310113104").text
    assert cast.street.get("/c?within=310113").status_code == 404
    assert cast.resident.get("/c?within=310113104").status_code == 404


def test_an_administrator_begins_at_the_city(cast):
    assert 'href="/c?within=310113"' in cast.admin.get("/c").text
    assert f'href="/c/{HOME}"' in cast.admin.get("/c?within=310113104").text


def test_my_community_is_one_step_away_from_my_own_pages(cast):
    page = cast.resident.get("/me").text
    assert f'href="/c/{HOME}"' in page and f'href="/c/{HOME}/new"' in page
    assert 'href="/c/310113104"' in cast.street.get("/me").text


def test_every_door_of_my_page_opens(cast):
    for path in set(re.findall(r'href="(/(?:me|c|d|u)/?[^"#]*)"', cast.resident.get("/me").text)):
        assert cast.resident.get(path).status_code == 200, path


def test_somebody_who_belongs_nowhere_is_shown_the_way(cast, app):
    with app.state.database.writing() as session:
        nobody = Account(login="newcomer", name="新来的", password="", created_at=clock.now())
        session.add(nobody)
        session.flush()
        token = signing_in.open_session(session, nobody.id)
    browser = Browser(app, "visitor")
    browser.cookies.set("session", token)
    assert 'href="/join"' in browser.get("/c").text
