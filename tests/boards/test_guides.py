"""Service guides: written by one, checked by another, fresh until a day; questions get an answer."""

from datetime import timedelta

import pytest
from tests.cast import AWAY, HOME, STREET

from shequtong.lib import clock

GUIDES = f"/c/{HOME}/guides"
ITEM = {
    "kind": "item",
    "title": "敬老卡办理",
    "category": "elders",
    "body": "年满六十五岁的上海户籍老人",
    "materials": "身份证\n户口簿",
    "steps": "到窗口取号\n交材料",
    "place": "月浦镇社区事务受理服务中心",
    "hours": "周一至周日 9:00-16:30",
    "fee": "免费",
    "owner": "民政窗口",
}
QUESTION = {
    "kind": "question",
    "title": "居住证怎么续签？",
    "category": "residence",
    "body": "我家203室的租客想问",
}


def due(days=90):
    return (clock.today() + timedelta(days=days)).isoformat()


@pytest.fixture
def item(cast):
    """An item that is live: written by a clerk, checked by another."""
    answer = cast.clerk.submit(f"{GUIDES}/new", ITEM | {"review_on": due()})
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]
    assert cast.clerk2.take(address, "review").status_code == 303
    assert cast.clerk.take(address, "publish").status_code == 303
    return address


@pytest.fixture
def question(cast):
    answer = cast.resident.submit(f"{GUIDES}/new", QUESTION)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_everybody_reads_a_live_item_with_its_checklist(cast, item):
    shown = cast.visitor.get(item).text
    assert "<span>户口簿</span>" in shown and "<span>交材料</span>" in shown and "免费" in shown
    assert "敬老卡办理" in cast.visitor.get(GUIDES).text


def test_nobody_checks_what_they_wrote_themselves(cast):
    address = cast.clerk.submit(f"{GUIDES}/new", ITEM | {"review_on": due()}).headers["location"]
    assert cast.clerk.take(address, "review").status_code == 403
    assert cast.resident.take(address, "review").status_code == 404
    assert cast.visitor.get(address).status_code == 303


def test_a_resident_asks_and_does_not_write_items(cast):
    assert cast.resident.submit(f"{GUIDES}/new", ITEM | {"review_on": due()}).status_code == 403
    assert 'name="kind" value="question"' in cast.resident.get(f"{GUIDES}/new").text
    assert 'name="kind" value="item"' in cast.clerk.get(f"{GUIDES}/new").text
    for login in ("property", "outsider", "police"):
        assert getattr(cast, login).get(f"{GUIDES}/new").status_code == 403


def test_a_question_is_answered_and_shown_to_everybody_without_private_words(cast, question):
    assert cast.visitor.get(question).status_code == 303
    assert cast.resident.take(question, "answer", answer="我知道").status_code == 403
    assert cast.police.take(question, "answer", answer="带身份证来警务室").status_code == 303
    assert "带身份证来警务室" in cast.neighbor.get(question).text
    public = {"title": "居住证怎么续签？", "body": "", "answer": "带身份证和租赁备案证明"}
    assert cast.police.take(question, "promote", **public).status_code == 403
    assert cast.clerk.take(question, "promote", **public).status_code == 303
    shown = cast.visitor.get(question).text
    assert "带身份证和租赁备案证明" in shown and "203室" not in shown and "小陈" not in shown
    listed = cast.visitor.get(GUIDES).text
    assert "居住证怎么续签" in listed and "小陈" not in listed
    assert cast.visitor.get(f"{question}/history").status_code == 303
    assert cast.outsider.get(f"{question}/history").status_code == 403
    assert "203室" in cast.neighbor.get(f"{question}/history").text


def test_the_clock_says_when_an_item_may_be_out_of_date(cast, worker):
    with clock.at(clock.now()):
        address = cast.clerk.submit(f"{GUIDES}/new", ITEM | {"review_on": due(2)}).headers["location"]
        cast.secretary.take(address, "review")
        cast.clerk.take(address, "publish")
        clock.advance(timedelta(days=1))
        worker.run_waiting()
        assert "可能已过时" not in cast.visitor.get(address).text
        clock.advance(timedelta(days=2))
        worker.run_waiting()
        assert "可能已过时" in cast.visitor.get(address).text
        assert cast.secretary.take(address, "revise").status_code == 303
        assert cast.visitor.get(address).status_code == 303
        edited = ITEM | {"review_on": due(60), "fee": "工本费 10 元"}
        assert cast.secretary.submit(f"{address}/edit", edited).status_code == 303
        assert cast.secretary.take(address, "review").status_code == 303
        cast.secretary.take(address, "publish")
        assert "工本费 10 元" in cast.visitor.get(address).text


def test_it_worked_or_it_did_not(cast, item):
    cast.elder.take(item, "helpful")
    cast.owner.take(item, "unhelpful", note="周日不开门")
    cast.elder.take(item, "unhelpful", note="")
    shown = cast.clerk.get(item).text
    assert "没办成：<strong>2</strong>" in shown.replace("</span>", "").replace(" ", "")
    assert cast.street.take(item, "helpful").status_code == 403
    assert cast.outsider.take(item, "helpful").status_code == 403


def test_an_item_of_the_street_is_read_below_and_managed_above(cast):
    answer = cast.street.submit(f"/c/{STREET}/guides/new", ITEM | {"review_on": due()})
    assert answer.status_code == 303, answer.text
    above = answer.headers["location"]
    assert cast.street.take(above, "review").status_code == 403
    number = above.rsplit("/", 1)[-1]
    assert cast.clerk.get(f"{GUIDES}/{number}").status_code == 404
    assert cast.district.take(above, "review").status_code == 303
    assert cast.street.take(above, "publish").status_code == 303
    assert "敬老卡办理" in cast.resident.get(GUIDES).text
    assert cast.resident.take(f"{GUIDES}/{number}", "helpful").status_code == 303
    for login in ("clerk", "street"):
        assert getattr(cast, login).take(f"{GUIDES}/{number}", "retire", reason="错了").status_code == 403
    assert cast.street.get(f"{GUIDES}/new").status_code == 403


def test_questions_of_one_community_are_not_read_in_another(cast, question):
    number = question.rsplit("/", 1)[-1]
    assert cast.outsider.get(question).status_code == 404
    assert cast.outsider.get(f"/c/{AWAY}/guides/{number}").status_code == 404
