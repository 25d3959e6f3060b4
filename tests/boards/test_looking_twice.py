"""Where a committee asks for a second look, nobody publishes their own notice, and what goes out is what was read."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select
from tests.boards.test_notices import NOTICES, WATER, in_days, written
from tests.cast import HOME

from shequtong.boards.notices.board import board
from shequtong.boards.notices.models import Notice
from shequtong.core.communities.models import Appointment, Division
from shequtong.core.communities.standing import Standing
from shequtong.core.communities.visiting import find_actor
from shequtong.core.identity.models import Account
from shequtong.core.identity.signing_in import open_session
from shequtong.core.posts import queries
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.errors import Conflict

SETTINGS = {"hold_first_posts": "0", "report_threshold": "3"}


@pytest.fixture
def by_two(cast):
    """The committee has two people look at all notices."""
    answer = cast.secretary.submit(f"/c/{HOME}/settings", SETTINGS | {"second_look": "all"})
    assert answer.status_code == 303


def version(browser, address):
    return re.search(r'name="version" value="(\d+)"', browser.get(address).text)[1]


def state(db, address):
    db.rollback()
    return db.get(Post, int(address.rsplit("/", 1)[1])).state


@pytest.mark.parametrize("login", ["clerk", "secretary"])
def test_nobody_publishes_their_own_notice(cast, db, by_two, login):
    browser = getattr(cast, login)
    address = written(browser)
    assert state(db, address) == "review"
    assert browser.take(address, "publish").status_code == 409
    assert browser.take(address, "schedule", at="2099-01-01T09:00").status_code == 409
    assert 'value="publish"' not in browser.get(address).text
    assert "由居委会另一位同事看" in browser.get(address).text
    assert cast.resident.get(address).status_code == 404
    other = cast.clerk2
    assert other.take(address, "publish", version=version(other, address)).status_code == 303
    assert "停水" in cast.visitor.get(address).text


def test_staff_read_who_wrote_and_who_released_it(cast, by_two):
    address = written(cast.clerk)
    cast.clerk2.take(address, "publish")
    page = cast.secretary.get(address).text
    assert re.search(r"<dt>谁写的</dt><dd>社工小沈</dd>", page)
    assert re.search(r"<dt>谁发布的</dt><dd>社工小吴 ", page)
    assert "谁发布的" not in cast.resident.get(address).text


def test_an_emergency_goes_out_at_once_and_the_page_says_so(cast, db, by_two):
    address = written(cast.clerk, kind="emergency")
    assert state(db, address) == "live"
    assert "未经同事先看就发布了" in cast.resident.get(address).text
    assert db.get(Notice, int(address.rsplit("/", 1)[1])).alone


def test_the_look_can_be_asked_for_grave_kinds_only(cast, db):
    cast.secretary.submit(f"/c/{HOME}/settings", SETTINGS | {"second_look": "grave"})
    assert state(db, written(cast.clerk)) == "live"
    assert state(db, written(cast.clerk, kind="must_read", until=in_days(3))) == "review"
    assert state(db, written(cast.clerk, kind="public_notice", until=in_days(7))) == "review"
    address = written(cast.clerk, kind="emergency")
    assert "未经同事先看" not in cast.resident.get(address).text, "no look was due"


def test_what_was_changed_while_it_was_read_is_read_again(cast, db, by_two):
    address = written(cast.clerk)
    seen = version(cast.clerk2, address)
    assert cast.clerk.submit(f"{address}/edit", WATER | {"title": "周四停水"}).status_code == 303
    refused = cast.clerk2.take(address, "publish", version=seen)
    assert refused.status_code == 409 and "内容改过了" in refused.text
    assert state(db, address) == "review"
    seen = version(cast.clerk2, address)
    assert cast.clerk2.take(address, "publish", version=seen).status_code == 303
    assert cast.clerk.submit(f"{address}/edit", WATER).status_code == 403, (
        "what is out is corrected, not edited"
    )


@pytest.mark.databases("postgresql")
def test_an_edit_in_the_very_moment_of_publishing_is_not_published_unread(app, cast, by_two):
    address = written(cast.clerk)
    number = int(address.rsplit("/", 1)[1])
    database = app.state.database
    with database.writing() as session:
        token = open_session(session, session.scalar(select(Account.id).where(Account.login == "clerk2")))
    with pytest.raises(Conflict), database.writing() as session:
        actor = find_actor(session, token)
        here = Standing.of(actor, HOME)
        shown = queries.show(session, board, number, HOME, actor, here)
        case = Case(actor, here, board, session.get_one(Division, HOME), shown.post, shown.detail)
        assert cast.clerk.submit(f"{address}/edit", WATER | {"title": "周四停水"}).status_code == 303
        board.move(session, replace(case), board.workflow.transition("publish"), seen=shown.post.version)


def test_it_is_sent_back_with_a_reason_and_asked_for_again(cast, by_two):
    address = written(cast.clerk)
    assert cast.clerk2.take(address, "send_back", reason="请写明几点").status_code == 303
    assert "请写明几点" in cast.clerk.get(address).text
    assert cast.clerk.take(address, "publish").status_code == 409
    assert cast.clerk.take(address, "submit").status_code == 303
    assert cast.secretary.take(address, "publish").status_code == 303


def leave_one(app, *logins):
    """These people leave their offices."""
    with app.state.database.writing() as session:
        for login in logins:
            account = session.scalar(select(Account.id).where(Account.login == login))
            office = session.scalar(select(Appointment).where(Appointment.account_id == account))
            office.until = clock.today().replace(year=2020)


def test_a_single_person_is_told_why_it_cannot_go_out_and_what_to_do(app, cast, by_two):
    address = written(cast.secretary)
    leave_one(app, "clerk", "clerk2")
    page = cast.secretary.get(address).text
    assert "现在只有您一个人在任" in page and f"/c/{HOME}/settings" in page
    refused = cast.secretary.submit(f"/c/{HOME}/settings", SETTINGS | {"second_look": "all"})
    assert refused.status_code == 422 and "至少得有两个人" in refused.text
    assert cast.secretary.submit(f"/c/{HOME}/settings", SETTINGS).status_code == 303
    assert cast.secretary.take(address, "publish").status_code == 303


@pytest.mark.parametrize("login", ["clerk", "resident", "lead", "property", "street", "outsecretary"])
def test_only_the_secretary_asks_for_it(cast, login):
    answer = getattr(cast, login).submit(f"/c/{HOME}/settings", SETTINGS | {"second_look": "all"})
    assert answer.status_code in (403, 404)


def test_a_correction_too_is_seen_by_two(cast, db, by_two):
    address = written(cast.clerk)
    cast.clerk2.take(address, "publish")
    words = {"title": "周四停水", "body": "上午九点到十一点停水", "correction": "日子写错了"}
    assert cast.clerk.take(address, "correct", **words).status_code == 409
    assert cast.clerk.take(address, "propose", **words).status_code == 303
    assert "周四停水" not in cast.resident.get(address).text
    assert "日子写错了" not in cast.resident.get(address).text
    assert cast.clerk.take(address, "release_correction").status_code == 409
    page = cast.clerk2.get(address).text
    assert "社工小沈 提出：日子写错了" in page and "<ins>周四停水</ins>" in page
    assert (
        cast.clerk2.take(address, "release_correction", version=version(cast.clerk2, address)).status_code
        == 303
    )
    assert "周四停水" in cast.resident.get(address).text
    assert "周三停水" in cast.resident.get(f"{address}/history").text


def test_a_correction_can_be_left_out(cast, by_two):
    address = written(cast.clerk)
    cast.clerk2.take(address, "publish")
    words = {"title": "周四停水", "body": "上午", "correction": "日子写错了"}
    cast.clerk.take(address, "propose", **words)
    assert cast.clerk2.take(address, "drop_correction").status_code == 303
    assert cast.clerk2.take(address, "release_correction").status_code == 409
    assert cast.clerk.take(address, "propose", **words).status_code == 303


def test_a_draft_of_ones_own_is_published_by_the_other_only_when_asked(cast, by_two):
    address = written(cast.clerk, draft="1")
    assert cast.secretary.take(address, "publish").status_code == 409
    assert cast.resident.get(NOTICES).status_code == 200
