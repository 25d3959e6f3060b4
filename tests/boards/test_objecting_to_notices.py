"""Public notices: each objection has its own answer, owed within hours of duty, before the notice is final."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from tests.boards.test_notices import in_days, written
from tests.cast import HOME

from shequtong.core.communities.models import Building
from shequtong.core.duties.models import Duty
from shequtong.core.posts.models import Comment, Post
from shequtong.lib import clock

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def public(cast):
    """A public notice that stands for seven days, on a Monday morning."""
    with clock.at(MONDAY):
        yield written(cast.secretary, kind="public_notice", title="公共收益公示", until=in_days(7))


def objected(browser, address, words="电梯广告的收入没有列出"):
    answer = browser.submit(f"{address}/objections", {"objection": words})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("-", 1)[1])


def answered(browser, address, number, words="已经补在第三行"):
    return browser.submit(f"{address}/objections/{number}/reply", {"words": words})


def owed(db, address):
    db.rollback()
    post = db.get(Post, int(address.rsplit("/", 1)[1]))
    return post.owed, post.owed_at


def below(page, number):
    """What stands on a page in the place of one objection."""
    return re.search(rf'id="comment-{number}">(.*?)</li>', page, re.S)[1]


def test_each_objection_has_its_answer_beneath_it_with_who_and_when(cast, public):
    first = objected(cast.owner, public)
    second = objected(cast.tenant, public, "租金为什么少了")
    assert answered(cast.clerk, public, first).status_code == 303
    assert answered(cast.secretary, public, second, "两个车位空了三个月").status_code == 303
    page = cast.resident.get(public).text
    assert "已经补在第三行" in below(page, first) and "社工小沈" in below(page, first)
    assert "两个车位空了三个月" in below(page, second) and "书记林敏" in below(page, second)
    assert "老周" in below(page, first) and "2号楼" in below(page, first)
    assert "公共收益公示" in cast.owner.get("/inbox").text, "who objected is told"


def test_visitors_read_what_is_said_but_not_who_objects(cast, public):
    number = objected(cast.owner, public)
    for where in (public, f"{public}/objections"):
        page = cast.visitor.get(where).text
        assert "电梯广告的收入没有列出" in page and "老周" not in page
    answered(cast.clerk, public, number)
    assert "已经补在第三行" in cast.visitor.get(public).text


def test_it_is_not_final_while_one_waits_and_the_page_lists_which(cast, public):
    first = objected(cast.owner, public)
    second = objected(cast.tenant, public, "租金为什么少了")
    answered(cast.clerk, public, first)
    assert cast.clerk.take(public, "finalise", answer="").status_code == 409, "there is still time to object"
    clock.advance(timedelta(days=8))
    refused = cast.clerk.take(public, "finalise", answer="都办好了")
    summary = re.search(r'class="error-summary".*?</div>', refused.text, re.S)[0]
    assert refused.status_code == 422
    assert "还有 1 条异议没有答复" in summary and "租金为什么少了" in summary and "电梯广告" not in summary
    assert "都办好了" in refused.text, "what was typed is kept"
    assert answered(cast.clerk, public, second).status_code == 303, (
        "answers are still owed after the last day"
    )
    assert cast.clerk.take(public, "finalise", answer="都办好了").status_code == 303
    assert "都办好了" in cast.visitor.get(public).text
    assert answered(cast.clerk, public, second, "再说一句").status_code == 403


def test_an_objection_is_answered_once(cast, public):
    number = objected(cast.owner, public)
    assert answered(cast.clerk, public, number, "").status_code == 422
    assert answered(cast.clerk, public, number).status_code == 303
    assert answered(cast.secretary, public, number, "再答一次").status_code == 409


def test_the_clock_of_the_answer_is_that_of_who_has_waited_longest(cast, db, public):
    assert owed(db, public) == ("", None)
    first = objected(cast.owner, public)
    kind, due = owed(db, public)
    assert kind == "resolve" and due > clock.now()
    clock.advance(timedelta(hours=3))
    second = objected(cast.tenant, public, "租金为什么少了")
    assert owed(db, public) == ("resolve", due)
    answered(cast.clerk, public, first)
    assert owed(db, public)[1] > due
    answered(cast.clerk, public, second)
    assert owed(db, public) == ("", None)
    ended = select(Duty.outcome).where(Duty.post_id == int(public.rsplit("/", 1)[1]))
    assert db.scalars(ended).all() == ["kept", "kept"]


def test_a_late_answer_is_shown_on_the_card_and_told_to_the_secretary(cast, worker, public):
    objected(cast.owner, public)
    clock.advance(timedelta(days=8))
    worker.run_waiting()
    assert "超时" in cast.resident.get(f"/c/{HOME}/notices").text
    assert "公共收益公示" in cast.clerk.get("/inbox").text + cast.secretary.get("/inbox").text


def test_what_is_taken_back_waits_no_more_and_an_answer_taken_back_leaves_it_waiting(cast, db, public):
    number = objected(cast.owner, public)
    due = owed(db, public)
    answered(cast.clerk, public, number)
    db.rollback()
    reply = db.scalar(select(Comment.id).where(Comment.parent_id == number))
    assert cast.clerk.submit(f"{public}/comments/{reply}/delete").status_code == 303
    assert owed(db, public) == due
    assert cast.owner.submit(f"{public}/comments/{number}/delete").status_code == 303
    assert owed(db, public) == ("", None)
    assert "电梯广告的收入没有列出" not in cast.resident.get(public).text


def test_what_was_answered_cannot_be_changed(cast, public):
    number = objected(cast.owner, public)
    edit = f"{public}/comments/{number}/edit"
    assert cast.owner.submit(edit, {"body": "电梯广告和快递柜的收入没有列出"}).status_code == 303
    answered(cast.clerk, public, number)
    assert cast.owner.submit(edit, {"body": "我从来没有这样说"}).status_code == 409


@pytest.mark.parametrize(
    ("login", "status"),
    [
        ("resident", 303),
        ("tenant", 303),
        ("lead", 303),
        ("property", 303),
        ("owners", 303),
        ("clerk", 403),
        ("secretary", 403),
        ("street", 403),
        ("applicant", 403),
        ("outsider", 403),
        ("outsecretary", 403),
        ("visitor", 303),
    ],
)
def test_who_may_read_it_and_belongs_here_may_object(cast, public, login, status):
    answer = getattr(cast, login).submit(f"{public}/objections", {"objection": "我有不同意见"})
    assert answer.status_code == status
    if login == "visitor":
        assert "/login" in answer.headers["location"]


def test_only_the_committee_answers(cast, public):
    number = objected(cast.owner, public)
    for login in ("owner", "resident", "lead", "property", "owners", "street", "applicant", "outsecretary"):
        assert answered(getattr(cast, login), public, number).status_code == 403, login
    other = written(cast.secretary, kind="public_notice", title="另一件", until=in_days(7))
    assert answered(cast.clerk, other, number).status_code == 404


def test_the_owners_committee_answers_for_its_own_notice(cast):
    address = written(cast.owners, kind="public_notice", title="选聘物业公示", until=in_days(7))
    cast.clerk.take(address, "open_for_objections")
    number = objected(cast.tenant, address, "为什么不招标")
    assert answered(cast.owners, address, number, "招标文件已经贴出").status_code == 303


def test_after_the_last_day_and_to_other_notices_nobody_objects(cast, public):
    assert cast.owner.submit(f"{public}/objections", {"objection": ""}).status_code == 422
    clock.advance(timedelta(days=8))
    assert cast.owner.submit(f"{public}/objections", {"objection": "现在才看到"}).status_code == 403
    other = written(cast.clerk)
    assert cast.owner.submit(f"{other}/objections", {"objection": "我反对停水"}).status_code == 403
    assert cast.owner.get(f"/c/{HOME}/talk/1/objections").status_code == 404


def test_a_notice_for_one_building_is_objected_to_there(cast, db):
    first = db.scalar(select(Building.id).where(Building.code == HOME, Building.name == "1号楼"))
    address = written(cast.clerk, kind="public_notice", until=in_days(7), places=str(first))
    assert cast.owner.submit(f"{address}/objections", {"objection": "与我无关也反对"}).status_code == 404
    assert cast.resident.submit(f"{address}/objections", {"objection": "装修太吵了"}).status_code == 303
