"""P4: one's own data taken along, and forgotten by rules that are written on the page."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from sqlalchemy import func, select, update
from tests.cast import HOME, PASSWORD, Browser, number_of

from shequtong.core.communities.models import Appointment, Division, Membership
from shequtong.core.follows.models import Follow, Mute
from shequtong.core.identity import exporting, looking
from shequtong.core.identity.models import Account, SignIn
from shequtong.core.identity.registering import tell
from shequtong.core.posts.models import Post
from shequtong.lib import clock
from shequtong.lib.db import Table

PHONE, REAL = "+8613812345678", "陈真名"


@pytest.fixture
def known(app):
    """The resident has told a phone and a real name."""
    with app.state.database.writing() as session:
        tell(session.scalar(select(Account).where(Account.login == "resident")), REAL, PHONE)


def archive(browser):
    answer = browser.get("/me/export.zip")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith('attachment; filename="shequtong-')
    assert answer.headers["cache-control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def write(browser, title):
    return number_of(browser.submit(f"/c/{HOME}/talk/new", {"title": title, "body": "……"}))


def close(browser, **fields):
    return browser.submit("/me/erase", {"password": PASSWORD, "sure": "1", **fields})


def test_p4_everything_of_mine_is_in_the_file_and_nothing_of_others(cast, app, known):
    mine, theirs = write(cast.resident, "我的帖子标题"), write(cast.neighbor, "别人的帖子标题")
    cast.resident.submit(f"/c/{HOME}/talk/{theirs}/comments", {"body": "我的评论内容"})
    cast.neighbor.submit(f"/c/{HOME}/talk/{mine}/comments", {"body": "别人的评论内容"})
    me, clerk = cast.resident.id, cast.clerk.id
    with app.state.database.writing() as session:
        looking.look(session, me, clerk, ["phone"], "看一下我的手机")
    file = archive(cast.resident)
    data = file.read("data.json").decode()
    page = file.read("index.html").decode()
    for words in ("我的帖子标题", "我的评论内容", "看一下我的手机", PHONE, REAL, "101"):
        assert words in data and words in page, words
    for words in ("别人的帖子标题", "别人的评论内容", "argon2", "digest"):
        assert words not in data and words not in page, words
    tables = json.loads(data)
    assert [post["id"] for post in tables["post"]] == [mine]
    assert not any(name.endswith("author_id") for post in tables["post"] for name in post)


def test_p4_staff_take_along_nothing_about_those_they_looked_after(cast, app, known):
    me, clerk = cast.resident.id, cast.clerk.id
    with app.state.database.writing() as session:
        looking.look(session, me, clerk, ["phone"], "居民的私事")
        session.execute(
            update(Membership)
            .where(Membership.account_id == me)
            .values(note="居民写的话", decided_by_id=clerk)
        )
        claim = session.scalar(select(Membership.id).where(Membership.state == "applied"))
    refusal = {"name": "refuse", "reason": "申请人的私事"}
    assert cast.clerk.submit(f"/c/{HOME}/joins/{claim}/decisions", refusal).status_code == 303
    data = archive(cast.clerk).read("data.json").decode()
    assert "申请人的私事" not in data
    assert "申请人的私事" in archive(cast.applicant).read("data.json").decode()
    assert "居民的私事" not in data and "居民写的话" not in data and PHONE not in data


def test_p4_what_somebody_made_is_theirs_only_in_tables_that_are_named(app):
    """A new table whose rows somebody writes in an office does not leave with them."""
    made = {
        name: table
        for name, table in Table.metadata.tables.items()
        if "by_id" in table.c and not {"account_id", "author_id"} & set(table.c.keys())
    }
    assert set(made) >= exporting.OWN_ACTS
    assert {name for name, table in made.items() if exporting._owner(table) is not None} == exporting.OWN_ACTS
    assert {"home_visit", "membership_transition", "ballot_paper"} <= set(made) - exporting.OWN_ACTS


def test_p4_the_file_is_not_made_over_and_over(cast):
    answers = [cast.resident.get("/me/export.zip").status_code for _ in range(7)]
    assert answers == [200] * 6 + [429]


def test_p4_a_closed_account_leaves_words_without_a_name(cast, app, known):
    number = write(cast.resident, "会留下的话")
    cot = {"title": "没写完的话", "kind": "give", "category": "baby", "body": "", "draft": "1"}
    draft = number_of(cast.resident.submit(f"/c/{HOME}/goods/new", cot))
    other = Browser(app, "resident")
    assert close(cast.resident).headers["location"] == "/"
    assert cast.resident.get("/me").status_code == other.get("/me").status_code == 303
    with app.state.database.reading() as session:
        gone = session.get(Account, cast.resident.id)
        told = (gone.login, gone.password, gone.phone, gone.phone_index, gone.real_name, gone.about)
        assert told == (f"~{gone.id}", "", None, None, None, "")
        assert gone.disabled_at is not None
        assert not session.scalar(
            select(func.count()).select_from(SignIn).where(SignIn.account_id == gone.id)
        )
        assert session.get(Post, draft).title == ""
    page = cast.neighbor.get(f"/c/{HOME}/talk/{number}").text
    assert "会留下的话" in page and "一位老邻居" in page and "小陈" not in page
    for login in ("resident", "~1", PHONE):
        answer = Browser(app, "visitor").post("/login", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 422


def test_p4_homes_and_follows_are_given_back(cast, app):
    me, neighbor = cast.resident.id, cast.neighbor.id
    with app.state.database.writing() as session:
        before = session.get(Division, HOME).residents
        session.add(Follow(account_id=me, kind="board", target=f"{HOME}/talk", at=clock.now()))
        session.add(Follow(account_id=neighbor, kind="person", target=str(me), at=clock.now()))
        session.add(Mute(account_id=neighbor, other_id=me, at=clock.now()))
    close(cast.resident)
    with app.state.database.reading() as session:
        states = session.scalars(
            select(Membership.state).where(Membership.account_id == cast.resident.id)
        ).all()
        assert set(states) == {"left"}
        assert session.scalar(select(func.count()).select_from(Follow)) == 0
        assert session.scalar(select(func.count()).select_from(Mute)) == 0
        assert session.get(Division, HOME).residents != before or before == 0


def test_p4_the_only_secretary_hands_over_first(cast, app):
    page = cast.secretary.get("/me/erase").text
    assert "您是宝月尚园居委会唯一的居委书记" in page and 'name="password"' not in page
    assert close(cast.secretary).status_code == 409
    assert cast.secretary.get("/me").status_code == 200
    clerk = cast.clerk.id
    with app.state.database.writing() as session:
        session.add(
            Appointment(
                account_id=clerk, office="secretary", code=HOME, since=clock.local(clock.now()).date()
            )
        )
    assert close(cast.secretary).status_code == 303
    with app.state.database.reading() as session:
        ended = session.scalar(select(Appointment.until).where(Appointment.account_id == cast.secretary.id))
        assert ended is not None


@pytest.mark.parametrize(("fields", "wrong"), [({"password": "wrong"}, "password"), ({"sure": ""}, "sure")])
def test_p4_nobody_is_forgotten_by_a_slip(cast, fields, wrong):
    answer = close(cast.resident, **fields)
    assert answer.status_code == 422 and f'href="#f-{wrong}"' in answer.text
    assert cast.resident.get("/me").status_code == 200
