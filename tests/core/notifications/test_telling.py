"""Who is told of what: once, grouped, and never what they may not see."""

import re
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select
from tests.cast import HOME, number_of

from shequtong.core.identity.models import Account
from shequtong.core.notifications.models import Notification

TALK = f"/c/{HOME}/talk"


def write(browser, title="一句话", body=""):
    return number_of(browser.submit(f"{TALK}/new", {"title": title, "body": body}))


def told(db, browser):
    """(kind, count) of every unread notification, and the kept counter."""
    db.rollback()
    mine = select(Notification.kind, Notification.count).where(
        Notification.account_id == browser.id, Notification.read_at.is_(None)
    )
    rows = sorted((row.kind, row.count) for row in db.execute(mine))
    assert db.scalar(select(Account.unread).where(Account.id == browser.id)) == len(rows)
    return rows


def test_comments_on_one_post_are_one_line_with_a_count(cast, db):
    post = write(cast.resident)
    for login in ("neighbor", "owner", "neighbor"):
        getattr(cast, login).submit(f"{TALK}/{post}/comments", {"body": "你好"})
    assert told(db, cast.resident) == [("comment", 3)]
    assert told(db, cast.owner) == [("comment", 1)]
    assert "等人发表了 3 条评论" in cast.resident.get("/inbox").text


def test_the_nearest_reason_is_told_and_only_that(cast, db):
    post = write(cast.resident)
    said = cast.neighbor.submit(f"{TALK}/{post}/comments", {"body": "第一句"})
    comment = said.headers["location"].rsplit("-", 1)[-1]
    cast.resident.submit("/inbox/read")
    cast.owner.submit(f"{TALK}/{post}/comments", {"body": "@小陈 回你", "parent_id": comment})
    assert told(db, cast.resident) == [("mention", 1)]
    assert told(db, cast.neighbor) == [("answer", 1)]


def test_nobody_is_told_of_their_own_deeds_nor_by_whom_they_muted(cast, db):
    post = write(cast.resident)
    cast.resident.submit(f"{TALK}/{post}/comments", {"body": "补充一句"})
    assert told(db, cast.resident) == []
    assert cast.resident.submit(f"/u/{cast.neighbor.id}/mute").status_code == 303
    cast.neighbor.submit(f"{TALK}/{post}/comments", {"body": "吵闹"})
    assert told(db, cast.resident) == []


def test_a_private_matter_is_told_to_the_staff_and_to_no_follower(cast, db):
    form = {"title": "家事", "category": "noise", "private": "1"}
    post = number_of(cast.resident.submit(f"/c/{HOME}/matters/new", form))
    assert ("waiting", 1) in told(db, cast.clerk)
    cast.clerk.submit(f"/c/{HOME}/matters/{post}/transitions", {"name": "acknowledge"})
    assert told(db, cast.resident) == [("moved", 1)]
    for login in ("neighbor", "street", "outsecretary", "property"):
        assert told(db, getattr(cast, login)) == []


def test_a_notice_reaches_everybody_it_is_for(cast, db):
    form = {"title": "停水", "kind": "info", "body": "明天上午停水。"}
    assert cast.clerk.submit(f"/c/{HOME}/notices/new", form).status_code == 303
    for login in ("resident", "neighbor", "owner", "tenant", "elder", "lead"):
        assert told(db, getattr(cast, login)) == [("announced", 1)], login
    assert told(db, cast.outsider) == []
    assert told(db, cast.applicant) == []


def test_the_author_of_a_complaint_hears_what_grew_out_of_it(cast, db):
    complaint = write(cast.resident, "垃圾桶又满了")
    topic = write(cast.neighbor, "议一议撤桶时间")
    cast.clerk.submit(f"{TALK}/{complaint}/links", {"child": topic})
    assert told(db, cast.resident) == [("grew", 1)]
    cast.clerk.submit(f"{TALK}/{topic}/transitions", {"name": "lock", "reason": "已形成结论"})
    assert told(db, cast.resident) == [("became", 1), ("grew", 1)]


def test_a_hidden_post_is_told_to_its_author_and_named_to_no_one_else(cast, db):
    post = write(cast.resident, "说重了的话")
    cast.neighbor.submit(f"{TALK}/{post}/comments", {"body": "别这样"})
    cast.owner.submit(f"{TALK}/{post}/follow")
    cast.tenant.submit(f"{TALK}/{post}/comments", {"body": "对"})
    cast.owner.submit(f"{TALK}/{post}/reports", {"reason": "abuse"})
    form = {"post_id": post, "action": "hide", "reason": "abuse", "seen": "clear"}
    assert cast.clerk.submit(f"/c/{HOME}/desk/decisions", form).status_code == 303
    assert ("decided", 1) in told(db, cast.resident)
    assert "说重了的话" in cast.resident.get("/inbox").text
    assert "说重了的话" not in cast.owner.get("/inbox").text


def test_opening_one_marks_it_read_and_leads_there(cast, db):
    post = write(cast.resident)
    cast.neighbor.submit(f"{TALK}/{post}/comments", {"body": "你好"})
    opened = re.search(r"/inbox/(\d+)/open", cast.resident.get("/inbox").text)[0]
    assert cast.neighbor.submit(opened).status_code == 404
    answer = cast.resident.submit(opened)
    assert answer.headers["location"].startswith(f"{TALK}/{post}#comment-")
    assert told(db, cast.resident) == []


def test_the_inbox_is_ones_own(cast):
    assert cast.visitor.get("/inbox").status_code == 303
    assert cast.resident.post("/inbox/read").status_code == 403


def test_the_counter_stays_right_when_many_write_at_once(cast, db):
    post = write(cast.resident)
    people = [cast.neighbor, cast.owner, cast.tenant, cast.elder]

    def say(browser):
        browser.submit(f"{TALK}/{post}/comments", {"body": "一起说"})
        return browser.submit(f"{TALK}/{post}/reactions", {"kind": "like"}).status_code

    with ThreadPoolExecutor(5) as pool:
        reading = pool.submit(cast.resident.submit, "/inbox/read")
        assert set(pool.map(say, people)) == {303}
        assert reading.result().status_code == 303
    told(db, cast.resident)
    assert (
        db.scalar(select(func.sum(Notification.count)).where(Notification.account_id == cast.resident.id))
        == 8
    )
