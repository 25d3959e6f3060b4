"""A table with one broken row is mended and entered, and a line of it questioned and answered, on a phone."""

import re

from tests.cast import HOME

from shequtong.lib.spreadsheets import Sheet, as_csv

PROPERTY = f"/c/{HOME}/property"
ROWS = [
    ["日期", "用在哪里？", "收支类别", "预算科目", "金额", "对方单位"],
    ["2026-03-05", "水泵维修", "支出", "维修和设备", "12800.50", "沪泵机电"],
    ["2026-03-06", "楼道灯泡", "支出", "维修和设备", "很多", "五金店"],
]


def test_a_table_is_mended_and_entered_and_a_line_of_it_is_questioned_and_answered(person):
    keeper = person("property", javascript=False)
    keeper.goto(f"{PROPERTY}/books")
    keeper.click("text=用表格录账")
    keeper.set_input_files(
        "[name=file]", {"name": "三月.csv", "mimeType": "text/csv", "buffer": as_csv(Sheet("", ROWS))}
    )
    keeper.click("text=先看看会记哪些")
    assert "第3行" in keeper.inner_text("#row-3") and "金额" in keeper.inner_text("#row-3")
    keeper.fill("#row-3 [name=amount]", "35")
    keeper.click("text=保存这一行")
    keeper.click("text=登记 2 笔")
    keeper.wait_for_selector("text=已登记 2 笔")

    resident = person("resident")
    resident.goto(f"{PROPERTY}/books/2026?month=3")
    assert resident.evaluate("document.documentElement.scrollWidth <= innerWidth")
    resident.click("text=水泵维修")
    resident.wait_for_url(re.compile(r"/property/\d+"))
    resident.click("summary:has-text('我要问一问')")
    resident.fill("[name=reason]", "有没有三家比价？")
    resident.click("details[open] button[type=submit]")
    resident.wait_for_selector("text=等待答复")

    keeper.goto(resident.url.split("#")[0])
    keeper.click("summary:has-text('答复这条提问')")
    keeper.fill("#comment-1 [name=reason]", "有，取最低的一家")
    keeper.click("text=发出答复")
    keeper.wait_for_selector("text=有，取最低的一家")
    resident.goto("/inbox")
    resident.wait_for_selector("text=回复了您")
    resident.click("text=水泵维修")
    resident.wait_for_selector("text=有，取最低的一家")
