"""What is held, reported, decided and appealed; and who may not."""

import re
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select
from tests.cast import AWAY, HOME, number_of

from shequtong.core.communities.models import Division
from shequtong.core.moderation.models import Decision
from shequtong.core.posts.models import Comment

TALK = f"/c/{HOME}/talk"
DESK = f"/c/{HOME}/desk"


def write(browser, title="一句话", body=""):
    return number_of(browser.submit(f"{TALK}/new", {"title": title, "body": body}))


def decide(browser, post, action, seen, reason="abuse", **more):
    form = {"post_id": post, "action": action, "reason": reason, "seen": seen, **more}
    return browser.submit(f"{DESK}/decisions", form)


def hold_first_posts(app, number):
    with app.state.database.writing() as session:
        session.get(Division, HOME).hold_first_posts = number


def test_the_first_post_of_a_new_member_waits_and_its_author_sees_why(app, cast):
    hold_first_posts(app, 1)
    post = write(cast.resident, "我是新来的")
    assert cast.neighbor.get(f"{TALK}/{post}").status_code == 404
    assert "我是新来的" not in cast.neighbor.get(TALK).text
    assert "等待居委会审核" in cast.resident.get(f"{TALK}/{post}").text
    assert "新成员" in cast.resident.get(f"{TALK}/{post}/moderation").text
    assert "我是新来的" in cast.clerk.get(DESK).text
    assert decide(cast.clerk, post, "approve", "held", "fine").status_code == 303
    assert cast.neighbor.get(f"{TALK}/{post}").status_code == 200
    assert cast.neighbor.get(f"{TALK}/{write(cast.resident, '第二条')}").status_code == 200


def test_a_listed_word_is_found_whatever_its_spelling(cast):
    assert cast.secretary.submit(f"{DESK}/words", {"word": "刷单"}).status_code == 303
    post = write(cast.resident, "兼 职 刷 單", "日结")
    assert cast.neighbor.get(f"{TALK}/{post}").status_code == 404
    assert "刷单" in cast.clerk.get(DESK).text
    fine = write(cast.resident, "普通的话")
    cast.neighbor.submit(f"{TALK}/{fine}/comments", {"body": "来刷单吧"})
    assert "来刷单吧" not in cast.owner.get(f"{TALK}/{fine}").text
    assert "来刷单吧" in cast.clerk.get(DESK).text


def test_a3_the_form_of_a_report_quotes_no_comment_that_its_reader_may_not_see(app, cast):
    """Its address can be guessed: comments are numbered."""
    post = write(cast.resident, "晚饭吃什么")

    def say(browser, words):
        browser.submit(f"{TALK}/{post}/comments", {"body": words})
        with app.state.database.reading() as session:
            return session.scalar(select(func.max(Comment.id)))

    def form_of(number):
        return f"{TALK}/{post}/comments/{number}/reports"

    cast.secretary.submit(f"{DESK}/words", {"word": "刷单"})
    plain, held = say(cast.neighbor, "吃面"), say(cast.neighbor, "来刷单吧")
    assert "吃面" in cast.owner.get(f"{form_of(plain)}/new").text
    assert "来刷单吧" in cast.clerk.get(f"{form_of(held)}/new").text
    assert cast.owner.get(f"{form_of(held)}/new").status_code == 404
    for form in ({"reason": "abuse"}, {}):
        assert cast.owner.submit(form_of(held), form).status_code == 404
    cast.neighbor.submit(f"/u/{cast.owner.id}/block")
    assert cast.owner.get(f"{form_of(plain)}/new").status_code == 404
    assert cast.elder.get(f"{form_of(plain)}/new").status_code == 200


def test_enough_reports_hold_a_post_and_one_person_counts_once(cast):
    post = write(cast.resident, "有人看不惯")
    for login in ("neighbor", "neighbor", "owner"):
        assert getattr(cast, login).submit(f"{TALK}/{post}/reports", {"reason": "abuse"}).status_code == 303
    assert cast.elder.get(f"{TALK}/{post}").status_code == 200
    cast.tenant.submit(f"{TALK}/{post}/reports", {"reason": "spam", "note": "看了不舒服"})
    assert cast.elder.get(f"{TALK}/{post}").status_code == 404
    assert "看了不舒服" in cast.clerk.get(DESK).text


def test_the_author_is_told_the_reason_appeals_once_and_another_person_restores(cast):
    post = write(cast.resident, "说重了的话")
    cast.neighbor.submit(f"{TALK}/{post}/reports", {"reason": "abuse"})
    assert decide(cast.clerk, post, "hide", "clear", note="请换个说法").status_code == 303
    assert cast.neighbor.get(f"{TALK}/{post}").status_code == 404
    record = cast.resident.get(f"{TALK}/{post}/moderation").text
    assert "辱骂" in record and "请换个说法" in record
    appeal = re.search(r"/moderation/(\d+)/appeal", record)[0]
    assert cast.neighbor.submit(f"{TALK}/{post}{appeal}", {"words": "不是我的"}).status_code == 404
    assert cast.resident.submit(f"{TALK}/{post}{appeal}", {"words": ""}).status_code == 422
    assert cast.resident.submit(f"{TALK}/{post}{appeal}", {"words": "这是玩笑"}).status_code == 303
    assert cast.resident.submit(f"{TALK}/{post}{appeal}", {"words": "再来"}).status_code == 409
    decision = re.search(r"\d+", appeal)[0]
    answer = {"verdict": "uphold", "words": "确实是玩笑"}
    assert cast.clerk.submit(f"{DESK}/appeals/{decision}", answer).status_code == 403
    assert cast.outsecretary.submit(f"{DESK}/appeals/{decision}", answer).status_code == 404
    assert cast.secretary.submit(f"{DESK}/appeals/{decision}", answer).status_code == 303
    assert cast.secretary.submit(f"{DESK}/appeals/{decision}", answer).status_code == 409
    assert cast.neighbor.get(f"{TALK}/{post}").status_code == 200
    assert "确实是玩笑" in cast.resident.get(f"{TALK}/{post}/moderation").text


def test_a_suspended_member_reads_but_does_not_write(cast):
    post = write(cast.tenant, "广告")
    cast.neighbor.submit(f"{TALK}/{post}/reports", {"reason": "spam"})
    decide(cast.clerk, post, "suspend", "clear", "spam", days=3)
    other = write(cast.resident, "大家好")
    assert cast.tenant.get(f"{TALK}/{other}").status_code == 200
    assert cast.tenant.submit(f"{TALK}/new", {"title": "又来"}).status_code == 403
    assert cast.tenant.submit(f"{TALK}/{other}/comments", {"body": "又来"}).status_code == 403


def test_a_comment_is_reported_hidden_and_its_place_stays(cast):
    post = write(cast.resident)
    said = cast.neighbor.submit(f"{TALK}/{post}/comments", {"body": "一句粗话"})
    comment = said.headers["location"].rsplit("-", 1)[-1]
    assert (
        cast.neighbor.submit(f"{TALK}/{post}/comments/{comment}/reports", {"reason": "abuse"}).status_code
        == 403
    )
    cast.owner.submit(f"{TALK}/{post}/comments/{comment}/reports", {"reason": "abuse"})
    assert decide(cast.clerk, post, "hide", "clear", comment_id=comment).status_code == 303
    assert "一句粗话" not in cast.owner.get(f"{TALK}/{post}").text
    assert "一句粗话" in cast.neighbor.get(f"{TALK}/{post}").text


def test_a_mistake_in_a_decision_keeps_the_desk_and_says_why(cast):
    post = write(cast.resident)
    cast.neighbor.submit(f"{TALK}/{post}/reports", {"reason": "other"})
    assert decide(cast.clerk, post, "hide", "clear", "fine").status_code == 422
    assert decide(cast.clerk, post, "explode", "clear").status_code == 422


def test_a5_nobody_decides_about_their_own_words(cast):
    post = number_of(cast.lead.submit(f"{TALK}/new", {"title": "组长说"}))
    cast.neighbor.submit(f"{TALK}/{post}/reports", {"reason": "other"})
    assert decide(cast.lead, post, "approve", "clear", "fine").status_code == 404
    notice = number_of(cast.clerk.submit(f"/c/{HOME}/notices/new", NOTICE)) if NOTICE else None
    if notice:
        cast.neighbor.submit(f"/c/{HOME}/notices/{notice}/reports", {"reason": "other"})
        assert decide(cast.clerk, notice, "approve", "clear", "fine").status_code == 403


NOTICE: dict = {}


def test_the_desk_is_only_for_the_staff_of_this_committee(cast):
    for login, browser in cast.everyone().items():
        expected = {"clerk": 200, "clerk2": 200, "secretary": 200, "visitor": 303}.get(login, 404)
        assert browser.get(DESK).status_code == expected, login
        words = {"secretary": 200, "visitor": 303}.get(login, 404)
        assert browser.get(f"{DESK}/words").status_code == words, login
        assert browser.get(f"/c/{HOME}/moderation").status_code == 200, login


def test_another_committees_clerk_cannot_decide_with_a_pasted_number(cast):
    post = write(cast.resident)
    form = {"post_id": post, "action": "remove", "reason": "spam", "seen": "clear"}
    assert cast.outsecretary.submit(f"{DESK}/decisions", form).status_code == 404
    assert cast.outsecretary.submit(f"/c/{AWAY}/desk/decisions", form).status_code == 404


def test_two_clerks_press_at_once_and_one_decision_stands(app, cast):
    for round_ in range(5):
        post = write(cast.resident, f"第{round_}次")
        cast.neighbor.submit(f"{TALK}/{post}/reports", {"reason": "other"})
        presses = [
            (cast.clerk, "approve", "fine"),
            (cast.clerk2, "hide", "abuse"),
            (cast.secretary, "remove", "spam"),
        ]
        with ThreadPoolExecutor(3) as pool:
            pressed = [pool.submit(decide, who, post, action, "clear", why) for who, action, why in presses]
        codes = [press.result().status_code for press in pressed]
        assert sorted(codes) == [303, 409, 409], codes
        with app.state.database.reading() as session:
            assert session.scalar(select(func.count()).where(Decision.post_id == post)) == 1


def test_the_public_figures_hide_small_counts(cast):
    for title in "一二三四五":
        post = write(cast.resident, f"第{title}条")
        cast.neighbor.submit(f"{TALK}/{post}/reports", {"reason": "spam"})
        decide(cast.clerk, post, "remove" if title != "五" else "hide", "clear", "spam")
    figures = cast.visitor.get(f"/c/{HOME}/moderation").text
    assert "&lt;5" in figures and re.search(r">5<", figures)
