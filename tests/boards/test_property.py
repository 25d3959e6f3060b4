"""The property window, and open books altogether: every line can be questioned, and stands as it was entered."""

import pytest
from tests.cast import AWAY, HOME

PROPERTY = f"/c/{HOME}/property"
LINE = {
    "kind": "ledger",
    "title": "3号楼水泵维修",
    "direction": "expense",
    "amount": "12800.50",
    "dated": "2026-03-05",
    "with_whom": "沪泵机电",
    "body": "更换轴承",
}
CONTRACT = {
    "kind": "contract",
    "title": "保洁服务",
    "with_whom": "洁净公司",
    "dated": "2026-01-01",
    "ends": "2026-12-31",
}
MINUTES = {"kind": "minutes", "title": "业委会第三次会议", "dated": "2026-02-01", "body": "讨论停车费"}


def entered(browser, fields, **more):
    answer = browser.submit(f"{PROPERTY}/new", fields | more)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def take(browser, address, name, **fields):
    return browser.submit(f"{address}/transitions", {"name": name, **fields})


def test_a_line_says_how_much_went_where_and_when(cast):
    address = entered(cast.property, LINE)
    listed = cast.resident.get(PROPERTY).text
    assert "支出" in listed and "¥12,800.50" in listed
    assert "沪泵机电" in cast.resident.get(address).text


def test_firm_and_owners_committee_keep_the_books_and_minutes_are_the_committees(cast):
    for browser in (cast.property, cast.owners):
        entered(browser, LINE)
        entered(browser, CONTRACT)
    entered(cast.owners, MINUTES)
    assert cast.property.submit(f"{PROPERTY}/new", MINUTES).status_code == 403
    for login in ("resident", "clerk", "lead", "organisation", "street", "applicant", "outsider"):
        assert getattr(cast, login).submit(f"{PROPERTY}/new", LINE).status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"amount": ""}, {"amount": "很多"}, {"amount": "-5"}, {"direction": "gift"}, {"dated": ""}]
)
def test_a_line_without_its_figures_is_no_line(cast, wrong):
    assert cast.property.submit(f"{PROPERTY}/new", LINE | wrong).status_code == 422


def test_a_resident_questions_a_line_and_the_keepers_answer(cast):
    address = entered(cast.property, LINE)
    for login in ("property", "clerk", "street"):
        assert take(getattr(cast, login), address, "question", reason="为什么这么贵？").status_code == 403
    assert take(cast.resident, address, "question").status_code == 422
    assert take(cast.resident, address, "question", reason="为什么这么贵？").status_code == 303
    assert "有人提问，待答复" in cast.neighbor.get(PROPERTY).text
    for login in ("resident", "clerk", "organisation"):
        assert take(getattr(cast, login), address, "answer", reason="附发票").status_code == 403
    assert take(cast.owners, address, "answer", reason="附三家报价").status_code == 303
    shown = cast.neighbor.get(address).text
    assert "为什么这么贵？" in shown and "附三家报价" in shown
    assert take(cast.neighbor, address, "question", reason="报价单在哪里？").status_code == 303
    assert take(cast.property, address, "cancel", reason="过期").status_code == 409


def test_what_was_published_stands(cast):
    address = entered(cast.property, LINE)
    assert cast.property.submit(f"{address}/edit", LINE | {"amount": "1"}).status_code == 403
    assert cast.property.submit(f"{address}/delete").status_code == 403
    assert take(cast.property, address, "cancel").status_code == 422
    assert take(cast.property, address, "cancel", reason="金额录错，已重新公开").status_code == 303
    assert "金额录错，已重新公开" in cast.resident.get(address).text


def test_a_draft_is_corrected_before_anybody_reads_it(cast):
    address = entered(cast.property, LINE, draft="1")
    assert cast.resident.get(address).status_code == 404
    assert cast.property.submit(f"{address}/edit", LINE | {"amount": "12000"}).status_code == 303
    assert take(cast.property, address, "publish").status_code == 303
    assert "¥12,000" in cast.resident.get(address).text


def test_a_community_that_did_not_turn_it_on_has_no_such_board(cast):
    assert cast.outsider.get(f"/c/{AWAY}/property").status_code == 404
    assert "/property" not in cast.outsider.get(f"/c/{AWAY}").text
    assert "/property" in cast.resident.get(f"/c/{HOME}").text
