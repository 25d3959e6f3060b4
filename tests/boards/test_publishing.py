"""An answer becomes everybody's: in other words, looked over, agreed to, and gone when the yes is taken back."""

from datetime import date

import pytest
from sqlalchemy import select, text
from tests.boards.test_services import (
    ANSWER,
    MARKER,
    SERVICES,
    closed,
    number,
    posted,
    published,
    take,
    walk,
)
from tests.cast import HOME, PASSWORD

from shequtong.boards.services import redacting
from shequtong.boards.services.models import Service
from shequtong.core.communities.models import Appointment, Dwelling
from shequtong.core.duties.models import Duty
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Post
from shequtong.core.registry.finding import name_index
from shequtong.core.registry.models import Person
from shequtong.lib import clock


@pytest.fixture
def question(cast):
    """An answered question whose author lets the desk write it up."""
    return closed(cast, consent="1")


def found(browser, words="头晕"):
    return browser.get("/search", params={"q": words, "in": HOME}).text


def test_it_goes_out_after_a_second_look_and_a_yes_to_the_very_words(question, cast, db):
    walk(question, (cast.doctor, "draft", ANSWER))
    assert ANSWER["body"] not in cast.resident.get(question).text, "not before it was looked over"
    assert ANSWER["title"] not in cast.neighbor.get(SERVICES).text
    assert "血压高" in cast.clerk.get(f"/c/{HOME}/desk").text, "it waits for the committee too"
    walk(question, (cast.clerk, "approve", {}))
    assert "现在由提问的邻居读一读" in cast.resident.get("/inbox").text
    shown = cast.resident.get(question).text
    assert ANSWER["title"] in shown and ANSWER["body"] in shown and "同意，就公开这些话" in shown
    assert ANSWER["title"] not in found(cast.neighbor)
    walk(question, (cast.resident, "agree", {}))
    answer = db.scalars(select(Post).filter_by(board="services", kind="answer")).one()
    assert (answer.author_id, answer.state, answer.audience) == (cast.doctor.id, "published", "community")
    public = f"{SERVICES}/{answer.id}"
    for login in ("neighbor", "lead", "street"):
        browser = getattr(cast, login)
        for page in (public, f"{public}/history", SERVICES, f"/c/{HOME}"):
            told = browser.get(page).text
            assert MARKER not in told and "小陈" not in told and str(question) not in told, (login, page)
        assert browser.get(question).status_code == 404
    assert "大家问过的" in cast.neighbor.get(SERVICES).text
    assert "家庭医生刘" in cast.neighbor.get(public).text
    assert ANSWER["title"].replace("头晕", "<mark>头晕</mark>") in found(cast.neighbor)


def test_the_wrong_person_at_every_step(question, cast):
    others = ("neighbor", "lead", "police", "lawyer", "property", "street")
    for step, fields, right in (
        ("draft", ANSWER, cast.doctor),
        ("approve", {}, cast.clerk),
        ("agree", {}, cast.resident),
        ("withdraw", {}, cast.resident),
    ):
        for login in others:
            assert take(getattr(cast, login), question, step, **fields).status_code == 404, (step, login)
        wrong = cast.doctor if right is cast.resident else cast.resident
        assert take(wrong, question, step, **fields).status_code == 403, step
        walk(question, (right, step, fields))


def test_four_eyes_who_wrote_it_does_not_look_it_over_and_nobody_publishes_for_who_asked(question, cast):
    walk(question, (cast.clerk, "draft", ANSWER))
    for step in ("approve", "send_back"):
        assert take(cast.clerk, question, step, reason="自己看过了").status_code == 409
    walk(question, (cast.doctor, "approve", {}))
    for person in (cast.clerk, cast.doctor, cast.secretary):
        assert take(person, question, "agree").status_code == 403


def test_without_a_yes_nothing_is_written_up_and_it_may_be_given_later(cast):
    question = closed(cast)
    assert take(cast.doctor, question, "draft", **ANSWER).status_code == 409
    assert take(cast.doctor, question, "permit").status_code == 403
    walk(question, (cast.resident, "permit", {}), (cast.doctor, "draft", ANSWER))


def test_what_was_changed_since_it_was_read_is_not_passed_on(question, cast, db):
    walk(question, (cast.doctor, "draft", ANSWER))
    seen = db.get(Post, number(question)).version
    walk(question, (cast.doctor, "draft", ANSWER | {"body": "换了一种说法"}))
    assert take(cast.clerk, question, "approve", version=str(seen)).status_code == 409
    assert take(cast.clerk, question, "draft", **ANSWER).status_code == 409, "another person's text"


def test_what_comes_back_is_mended_from_where_it_was(question, cast):
    walk(
        question,
        (cast.doctor, "draft", ANSWER),
        (cast.clerk, "send_back", {"reason": "门诊时间写错了"}),
    )
    assert (
        "门诊时间写错了" in cast.doctor.get(question).text
        and ANSWER["body"] in cast.doctor.get(question).text
    )
    walk(
        question,
        (cast.doctor, "draft", ANSWER),
        (cast.clerk, "approve", {}),
        (cast.resident, "ask_for_other_words", {"reason": "别提三天"}),
        (cast.doctor, "draft", ANSWER),
    )


def test_taken_back_it_is_gone_at_once_from_page_list_feed_and_index(cast, db):
    question, answer = published(cast)
    assert ANSWER["title"] in cast.neighbor.get("/home").text
    walk(question, (cast.resident, "withdraw", {}))
    assert cast.neighbor.get(answer).status_code == 404
    for page in (SERVICES, f"{SERVICES}?kind=answer", f"/c/{HOME}", "/home"):
        for person in (cast.neighbor, cast.clerk, cast.doctor):
            assert ANSWER["title"] not in person.get(page).text, page
    assert "<mark>" not in found(cast.neighbor) and "<mark>" not in found(cast.clerk, "早上头晕怎么办")
    db.rollback()
    gone = db.get(Post, number(answer), populate_existing=True)
    assert (gone.title, gone.body) == ("", "") and gone.deleted_at is not None
    of_index = "rowid" if db.get_bind().dialect.name == "sqlite" else "id"
    left = db.execute(text(f"SELECT count(*) FROM search_post WHERE {of_index} = :id"), {"id": gone.id})
    assert left.scalar() == 0
    kept = db.get(Service, number(question), populate_existing=True)
    assert (kept.draft_title, kept.draft_body, kept.consent, kept.answer_id) == ("", "", False, None)


def test_a_published_answer_is_not_changed_behind_the_back_of_who_agreed(cast):
    _question, answer = published(cast)
    for person in (cast.doctor, cast.clerk, cast.resident):
        assert person.submit(f"{answer}/edit", ANSWER | {"desk": "doctor"}).status_code == 403


def test_what_its_writer_takes_away_leaves_no_dead_link(cast):
    question, answer = published(cast)
    assert cast.doctor.submit(f"{answer}/delete", {}).status_code == 303
    assert "已公开：" not in cast.resident.get(question).text
    walk(question, (cast.resident, "withdraw", {}))


def test_what_was_published_goes_with_the_account_of_who_asked(cast):
    _question, answer = published(cast)
    assert cast.resident.submit("/me/erase", {"password": PASSWORD, "sure": "1"}).status_code == 303
    assert cast.neighbor.get(answer).status_code == 404


def test_who_wrote_it_and_has_left_leaves_nothing_to_publish(question, cast, app):
    walk(question, (cast.doctor, "draft", ANSWER), (cast.clerk, "approve", {}))
    with app.state.database.writing() as session:
        session.scalars(select(Appointment).filter_by(office="doctor")).one().until = date(2020, 12, 31)
    refused = take(cast.resident, question, "agree")
    assert refused.status_code == 409 and "重新整理" in refused.text
    walk(question, (cast.resident, "ask_for_other_words", {"reason": "请重新写"}))


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("小陈你好", "提问人的名字"),
        ("打13812345678找她", "电话号码"),
        ("证号310113195001011234", "身份证号"),
        ("住101的那位", "提问人的房号"),
    ],
)
def test_what_tells_who_asked_must_go(question, cast, words, what):
    for seen in ({}, {"seen": "1"}):
        answer = take(cast.doctor, question, "draft", title=ANSWER["title"], body=words, **seen)
        assert answer.status_code == 422 and "请去掉" in answer.text and what in answer.text
        assert words in answer.text


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("和阿芳一样", "邻居的名字"),
        ("王阿婆也是", "称呼"),
        ("三号楼502室", "地址"),
        ("3号楼有人", "本社区的楼"),
        ("住2-1203", "地址"),
    ],
)
def test_what_may_tell_it_is_pointed_out_until_somebody_says_that_they_looked(question, cast, words, what):
    sent = {"title": ANSWER["title"], "body": words}
    answer = take(cast.doctor, question, "draft", **sent)
    assert answer.status_code == 422 and what in answer.text and words in answer.text
    walk(question, (cast.doctor, "draft", sent | {"seen": "1"}))
    assert "这几处请再看一眼" in cast.clerk.get(question).text


def test_a_name_of_the_registry_is_found_without_reading_anybody(cast, app):
    asker = cast.resident.id
    with app.state.database.writing() as session:
        home = session.scalars(select(Dwelling).where(Dwelling.code == HOME)).first()
        where = {"code": HOME, "building_id": home.building_id, "dwelling_id": home.id}
        named = {"name": "顾美娣", "name_index": name_index("顾美娣")}
        session.add(Person(**where, **named, at=clock.now()))
        session.flush()
        told = redacting.find(session, HOME, asker, "像顾美娣那样早上头晕，黄瓜少吃。")
    assert [one.words for one in told] == ["顾美娣"]


def test_the_real_name_of_who_asked_never_stays(cast, app):
    asker = cast.resident.id
    with app.state.database.writing() as session:
        session.get(Account, asker).real_name = "陈 建国"
        session.flush()
        told = redacting.find(session, HOME, asker, "陈建国先生早上头晕")
    assert told[0].must_go


@pytest.mark.parametrize(
    "words", ["连续三天请来门诊，每天10毫克", "挂号费19.5元", "百分之五十，第3条第2款", "12348"]
)
def test_plain_words_are_left_alone(cast, app, words):
    with app.state.database.reading() as session:
        assert redacting.find(session, HOME, cast.resident.id, words) == []


def test_who_asked_says_not_yet_once_and_the_clock_runs_again(cast, db):
    address = posted(cast.resident, {"kind": "question", "desk": "doctor", "title": f"睡不着{MARKER}"})
    walk(address, (cast.doctor, "take", {}), (cast.doctor, "answer", {"reason": "早点上床"}))
    owed = select(Duty).where(Duty.post_id == number(address), Duty.done_at.is_(None))
    assert [one.kind for one in db.scalars(owed) if one.kind == "first_reply"] == []
    walk(address, (cast.resident, "ask_again", {"reason": "还是睡不着"}))
    db.rollback()
    assert "first_reply" in [one.kind for one in db.scalars(owed)]
    walk(address, (cast.doctor, "answer", {"reason": "请来门诊"}))
    assert take(cast.resident, address, "ask_again", reason="还是不行").status_code == 409
    shown = cast.resident.get(address).text
    assert "再提一个问题" in shown and 'value="ask_again"' not in shown
    walk(address, (cast.resident, "close", {}))
