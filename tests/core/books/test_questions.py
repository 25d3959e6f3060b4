"""Several neighbours ask about one line; each gets an answer, and each is owed one in time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from tests.cast import HOME

from shequtong.core.duties.models import Duty
from shequtong.core.posts import hiding
from shequtong.core.posts.models import Comment, Post
from shequtong.lib import clock

PROPERTY = f"/c/{HOME}/property"
LINE = {
    "kind": "ledger",
    "title": "南门彩灯",
    "direction": "expense",
    "amount": "4300",
    "dated": "2026-03-05",
}
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)


def entered(cast):
    return cast.property.submit(f"{PROPERTY}/new", LINE).headers["location"]


def ask(browser, address, words):
    """Ask by the button that the page shows."""
    name = "ask_too" if 'value="ask_too"' in browser.get(address).text else "question"
    answer = browser.take(address, name, reason=words)
    assert answer.status_code == 303, answer.text


def post_of(db, address):
    db.rollback()
    return db.get(Post, int(address.rsplit("/", 1)[1]))


def question_of(db, words):
    db.rollback()
    return db.scalar(select(Comment.id).where(Comment.body == words, Comment.kind == "question"))


def test_each_question_gets_its_own_answer_beneath_it(cast, db):
    address = entered(cast)
    ask(cast.resident, address, "为什么这么贵？")
    ask(cast.neighbor, address, "挂在哪里？")
    page = cast.elder.get(address).text
    assert page.count("为什么这么贵？") == 1 and page.count("挂在哪里？") == 1, "told once"
    assert (
        cast.property.take(
            address, "answer", question=question_of(db, "挂在哪里？"), reason="南门"
        ).status_code
        == 303
    )
    assert post_of(db, address).state == "questioned", "the other one still waits"
    page = cast.elder.get(address).text
    assert page.index("挂在哪里？") < page.index("南门</p>") and "等待答复" in page
    assert cast.owners.take(address, "answer", reason="三家比价，取最低").status_code == 303
    assert post_of(db, address).state == "answered"
    page = cast.elder.get(address).text
    assert page.index("为什么这么贵？") < page.index("三家比价") < page.index("挂在哪里？")


def test_who_asked_is_told_of_the_answer_and_the_keeper_of_the_question(cast):
    address = entered(cast)
    ask(cast.resident, address, "为什么这么贵？")
    assert "南门彩灯" in cast.property.get("/inbox").text
    cast.property.take(address, "answer", reason="三家比价")
    assert "回复了您" in cast.resident.get("/inbox").text
    assert "南门彩灯" not in cast.elder.get("/inbox").text


def test_each_question_is_owed_an_answer_from_when_it_was_asked(cast, db, worker):
    with clock.at(MONDAY):
        address = entered(cast)
        ask(cast.resident, address, "为什么这么贵？")
        first = post_of(db, address).owed_at
        assert post_of(db, address).owed == "first_reply"
        clock.advance(timedelta(hours=2))
        ask(cast.neighbor, address, "挂在哪里？")
        assert post_of(db, address).owed_at == first, "the first still waits longest"
        cast.property.take(address, "answer", reason="三家比价")
        assert post_of(db, address).owed_at > first, "the second has its own hours"
        clock.advance(timedelta(days=10))
        worker.run_waiting()
        assert "超时" in cast.resident.get(address).text
        cast.property.take(address, "answer", reason="南门")
        assert post_of(db, address).owed == ""
        ended = db.execute(
            select(Duty.kind, Duty.outcome).where(Duty.post_id == post_of(db, address).id).order_by(Duty.id)
        ).all()
        assert [row for row in ended if row[0] == "resolve"] == [("resolve", "kept"), ("resolve", "late")]


def test_a_question_that_is_taken_back_owes_nothing(cast, db):
    address = entered(cast)
    ask(cast.resident, address, "为什么这么贵？")
    number = question_of(db, "为什么这么贵？")
    assert cast.neighbor.submit(f"{address}/comments/{number}/delete").status_code == 403
    assert cast.resident.submit(f"{address}/comments/{number}/delete").status_code == 303
    assert (post_of(db, address).state, post_of(db, address).owed) == ("live", "")
    assert cast.property.take(address, "answer", reason="已回").status_code == 409


def test_an_answer_that_is_taken_back_leaves_its_question_waiting(cast, db):
    address = entered(cast)
    ask(cast.resident, address, "为什么这么贵？")
    cast.property.take(address, "answer", reason="写错了")
    db.rollback()
    written = db.scalar(select(Comment.id).where(Comment.kind == "answer", Comment.body == "写错了"))
    changed = cast.property.submit(f"{address}/comments/{written}/edit", {"body": "改口"})
    assert changed.status_code == 409, "what was answered is not changed in silence"
    assert cast.property.submit(f"{address}/comments/{written}/delete").status_code == 303
    assert post_of(db, address).state == "questioned" and post_of(db, address).owed
    assert cast.property.take(address, "answer", reason="三家比价").status_code == 303


def test_a_question_is_answered_once_and_where_it_was_asked(cast, db):
    address, other = entered(cast), entered(cast)
    for place in (address, other):
        ask(cast.resident, place, f"问{number_of_place(place)}")
    ask(cast.neighbor, address, "挂在哪里？")
    number = question_of(db, f"问{number_of_place(address)}")
    assert cast.property.take(other, "answer", question=number, reason="错的地方").status_code == 422
    assert cast.property.take(address, "answer", question=number, reason="").status_code == 422
    assert cast.property.take(address, "answer", question=number, reason="三家比价").status_code == 303
    assert cast.owners.take(address, "answer", question=number, reason="又答一次").status_code == 409
    for login in ("resident", "clerk", "organisation", "street"):
        assert getattr(cast, login).take(address, "answer", reason="我来答").status_code == 403


def number_of_place(address):
    return address.rsplit("/", 1)[1]


def test_a_question_that_is_hidden_waits_no_more(app, cast, db):
    address = entered(cast)
    ask(cast.resident, address, "难听的话")
    number = question_of(db, "难听的话")
    with app.state.database.writing() as session:
        post = session.get_one(Post, int(number_of_place(address)))
        said = session.get_one(Comment, number)
        assert hiding.change(session, post, said, "clear", "hidden")
    assert "难听的话" not in cast.neighbor.get(address).text
    assert (post_of(db, address).state, post_of(db, address).owed) == ("live", "")
