"""What was held before anybody saw it is told when it is let out: then, once, to whom it concerns."""

import re

from sqlalchemy import update
from tests.cast import HOME
from tests.core.notifications.test_telling import TALK, told, write

from shequtong.core.communities.models import Division


def listen_for(cast, word="代开"):
    assert cast.secretary.submit(f"/c/{HOME}/desk/words", {"word": word}).status_code == 303


def decide(clerk, post, action="approve", comment="", reason="fine", seen="held"):
    form = {"post_id": post, "comment_id": comment, "action": action, "reason": reason, "seen": seen}
    assert clerk.submit(f"/c/{HOME}/desk/decisions", form).status_code == 303


def say(browser, post, body):
    said = browser.submit(f"{TALK}/{post}/comments", {"body": body})
    return said.headers["location"].rsplit("-", 1)[-1]


def test_a_held_post_names_nobody_until_it_is_let_out(app, cast, db):
    with app.state.database.writing() as session:
        session.execute(update(Division).where(Division.code == HOME).values(hold_first_posts=1))
    post = write(cast.resident, "第一次来", "@阿芳 您好")
    assert told(db, cast.neighbor) == []
    decide(cast.clerk, post)
    assert told(db, cast.neighbor) == [("mention", 1)]
    assert ("decided", 1) in told(db, cast.resident)


def test_a_held_comment_reaches_whom_it_names_answers_and_follows_when_it_is_let_out(cast, db):
    listen_for(cast)
    post = write(cast.resident)
    first = say(cast.neighbor, post, "谁会开发票？")
    cast.resident.submit("/inbox/read")
    form = {"body": "我可以代开，@老周 也行", "parent_id": first}
    comment = cast.tenant.submit(f"{TALK}/{post}/comments", form).headers["location"].rsplit("-", 1)[-1]
    assert [told(db, who) for who in (cast.resident, cast.neighbor, cast.owner)] == [[], [], []]
    decide(cast.clerk, post, comment=comment)
    assert told(db, cast.resident) == [("comment", 1)]
    assert told(db, cast.neighbor) == [("answer", 1)]
    assert told(db, cast.owner) == [("mention", 1)]


def test_what_is_held_again_later_is_not_told_again(cast, db):
    listen_for(cast)
    post = write(cast.resident)
    comment = say(cast.tenant, post, "代开 @老周")
    decide(cast.clerk, post, comment=comment)
    for login in ("neighbor", "elder", "lead"):
        browser = getattr(cast, login)
        browser.submit(f"{TALK}/{post}/comments/{comment}/reports", {"reason": "abuse"})
    decide(cast.clerk, post, comment=comment)
    assert told(db, cast.owner) == [("mention", 1)]
    assert told(db, cast.resident) == [("comment", 1)]


def test_what_everybody_had_read_before_it_was_held_is_not_told_again(cast, db):
    post = write(cast.resident, body="@阿芳 您好")
    for login in ("owner", "elder", "lead"):
        getattr(cast, login).submit(f"{TALK}/{post}/reports", {"reason": "abuse"})
    cast.neighbor.submit("/inbox/read")
    decide(cast.clerk, post)
    assert told(db, cast.neighbor) == []


def test_an_appeal_that_is_upheld_lets_out_what_was_never_shown(cast, db):
    listen_for(cast)
    post = write(cast.resident, "发票代开", "@阿芳 您好")
    decide(cast.clerk, post, "hide", reason="spam")
    assert told(db, cast.neighbor) == []
    record = f"{TALK}/{post}/moderation"
    decision = re.search(r"/moderation/(\d+)/appeal", cast.resident.get(record).text)[1]
    assert cast.resident.submit(f"{record}/{decision}/appeal", {"words": "不是广告"}).status_code == 303
    answer = {"verdict": "uphold", "words": "确实不是"}
    assert cast.clerk2.submit(f"/c/{HOME}/desk/appeals/{decision}", answer).status_code == 303
    assert told(db, cast.neighbor) == [("mention", 1)]


def test_what_was_taken_back_while_it_was_held_is_told_to_nobody(cast, db):
    listen_for(cast)
    post = write(cast.resident)
    comment = say(cast.tenant, post, "代开 @老周")
    cast.tenant.submit(f"{TALK}/{post}/comments/{comment}/delete")
    cast.clerk.submit(
        f"/c/{HOME}/desk/decisions",
        {"post_id": post, "comment_id": comment, "action": "approve", "reason": "fine", "seen": "held"},
    )
    assert told(db, cast.owner) == []
    assert told(db, cast.resident) == []
