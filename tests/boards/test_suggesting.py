"""Answers that are there already: shown before a desk is asked, to those who may read them, and counted."""

import pytest
from tests.boards.guiding import GUIDES, a_guide
from tests.boards.test_every_board import counted
from tests.boards.test_services import ANSWER, MARKER, QUESTION, SERVICES, closed, number, posted, published
from tests.cast import AWAY, HOME

SUGGESTIONS = f"{SERVICES}/suggestions"
DIZZY = QUESTION | {"title": "妈妈早上头晕怎么办", "body": "每天都这样，已经三天了"}


@pytest.fixture
def answer(cast):
    """A published answer: what to do when one is dizzy in the morning."""
    return published(cast)


def of(cast, title, body=""):
    answer = cast.neighbor.submit(SUGGESTIONS, {"title": title, "body": body})
    assert answer.status_code == 200
    return answer.text


def test_what_comes_near_is_shown_while_one_types(answer, cast):
    for title, body in ((DIZZY["title"], ""), ("请问", "最近早上总是头晕"), ("早上头晕", "")):
        assert ANSWER["title"] in of(cast, title, body)
    for title in ("", "什么", "楼下有人养鸡", "请问怎么办"):
        assert ANSWER["title"] not in of(cast, title)


def test_the_first_send_shows_them_and_the_second_asks_and_nothing_is_lost(answer, cast):
    first = cast.neighbor.submit(f"{SERVICES}/new", DIZZY | {"seen": ""})
    assert first.status_code == 422 and "这些答案也许能帮到您" in first.text
    for kept in (DIZZY["title"], DIZZY["body"], ANSWER["title"], ANSWER["body"], "还是发送"):
        assert kept in first.text
    seen = first.text.split('name="seen" value="')[1].split('"')[0]
    assert cast.neighbor.submit(f"{SERVICES}/new", DIZZY | {"seen": seen}).status_code == 303


def test_what_answered_it_is_counted_once_for_each_person(answer, cast):
    shown = of(cast, DIZZY["title"])
    where = shown.split('formaction="')[1].split('"')[0]
    for person in (cast.neighbor, cast.neighbor, cast.owner):
        done = person.submit(where, {})
        assert done.status_code == 303
    page = cast.neighbor.get(done.headers["location"]).text
    assert "什么都没有发出去" in page and ANSWER["title"] in page
    assert "2 位邻居" in cast.clerk.get(f"/c/{HOME}/settings/desks").text


def test_the_handbook_answers_too(cast):
    a_guide(cast, category="elders")
    asked = of(cast, "老人的敬老卡去哪里办理")
    assert "敬老卡办理" in asked and f"{GUIDES}/" in asked


def test_a3_private_questions_are_suggested_to_nobody(cast):
    posted(cast.resident, QUESTION)
    closed(cast, consent="1")
    for login in ("resident", "neighbor", "clerk"):
        sent = getattr(cast, login).submit(SUGGESTIONS, {"title": QUESTION["title"], "body": MARKER})
        assert MARKER not in sent.text, login


def test_only_who_may_ask_is_shown_something_and_counts(answer, cast):
    post_id = number(of(cast, DIZZY["title"]).split('formaction="')[1].split('"')[0])
    for login in ("applicant", "outsider", "street"):
        person = getattr(cast, login)
        for where in (SUGGESTIONS, f"{SUGGESTIONS}/{post_id}"):
            assert person.submit(where, DIZZY).status_code == 403, (login, where)
    assert cast.outsider.submit(f"/c/{AWAY}/services/suggestions/{post_id}", {}).status_code == 404
    private = number(posted(cast.resident, QUESTION, title="居住证", body="去哪里办"))
    for wrong in (private, 0, 2**63):
        assert cast.resident.submit(f"{SUGGESTIONS}/{wrong}", {}).status_code == 404
    assert cast.resident.submit(f"/c/{HOME}/talk/suggestions", DIZZY).status_code == 404


def test_looking_costs_the_same_for_many_as_for_few(cast, app):
    asked = []
    for many in (1, 4):
        for which in range(many):
            a_guide(cast, title=f"敬老卡办理{many}{which}")
        of(cast, "敬老卡")
        with counted(app) as queries:
            of(cast, "敬老卡")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 5
