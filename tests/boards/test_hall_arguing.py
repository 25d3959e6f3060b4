"""Deliberation hall: reasons for and against each option, and which of them convince."""

import pytest
from sqlalchemy import func, select
from tests.boards.test_hall import proposed
from tests.boards.test_hall_discussing import under_discussion
from tests.cast import HOME

from shequtong.boards.hall.models import Answer, Consensus, Remark


def argued(browser, address, words="老人坐着舒服", side="for", option=1):
    """The number of a reason that somebody has just given."""
    answer = browser.submit(f"{address}/options/{option}/arguments", {"side": side, "argument": words})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("-", 1)[1])


def convinced(browser, address, number, **fields):
    return browser.submit(f"{address}/options/arguments/{number}/convincing", fields)


def test_neighbours_give_reasons_for_and_against_an_option_and_all_read_them(cast):
    address = under_discussion(cast)
    argued(cast.owner, address, "木头冬天不凉")
    argued(cast.elder, address, "木头三年要刷一次漆", side="against")
    argued(cast.lead, address, "石头不用保养", option=2)
    page = cast.tenant.get(f"{address}/options").text
    first, second = page.split('id="option-2"')
    for words in ("木头冬天不凉", "木头三年要刷一次漆"):
        assert words in first and words not in second
    assert "石头不用保养" in second
    assert (
        first.index("木头冬天不凉") < first.index('id="side-1-against"') < first.index("木头三年要刷一次漆")
    )
    brief = cast.tenant.get(address).text
    assert "木头冬天不凉" in brief and f'href="{address}/options"' in brief


def test_one_tap_says_that_a_reason_convinces_and_another_takes_it_back(cast, db):
    address = under_discussion(cast)
    weak, strong = argued(cast.owner, address, "木头好看"), argued(cast.owner, address, "木头冬天不凉")
    for login in ("elder", "tenant", "elder"):
        assert convinced(getattr(cast, login), address, strong).status_code == 303
    assert db.get(Remark, strong).answers == 2, "once a person"
    page = cast.elder.get(f"{address}/options").text
    assert page.index("木头冬天不凉") < page.index("木头好看"), "what convinces most stands first"
    assert "2 位邻居觉得有道理" in page and 'aria-pressed="true"' in page
    for _again in range(2):
        assert convinced(cast.elder, address, strong, back="1").status_code == 303
    db.rollback()
    assert db.scalar(select(Remark.answers).where(Remark.comment_id == strong)) == 1
    assert db.scalar(select(func.count()).where(Answer.comment_id == weak)) == 0


def test_reasons_are_no_statements_and_count_in_no_consensus(cast, db):
    address = under_discussion(cast)
    number = argued(cast.owner, address)
    convinced(cast.elder, address, number)
    assert db.get(Consensus, int(address.rsplit("/", 1)[1])) is None
    said = cast.elder.submit(f"{address}/statements/{number}/answers", {"choice": "disagree"})
    assert said.status_code == 404
    assert "老人坐着舒服" not in cast.elder.get(f"{address}/statements").text


@pytest.mark.parametrize(("words", "message"), [("", "请填写"), ("好", "至少"), ("长" * 281, "280")])
def test_a_reason_is_short_and_what_was_typed_stays(cast, words, message):
    address = under_discussion(cast)
    sent = {"side": "against", "argument": words}
    answer = cast.resident.submit(f"{address}/options/2/arguments", sent)
    assert answer.status_code == 422 and message in answer.text and words in answer.text
    assert answer.text.count('<details class="ask" open>') == 1


@pytest.mark.parametrize(
    ("option", "side", "status"), [(0, "for", 404), (3, "for", 404), (1, "", 422), (1, "statement", 422)]
)
def test_a_reason_is_for_or_against_an_option_that_there_is(cast, option, side, status):
    address = under_discussion(cast)
    sent = {"side": side, "argument": "说得过去的理由"}
    assert cast.resident.submit(f"{address}/options/{option}/arguments", sent).status_code == status


def test_reasons_are_reported_hidden_and_taken_back_like_every_word(cast):
    address = under_discussion(cast)
    number = argued(cast.owner, address, "某某家最不讲道理", side="against")
    assert cast.owner.submit(f"{address}/comments/{number}/edit", {"body": "改一改"}).status_code == 409
    assert cast.elder.get(f"{address}/comments/{number}/reports/new").status_code == 200
    for login in ("elder", "neighbor", "lead"):
        sent = {"reason": "other", "note": "点名骂人"}
        assert getattr(cast, login).submit(f"{address}/comments/{number}/reports", sent).status_code == 303
    assert "某某家最不讲道理" not in cast.tenant.get(f"{address}/options").text
    assert "某某家最不讲道理" not in cast.tenant.get(address).text
    assert "某某家最不讲道理" in cast.owner.get(f"{address}/options").text
    assert convinced(cast.tenant, address, number).status_code == 404
    own = argued(cast.tenant, address, "离窗户太近")
    assert cast.tenant.submit(f"{address}/comments/{own}/delete").status_code == 303
    assert "离窗户太近" not in cast.elder.get(f"{address}/options").text
    assert convinced(cast.elder, address, own).status_code == 404


def test_the_wrong_person_neither_argues_nor_reads_nor_is_counted(cast):
    address = under_discussion(cast)
    number = argued(cast.owner, address)
    sent = {"side": "for", "argument": "我也来说一条"}
    for login in ("property", "police", "street", "district"):
        assert getattr(cast, login).submit(f"{address}/options/1/arguments", sent).status_code == 403, login
        assert convinced(getattr(cast, login), address, number).status_code == 403, login
    assert convinced(cast.clerk, address, number).status_code == 403, "staff have no home here"
    for login in ("outsider", "applicant"):
        assert getattr(cast, login).get(f"{address}/options").status_code == 404, login
        assert getattr(cast, login).submit(f"{address}/options/1/arguments", sent).status_code == 404, login
    assert cast.visitor.get(f"{address}/options").status_code in (303, 401)
    other = under_discussion(cast)
    assert convinced(cast.elder, other, number).status_code == 404, "a reason of another topic"


def test_nobody_argues_before_or_after_the_discussion(cast):
    sent = {"side": "for", "argument": "来晚了的理由"}
    early = proposed(cast.resident)
    assert cast.owner.submit(f"{early}/options/1/arguments", sent).status_code == 403
    address = under_discussion(cast)
    number = argued(cast.owner, address)
    cast.clerk.take(address, "draft", minutes="大家都同意")
    assert cast.owner.submit(f"{address}/options/1/arguments", sent).status_code == 403
    assert convinced(cast.elder, address, number).status_code == 403
    page = cast.elder.get(f"{address}/options").text
    assert "讨论已经结束" in page and "老人坐着舒服" in page and "写一条" not in page


def test_other_boards_have_no_options(cast):
    talk = cast.resident.submit(f"/c/{HOME}/talk/new", {"title": "今天天气好", "body": "出来晒太阳"})
    assert cast.elder.get(f"{talk.headers['location']}/options").status_code == 404
