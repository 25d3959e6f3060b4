"""Deliberation hall: who is invited to speak, and objections that are answered one by one before a vote."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from tests.boards.test_hall import FRAME, proposed, vote_of
from tests.cast import HOME

from shequtong.core.duties.models import Duty
from shequtong.core.posts import hiding
from shequtong.core.posts.models import Comment, Post
from shequtong.lib import clock


def framed(cast, **fields):
    address = proposed(cast.resident)
    for browser in (cast.neighbor, cast.owner):
        browser.take(address, "cosign")
    cast.clerk.take(address, "screen")
    answer = cast.clerk.take(address, "frame", **FRAME | fields)
    assert answer.status_code == 303, answer.text
    return address


def made_public(cast, **fields):
    address = framed(cast, **fields)
    until = (clock.today() + timedelta(days=7)).isoformat()
    cast.clerk.take(address, "discuss")
    cast.clerk.take(address, "draft", minutes="大家都同意")
    cast.clerk.take(address, "give_notice", wording="装六张长椅", objections_until=until)
    return address


def objected(browser, address, words="会挡住消防通道"):
    answer = browser.submit(f"{address}/objections", {"objection": words})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("-", 1)[1])


def test_departments_speak_only_where_they_are_invited(cast):
    other = framed(cast)
    address = framed(cast, invited_offices=["property", "street"])
    for login in ("property", "street"):
        browser = getattr(cast, login)
        assert browser.submit(f"{address}/comments", {"body": "我们来看过了"}).status_code == 303, login
        assert browser.submit(f"{other}/comments", {"body": "我们也想说"}).status_code == 403, login
    for login in ("police", "doctor", "lawyer", "organisation", "district"):
        assert getattr(cast, login).submit(f"{address}/comments", {"body": "说两句"}).status_code == 403
    assert "物业、街镇" in cast.resident.get(address).text
    cast.clerk.take(address, "discuss")
    said = cast.property.submit(f"{address}/statements", {"statement": "长椅由物业养护"})
    assert said.status_code == 303
    number = int(said.headers["location"].rsplit("-", 1)[1])
    answer = cast.property.submit(f"{address}/statements/{number}/answers", {"choice": "agree"})
    assert answer.status_code == 403, "who does not live here does not answer"
    assert cast.police.submit(f"{address}/statements", {"statement": "注意安全"}).status_code == 403


def test_departments_are_told_that_they_are_invited_and_get_no_other_right(cast):
    address = framed(cast, invited_offices=["property", "lawyer"])
    for login in ("property", "lawyer"):
        assert "请您来这个议题发言" in getattr(cast, login).get("/inbox").text, login
    for login in ("police", "doctor", "street", "organisation"):
        assert "请您来这个议题发言" not in getattr(cast, login).get("/inbox").text, login
    cast.clerk.take(address, "discuss")
    cast.property.submit(f"{address}/statements", {"statement": "长椅由物业养护"})
    number = int(
        cast.resident.submit(f"{address}/options/1/arguments", {"side": "for", "argument": "冬天不凉"})
        .headers["location"]
        .rsplit("-", 1)[1]
    )
    for what, sent in (
        (f"options/arguments/{number}/convincing", {}),
        (f"comments/{number}/edit", {"body": "改"}),
        ("edit", {"title": "改", "body": "改"}),
        ("delete", {}),
        ("transitions", {"name": "draft", "minutes": "物业来收尾"}),
    ):
        assert cast.property.submit(f"{address}/{what}", sent).status_code in (403, 404), what
    cast.clerk.take(address, "draft", minutes="大家都同意")
    until = (clock.today() + timedelta(days=7)).isoformat()
    cast.clerk.take(address, "give_notice", wording="装六张长椅", objections_until=until)
    assert cast.property.submit(f"{address}/objections", {"objection": "我们不同意"}).status_code == 403
    elsewhere = cast.resident.submit(
        f"/c/{HOME}/hall/new", {"title": "楼道灯换新", "topic": "repairs", "body": "暗", "change": "换灯"}
    ).headers["location"]
    for login in ("property", "lawyer"):
        assert getattr(cast, login).submit(f"{elsewhere}/comments", {"body": "也说"}).status_code == 403


def test_a_closed_topic_ends_the_invitation(cast, worker):
    with clock.at(clock.now()):
        address = made_public(cast, invited_offices=["lawyer"])
        assert cast.lawyer.submit(f"{address}/comments", {"body": "第二条请写清楚"}).status_code == 303
        clock.advance(timedelta(days=8))
        assert cast.clerk.take(address, "open_vote", **vote_of("majority")).status_code == 303
        clock.advance(timedelta(days=2))
        worker.run_waiting()
        assert "参加表决的不够" in cast.lawyer.get(address).text
        assert cast.lawyer.submit(f"{address}/comments", {"body": "再补一句"}).status_code == 403
        assert cast.elder.submit(f"{address}/comments", {"body": "可惜了"}).status_code == 303


def test_nobody_is_invited_who_has_no_office_of_the_list(cast):
    address = framed(cast)
    cast.clerk.take(address, "discuss")
    assert "邀请参加" not in cast.resident.get(address).text
    wrong = proposed(cast.resident)
    for browser in (cast.neighbor, cast.owner):
        browser.take(wrong, "cosign")
    cast.clerk.take(wrong, "screen")
    assert cast.clerk.take(wrong, "frame", **FRAME, invited_offices=["admin"]).status_code == 422


def test_a_page_says_what_is_now_what_comes_next_and_until_when(cast):
    address = proposed(cast.resident)
    page = cast.elder.get(address).text
    for words in ("现在", "接下来", "没人动的话", "满 14 天联署的不到两幢楼，就自动作罢"):
        assert words in page
    with clock.at(clock.now()):
        assert "公示中：大家看文本，不赞成的提异议" in cast.elder.get(made_public(cast)).text


def test_each_objection_is_answered_before_the_vote_can_open(cast):
    with clock.at(clock.now()):
        address = made_public(cast)
        first, second = objected(cast.elder, address), objected(cast.tenant, address, "太靠近一楼窗户")
        assert "2 条等居委会答复" in cast.clerk.get(address).text
        clock.advance(timedelta(days=8))
        refused = cast.clerk.take(address, "open_vote", **vote_of("majority"))
        assert refused.status_code == 422
        assert "还有 2 条异议没有答复" in refused.text
        reply = f"{address}/objections/{first}/reply"
        assert cast.clerk.submit(reply, {"words": ""}).status_code == 422
        assert cast.clerk.submit(reply, {"words": "往里挪两米，消防看过了"}).status_code == 303
        assert cast.secretary.submit(reply, {"words": "再答一次"}).status_code == 409
        assert "往里挪两米" in cast.elder.get(f"{address}/objections").text
        assert "加装长椅" in cast.elder.get("/inbox").text
        refused = cast.clerk.take(address, "open_vote", **vote_of("majority"))
        assert "还有 1 条异议没有答复" in refused.text
        cast.clerk2.submit(f"{address}/objections/{second}/reply", {"words": "改到银杏树另一侧"})
        assert cast.clerk.take(address, "open_vote", **vote_of("majority")).status_code == 303
        assert "看看异议和答复" in cast.resident.get(address).text


def owed(db, address):
    """What the committee owes on a topic's card: kind and moment."""
    db.rollback()
    post = db.get(Post, int(address.rsplit("/", 1)[1]))
    return post.owed, post.owed_at


def test_objections_are_owed_an_answer_in_hours_of_duty_the_longest_waiting_first(cast, db, worker):
    monday = datetime(2026, 11, 23, 2, tzinfo=UTC)
    with clock.at(monday):
        address = made_public(cast)
        assert owed(db, address) == ("", None)
        first = objected(cast.elder, address)
        kind, first_due = owed(db, address)
        assert kind == "resolve" and first_due > monday
        clock.advance(timedelta(hours=3))
        second = objected(cast.tenant, address, "太靠近一楼窗户")
        assert owed(db, address) == ("resolve", first_due), "the first is still the one that waits longest"
        assert "加装长椅" in cast.clerk.get(f"/c/{HOME}/desk").text
        reply = f"{address}/objections/{first}/reply"
        cast.clerk.submit(reply, {"words": "往里挪两米"})
        assert owed(db, address)[1] > first_due, "the second has its own hours"
        reply = f"{address}/objections/{second}/reply"
        cast.clerk.submit(reply, {"words": "改到另一侧"})
        assert owed(db, address) == ("", None)
        ended = select(Duty.outcome).where(Duty.kind == "resolve", Duty.post_id == post_number(address))
        assert db.scalars(ended.order_by(Duty.id)).all()[-2:] == ["kept", "kept"]


def test_a_late_answer_to_an_objection_is_shown_and_told_upwards(cast, db, worker):
    with clock.at(datetime(2026, 11, 23, 2, tzinfo=UTC)):
        address = made_public(cast)
        number = objected(cast.elder, address)
        clock.advance(timedelta(days=8))
        worker.run_waiting()
        assert "已超时" in cast.resident.get(address).text
        assert "加装长椅" in cast.secretary.get("/inbox").text
        cast.clerk.submit(f"{address}/objections/{number}/reply", {"words": "往里挪两米"})
        ended = select(Duty.outcome).where(Duty.kind == "resolve", Duty.post_id == post_number(address))
        db.rollback()
        assert db.scalars(ended.order_by(Duty.id)).all()[-1] == "late"


def test_what_is_taken_back_or_hidden_owes_nothing_and_comes_back_with_it(cast, app, db):
    with clock.at(datetime(2026, 11, 23, 2, tzinfo=UTC)):
        address = made_public(cast)
        number = objected(cast.elder, address)
        due = owed(db, address)
        reply = f"{address}/objections/{number}/reply"
        cast.clerk.submit(reply, {"words": "写错了"})
        assert owed(db, address) == ("", None)
        written = db.scalar(select(Comment.id).where(Comment.parent_id == number))
        cast.clerk.submit(f"{address}/comments/{written}/delete")
        assert owed(db, address) == due
        for before, after, expected in (("clear", "hidden", ("", None)), ("hidden", "clear", due)):
            with app.state.database.writing() as session:
                post = session.get_one(Post, post_number(address))
                assert hiding.change(session, post, None, before, after)
            assert owed(db, address) == expected, after
        assert cast.elder.submit(f"{address}/comments/{number}/delete").status_code == 303
        assert owed(db, address) == ("", None)


def post_number(address):
    return int(address.rsplit("/", 1)[1])


def test_an_answer_that_is_taken_back_leaves_the_objection_waiting(cast, db):
    with clock.at(clock.now()):
        address = made_public(cast)
        number = objected(cast.elder, address)
        reply = f"{address}/objections/{number}/reply"
        cast.clerk.submit(reply, {"words": "写错了"})
        written = db.scalar(select(Comment.id).where(Comment.parent_id == number))
        assert cast.clerk.submit(f"{address}/comments/{written}/delete").status_code == 303
        assert "1 条等居委会答复" in cast.clerk.get(address).text
        assert cast.clerk.submit(reply, {"words": "往里挪两米"}).status_code == 303


def test_an_objection_that_is_taken_back_does_not_wait(cast):
    with clock.at(clock.now()):
        address = made_public(cast)
        number = objected(cast.elder, address)
        assert cast.elder.submit(f"{address}/comments/{number}/delete").status_code == 303
        clock.advance(timedelta(days=8))
        assert cast.clerk.take(address, "open_vote", **vote_of("majority")).status_code == 303


@pytest.mark.parametrize("login", ["clerk", "property", "police", "street", "district"])
def test_who_does_not_live_here_does_not_object(cast, login):
    with clock.at(clock.now()):
        address = made_public(cast)
        sent = getattr(cast, login).submit(f"{address}/objections", {"objection": "我反对这样做"})
        assert sent.status_code == 403


def test_the_wrong_person_neither_reads_nor_answers_objections(cast):
    with clock.at(clock.now()):
        address = made_public(cast)
        number = objected(cast.elder, address)
        for login in ("outsider", "applicant"):
            assert getattr(cast, login).get(f"{address}/objections").status_code == 404
            sent = getattr(cast, login).submit(f"{address}/objections", {"objection": "我反对这样做"})
            assert sent.status_code == 404
        for login in ("resident", "elder", "lead", "property", "street"):
            reply = {"words": "我来替居委会答"}
            sent = getattr(cast, login).submit(f"{address}/objections/{number}/reply", reply)
            assert sent.status_code == 403, login
        other = made_public(cast)
        assert cast.clerk.submit(f"{other}/objections/{number}/reply", {"words": "好的"}).status_code == 404


def test_after_the_last_day_nobody_objects(cast):
    with clock.at(clock.now()):
        address = made_public(cast)
        assert cast.elder.submit(f"{address}/objections", {"objection": ""}).status_code == 422
        clock.advance(timedelta(days=8))
        assert cast.elder.submit(f"{address}/objections", {"objection": "现在才看到"}).status_code == 403
        assert "我要提异议" not in cast.elder.get(address).text


def test_what_was_answered_and_the_answer_stay_as_they_were_read(cast, db):
    with clock.at(clock.now()):
        address = made_public(cast)
        number = objected(cast.elder, address)
        edit = f"{address}/comments/{number}/edit"
        assert cast.elder.submit(edit, {"body": "会挡住消防通道和门"}).status_code == 303
        cast.clerk.submit(f"{address}/objections/{number}/reply", {"words": "往里挪两米"})
        assert cast.elder.submit(edit, {"body": "我从没反对过"}).status_code == 409
        written = db.scalars(select(Comment.id).where(Comment.parent_id == number)).one()
        changed = cast.clerk.submit(f"{address}/comments/{written}/edit", {"body": "从没答应过"})
        assert changed.status_code == 409
        page = cast.resident.get(f"{address}/objections").text
        assert "会挡住消防通道和门" in page and "往里挪两米" in page
