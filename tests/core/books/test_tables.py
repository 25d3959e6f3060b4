"""Lines sent as a table: seen and mended before they are entered, never twice; and a year fetched as a table."""

import csv
import io
import re

import pytest
from tests.cast import AWAY, HOME

from shequtong.lib.spreadsheets import Sheet, as_csv, as_xlsx, read

BOOKS = f"/c/{HOME}/property/books"
HEADS = ["日期", "用在哪里？", "收支类别", "预算科目", "金额", "对方单位"]
GOOD = [
    ["2026-03-05", "水泵维修", "支出", "维修和设备", "12,800.50", "沪泵机电"],
    ["2026/3/6", "停车费", "收入", "停车", "¥300", ""],
]
BROKEN = ["2026-13-40", "灯泡", "支出", "维修和设备", "很多", ""]


def sheet(*rows):
    return Sheet("账目", [HEADS, *rows])


def send(browser, content, name="三月.csv", books=BOOKS):
    return browser.submit(f"{books}/import", files={"file": (name, content)})


def seen(page):
    return re.search(r'name="seen" value="([^"]+)"', page)[1]


def lines(browser):
    return browser.get(f"{BOOKS}/2026?month=3").text


@pytest.mark.parametrize("encode", [as_csv, lambda one: as_xlsx([one], figures=False), None])
def test_a_table_is_seen_before_it_is_entered_and_enters_nothing_twice(cast, encode):
    plain = "\n".join(",".join(f'"{cell}"' for cell in row) for row in sheet(*GOOD).rows)
    content = encode(sheet(*GOOD)) if encode else plain.encode("gb18030")
    place = send(cast.property, content).headers["location"]
    page = cast.property.get(place).text
    assert "¥12,800.50" in page and "现在还什么都没有写入" in page
    assert "水泵维修" not in lines(cast.resident), "nothing is written before it is confirmed"
    done = cast.property.submit(place, {"seen": seen(page)})
    assert done.status_code == 303
    page = lines(cast.resident)
    assert "水泵维修" in page and "−¥12,800.50" in page and "停车费" in page
    assert cast.property.get(place).status_code == 404
    place = send(cast.owners, content).headers["location"]
    page = cast.owners.get(place).text
    assert "已经在账上" in page and 'name="seen"' not in page, "the same file again has nothing to enter"


def test_a_broken_row_is_told_by_row_and_column_and_mended_on_the_page(cast):
    place = send(cast.property, as_csv(sheet(GOOD[0], BROKEN, GOOD[1]))).headers["location"]
    page = cast.property.get(place).text
    assert "第3行" in page and "“日期”" in page and "“金额”" in page and 'value="很多"' in page
    assert 'name="seen"' not in page
    refused = cast.property.submit(place, {"seen": "anything"})
    assert refused.status_code == 422 and "水泵维修" not in lines(cast.resident)
    mended = {"dated": "2026-03-07", "title": "灯泡", "direction": "expense", "category": "repairs"}
    assert cast.property.submit(f"{place}/rows/3", mended | {"amount": "五元"}).status_code == 303
    assert 'value="五元"' in cast.property.get(place).text, "what was typed stays"
    assert cast.property.submit(f"{place}/rows/3", mended | {"amount": "5"}).status_code == 303
    page = cast.property.get(place).text
    assert cast.property.submit(place, {"seen": seen(page)}).status_code == 303
    assert all(title in lines(cast.resident) for title in ("水泵维修", "灯泡", "停车费"))


def test_a_row_can_be_left_out_and_a_table_put_away(cast):
    place = send(cast.property, as_csv(sheet(GOOD[0], BROKEN))).headers["location"]
    assert cast.property.submit(f"{place}/rows/99", {"leave_out": "1"}).status_code == 404
    assert cast.property.submit(f"{place}/rows/3", {"leave_out": "1"}).status_code == 303
    assert 'name="seen"' in cast.property.get(place).text
    assert cast.property.submit(place, {"remove": "1"}).status_code == 303
    assert cast.property.get(place).status_code == 404
    assert "水泵维修" not in lines(cast.resident)


def test_two_tickets_alike_are_two_lines_and_a_corrected_line_is_known_again(cast):
    rows = [GOOD[1], GOOD[1]]
    place = send(cast.property, as_csv(sheet(*rows))).headers["location"]
    cast.property.submit(place, {"seen": seen(cast.property.get(place).text)})
    page = lines(cast.resident)
    assert page.count(">停车费</a>") == 2
    (address, *_rest) = re.findall(r'href="([^"]*/property/\d+)">停车费', page)
    right = {"direction": "income", "category": "parking", "amount": "30", "dated": "2026-03-06"}
    assert cast.property.take(address, "correct", **right, reason="多打一个零").status_code == 303
    place = send(cast.property, as_csv(sheet(*rows, GOOD[1]))).headers["location"]
    page = cast.property.get(place).text
    assert "登记 1 笔" in page, "a third one is new, the corrected one is not entered again"


def test_what_changed_meanwhile_is_looked_at_again(cast):
    places = [send(cast.property, as_csv(sheet(GOOD[0]))).headers["location"] for _ in range(2)]
    marks = [seen(cast.property.get(place).text) for place in places]
    assert cast.property.submit(places[0], {"seen": marks[0]}).status_code == 303
    assert cast.property.submit(places[1], {"seen": marks[1]}).status_code == 409
    assert lines(cast.resident).count(">水泵维修</a>") == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00\x01", "日期\n2026-01-01".encode(), as_csv(sheet()), as_csv(sheet(*[GOOD[0]] * 300))],
)
def test_what_is_no_table_of_lines_is_refused_in_words(cast, content):
    refused = send(cast.property, content)
    assert refused.status_code == 422 and 'class="error"' in refused.text


def test_only_keepers_send_and_see_tables(cast, visitor):
    place = send(cast.property, as_csv(sheet(GOOD[0]))).headers["location"]
    for login in ("resident", "clerk", "organisation", "street", "outsider", "outsecretary", "applicant"):
        browser = getattr(cast, login)
        for page in (f"{BOOKS}/import", place, f"{BOOKS}/import/empty.csv"):
            assert browser.get(page).status_code in (403, 404), (login, page)
        for form in ({"seen": "x"}, {"remove": "1"}):
            assert browser.submit(place, form).status_code in (403, 404), login
        assert browser.submit(f"{place}/rows/2", {"leave_out": "1"}).status_code in (403, 404)
    other = place.replace("/property/", "/affairs/")
    assert cast.clerk.get(other).status_code == 404, "a table of other books"
    assert cast.property.get(place.replace(HOME, AWAY)).status_code == 404
    assert cast.property.get(place).status_code == 200


def test_a_year_is_fetched_as_a_table_in_which_nothing_is_a_formula(cast):
    place = send(cast.property, as_csv(sheet(GOOD[0], ["2026-03-08", "=1+1", "支出", "", "0.10", "@x"])))
    place = place.headers["location"]
    cast.property.submit(place, {"seen": seen(cast.property.get(place).text)})
    told = cast.resident.get(f"{BOOKS}/2026/lines.csv")
    assert told.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(told.content.decode("utf-8-sig"))))
    assert rows[1][4] == "12800.50" and rows[2][1].startswith("'=") and rows[2][6] == "-12800.60"
    book = read(cast.resident.get(f"{BOOKS}/2026/lines.xlsx").content, 50)
    assert book[2][1] == "=1+1"
    assert "12800.60" in cast.resident.get(f"{BOOKS}/2026/accounts.csv").text
    for login in ("outsider", "applicant"):
        assert getattr(cast, login).get(f"{BOOKS}/2026/lines.csv").status_code in (403, 404)
    assert cast.resident.get(f"{BOOKS}/2026/lines.pdf").status_code == 404
    assert cast.resident.get(f"{BOOKS}/2026/others.csv").status_code == 404
