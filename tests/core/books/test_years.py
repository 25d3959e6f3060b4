"""A year of open books: budget, sums, balance, and corrections that stay visible."""

import re
from decimal import Decimal

import pytest
from sqlalchemy import select
from tests.cast import AWAY, HOME
from tests.counting import counted

from shequtong.core.books import yearly
from shequtong.core.communities.models import Appointment
from shequtong.core.posts import hiding
from shequtong.core.posts.models import Post

PROPERTY = f"/c/{HOME}/property"
BOOKS = f"{PROPERTY}/books"
LINE = {
    "kind": "ledger",
    "title": "3号楼水泵维修",
    "direction": "expense",
    "category": "repairs",
    "amount": "0.10",
    "dated": "2026-03-05",
    "with_whom": "沪泵机电",
}


def entered(browser, **more):
    answer = browser.submit(f"{PROPERTY}/new", LINE | more)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def planned(browser, category, amount, direction="expense", year=2026, **more):
    form = {"direction": direction, "category": category, "amount": amount} | more
    return browser.submit(f"{BOOKS}/{year}/budget", form)


def told(page, heading):
    """The cells of a row of a table, by its heading, without marks."""
    (row,) = re.findall(rf'<tr[^>]*><th scope="row">(?:<[^>]*>)*{heading}.*?</tr>', page, re.S)
    return [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]


def figure(page, label):
    """A figure at the top of the page, by its label."""
    return re.search(rf"<dt>{label}</dt><dd>([^<]*)</dd>", page)[1]


def test_a_year_tells_the_budget_what_came_of_it_and_the_balance(cast):
    assert planned(cast.owners, "repairs", "100").status_code == 303
    assert planned(cast.property, "parking", "5000", "income").status_code == 303
    assert cast.property.submit(f"{BOOKS}/2026/budget", {"balance": "1000.05"}).status_code == 303
    entered(cast.property)
    entered(cast.property, amount="0.20", dated="2026-03-09")
    entered(cast.property, amount="300.40", category="parking", direction="income", dated="2026-02-01")
    entered(cast.property, amount="7", category="green", dated="2026-01-02")
    entered(cast.property, amount="99999", dated="2025-12-31")
    page = cast.resident.get(f"{BOOKS}/2026?month=3").text
    assert told(page, "维修和设备") == ["支出", "¥100.00", "¥0.30", "¥99.70"]
    assert told(page, "停车") == ["收入", "¥5,000.00", "¥300.40", "¥4,699.60"]
    assert told(page, "绿化") == ["支出", "–", "¥7.00", "–"]
    assert figure(page, "现在结余") == "¥1,293.15", "1000.05 + 300.40 - 7 - 0.10 - 0.20, to the fen"

    assert told(page, "3 月") == ["¥0.00", "¥0.30"] and 'class="expense"' in page
    after = cast.resident.get(f"{BOOKS}/2027").text
    assert figure(after, "年初结余") == "¥1,293.15", "the next year begins with what this one left"
    before = cast.resident.get(f"{BOOKS}/2025").text
    assert figure(before, "现在结余") == "−¥99,999.00"


def test_more_than_was_planned_is_said(cast):
    planned(cast.property, "repairs", "10")
    entered(cast.property, amount="10.01")
    assert told(cast.resident.get(f"{BOOKS}/2026").text, "维修和设备")[-1] == "−¥0.01 超出预算"


def test_a_budget_that_was_set_is_changed_only_with_a_reason_that_everybody_reads(cast):
    planned(cast.property, "repairs", "100")
    refused = planned(cast.property, "repairs", "200")
    assert refused.status_code == 422 and "请说明为什么" in refused.text and 'value="200"' in refused.text
    assert planned(cast.owners, "repairs", "200", reason="水泵房漏水").status_code == 303
    page = cast.resident.get(f"{BOOKS}/2026").text
    assert told(page, "维修和设备")[1] == "¥200.00"
    assert "<del>¥100.00</del>" in page and "水泵房漏水" in page
    assert planned(cast.property, "repairs", "很多").status_code == 422
    assert planned(cast.property, "nothing", "1").status_code == 422


def test_a_correction_shows_what_it_was_by_whom_and_why_and_sums_use_what_holds(cast):
    address = entered(cast.property, amount="120.00")
    right = {**LINE, "amount": "102.00", "with_whom": "沪泵维修", "reason": "数字看反了"}
    empty = {**LINE, "amount": "120.00", "reason": "没改什么"}
    assert cast.property.take(address, "correct", **empty).status_code == 422
    assert cast.property.take(address, "correct", **right | {"reason": ""}).status_code == 422
    for login in ("resident", "clerk", "organisation", "street"):
        assert getattr(cast, login).take(address, "correct", **right).status_code == 403
    assert cast.outsider.take(address, "correct", **right).status_code == 404
    assert cast.owners.take(address, "correct", **right).status_code == 303
    shown = cast.neighbor.get(address).text
    for words in ("<del>¥120</del>", "<ins>¥102</ins>", "<del>沪泵机电</del>", "业委会", "数字看反了"):
        assert words in shown, words
    page = cast.resident.get(f"{BOOKS}/2026").text
    assert told(page, "维修和设备")[2] == "¥102.00" and "<del>¥120</del>" in page and "已更正" in page
    assert cast.property.submit(f"{address}/edit", LINE).status_code == 403


def test_a_cancelled_line_stays_struck_out_and_counts_nothing(cast):
    address = entered(cast.property, amount="55")
    entered(cast.property, title="灯泡", amount="5")
    assert cast.property.take(address, "cancel").status_code == 422
    assert cast.resident.take(address, "cancel", reason="不喜欢").status_code == 403
    assert cast.property.take(address, "cancel", reason="同一张发票录了两次").status_code == 303
    page = cast.resident.get(f"{BOOKS}/2026").text
    assert "<del>3号楼水泵维修</del>" in page and "同一张发票录了两次" in page
    assert figure(page, "支出") == "¥5.00"
    assert "同一张发票录了两次" in cast.resident.get(address).text
    assert cast.property.take(address, "correct", **LINE, reason="再改").status_code == 409


def test_what_moderation_hides_keeps_its_money(app, cast):
    address = entered(cast.property, amount="55")
    with app.state.database.writing() as session:
        post = session.get_one(Post, int(address.rsplit("/", 1)[1]))
        assert hiding.change(session, post, None, "clear", "hidden")
    page = cast.resident.get(f"{BOOKS}/2026").text
    assert "3号楼水泵维修" not in page and "沪泵机电" not in page
    assert figure(page, "支出") == "¥55.00"


def test_drafts_are_in_no_sum(cast):
    entered(cast.property, draft="1", amount="55")
    assert figure(cast.property.get(f"{BOOKS}/2026").text, "支出") == "¥0.00"


def test_strangers_read_no_books_and_only_keepers_plan(cast, visitor):
    entered(cast.property)
    for login in ("outsider", "outsecretary", "applicant"):
        for page in (BOOKS, f"{BOOKS}/2026", f"{BOOKS}/2026/budget"):
            assert getattr(cast, login).get(page).status_code in (403, 404), (login, page)
    assert visitor.get(f"{BOOKS}/2026").status_code == 303
    for login in ("resident", "clerk", "secretary", "organisation", "street", "lead"):
        assert getattr(cast, login).get(f"{BOOKS}/2026/budget").status_code == 403
        assert planned(getattr(cast, login), "repairs", "1").status_code == 403
    affairs = f"/c/{HOME}/affairs/books/2026/budget"
    assert cast.property.get(affairs).status_code == 403 and cast.clerk.get(affairs).status_code == 200
    assert cast.outsider.get(f"/c/{AWAY}/property/books/2026").status_code == 404
    assert cast.property.get(f"/c/{AWAY}/property/books/2026/budget").status_code == 404


def test_a_former_keeper_plans_and_corrects_no_more(cast, db):
    address = entered(cast.property)
    number = db.scalar(
        select(Appointment.id).where(Appointment.office == "property", Appointment.code == HOME)
    )
    ended = cast.secretary.submit(f"/c/{HOME}/people/appointments/{number}/end")
    assert ended.status_code == 303, ended.text
    assert cast.property.get(f"{BOOKS}/2026/budget").status_code in (403, 404)
    assert planned(cast.property, "repairs", "1").status_code in (403, 404)
    assert cast.property.take(address, "correct", **LINE, reason="改").status_code in (403, 404)
    assert cast.property.take(address, "cancel", reason="改").status_code in (403, 404)


@pytest.mark.parametrize("page", ["1999", "3000", "0", "99999999999999999999"])
def test_a_year_nobody_writes_about_has_no_page(cast, page):
    assert cast.resident.get(f"{BOOKS}/{page}").status_code in (404, 422)
    assert cast.resident.get(f"/c/{HOME}/talk/books/2026").status_code == 404


def test_a_year_asks_no_more_for_many_lines_than_for_few(app, cast):
    counts = []
    for more in (2, 18):
        for number in range(more):
            entered(cast.property, title=f"第{number}笔", dated=f"2026-03-{number + 1:02}")
        cast.resident.get(f"{BOOKS}/2026")
        with counted(app) as asked:
            page = cast.resident.get(f"{BOOKS}/2026").text
        counts.append(len(asked))
    assert "第17笔" in page
    assert counts[0] == counts[1] <= 8, (counts, asked)


def test_a_year_follows_from_the_last_balance_that_was_written_down():
    sums = {2023: Decimal("5.10"), 2024: Decimal("-3.05"), 2025: Decimal("0.01")}
    openings = {2024: Decimal("100.00")}
    assert yearly.opening_of(2026, openings, sums) == Decimal("96.96")
    assert yearly.opening_of(2024, openings, sums) == Decimal("100.00")
    assert yearly.opening_of(2024, {}, sums) == Decimal("5.10")
