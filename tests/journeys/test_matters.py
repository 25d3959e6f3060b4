"""A lamp goes out on a Friday evening: reported, sent back, promised, not fixed, fixed; and what silence does.

Time is the town's own: the clock of this process stands, and the house served in it goes by it.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time, timedelta

import pytest
from PIL import Image
from playwright.sync_api import expect
from tests.cast import HOME
from tests.journeys.conftest import refused
from tests.journeys.test_accessible import look_at
from tests.journeys.test_publishing import press

from shequtong.lib import clock

MATTERS = f"/c/{HOME}/matters"


def the_next(weekday: int, hour: int, minute: int = 0) -> datetime:
    """That hour on the next such day (Monday is 0) without a holiday near: what a browser keeps must not be over."""
    day = date.today() + timedelta(days=1)
    while day.weekday() != weekday:
        day += timedelta(days=1)
    return datetime.combine(day, time(hour, minute), clock.LOCAL)


def report(page, title, place, *, similar=False):
    """Fill in the form and send it; where it asks whether it is the same, send it all the same."""
    page.goto(f"{MATTERS}/new")
    page.fill("[name=title]", title)
    page.select_option("[name=category]", "light")
    page.select_option("[name=building_id]", label="1号楼")
    page.fill("[name=place]", place)
    if similar:
        expect(page.locator("#similar")).to_contain_text("是不是同一件事")
        page.expected.append("status of 422")
    else:
        page.wait_for_timeout(900)
    page.click(".buttons.main button[type=submit]")
    page.wait_for_url(re.compile(r"/matters/\d+"))
    return page.url


def told(page):
    return page.locator(".stages .timeline").inner_text()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
def test_friday_evening_a_lamp_goes_out_and_is_seen_through(person):
    with clock.at(the_next(4, 20, 10)):
        first = report(person("neighbor"), "一楼门口的灯不亮", "单元门口")
        resident = person("resident")
        address = report(resident, "一楼门口灯不亮了，摸黑", "单元门口", similar=True)
        assert address != first
        assert "还剩" in resident.locator("article.post").inner_text(), "the clock waits for Monday"

        clock.advance(timedelta(days=2, hours=13))
        clerk = person("clerk")
        clerk.goto(address)
        press(clerk, "acknowledge")
        press(clerk, "dispatch", to="property", reason="请换灯")
        property = person("property")
        property.goto(address)
        press(property, "send_back", reason="这盏灯归市政管")

        clerk.goto(address)
        press(clerk, "dispatch", to="street", reason="是市政的灯")
        street = person("street", width=1280)
        street.goto(address)
        press(street, "accept", promised_on=str(clock.today() + timedelta(days=2)))
        clock.advance(timedelta(days=1))
        press(street, "claim_done", reason="换了灯泡")

        resident.goto(address)
        press(resident, "reopen", reason="晚上又不亮了")
        clerk.goto(address)
        assert "1 次" in clerk.locator("article.post").inner_text()
        press(clerk, "acknowledge")
        press(clerk, "dispatch", to="street", reason="还是不亮")
        street.goto(address)
        press(street, "accept")
        clock.advance(timedelta(hours=5))
        press(street, "claim_done", reason="线路重接")
        resident.goto(address)
        press(resident, "confirm", rating="4", reason="谢谢")

        for width in (390, 1280):
            looker = person("owner", width=width)
            looker.emulate_media(reduced_motion="reduce")
            looker.goto(address)
            way = told(looker)
            for words in ("这盏灯归市政管", "换了灯泡", "晚上又不亮了", "线路重接", "4 分"):
                assert words in way, (words, way)
            assert looker.locator(".post-head .badge.good").count() == 1
            assert fits(looker) and look_at(looker, "case") == []
        refused(person("outsider"), address)


@pytest.mark.slow
def test_silence_is_told_to_the_secretary_and_the_street_and_only_then_the_officer_writes(person):
    with clock.at(the_next(0, 9)):
        address = report(person("resident"), "花坛边的灯一直闪", "花坛边")
        street = person("street")
        street.goto(address)
        assert street.locator("form[action$='/comments']").count() == 0
        secretary = person("secretary")
        for days in range(1, 10):
            clock.advance(timedelta(days=1, hours=8 if days == 1 else 0))
            heard = wait_for(secretary, "没有按时")
            if heard:
                break
        assert heard, "the secretary hears of it"
        for _day in range(10):
            if heard := wait_for(street, "没有按时"):
                break
            clock.advance(timedelta(days=1))
        assert heard, "and then the street"
        street.goto(address)
        assert "超时" in street.locator("article.post").inner_text()
        street.fill("form[action$='/comments'] [name=body]", "请居委会今天回复居民。")
        street.click("form[action$='/comments'] button[type=submit], form[action$='/comments'] .button")
        expect(street.locator("main")).to_contain_text("请居委会今天回复居民。")
        resident = person("resident")
        resident.goto(address)
        expect(resident.locator("main")).to_contain_text("请居委会今天回复居民。")
        assert fits(resident)


def wait_for(page, words, tries=12):
    """Does the inbox say so, within two seconds of the worker?"""
    for _try in range(tries):
        page.goto("/inbox")
        if words in page.locator("main").inner_text():
            return True
        page.wait_for_timeout(200)
    return False


def photos(number, broken):
    """Pictures of some 30 kB each, one of them no picture at all."""
    noise = Image.effect_noise((220, 160), 90)
    made = io.BytesIO()
    noise.save(made, "JPEG", quality=90)
    files = []
    for n in range(1, number + 1):
        content = b"\xff\xd8\xff\xe0 torn" if n == broken else made.getvalue()
        files.append({"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": content})
    return files


def test_of_ten_photos_on_a_slow_line_one_fails_and_nothing_else_is_lost(person):
    resident = person("resident", javascript=False)
    line = resident.context.new_cdp_session(resident)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 300, "downloadThroughput": 60_000, "uploadThroughput": 60_000}
    line.send("Network.emulateNetworkConditions", slow)
    resident.set_default_timeout(40_000)
    resident.expected.append("status of 422")
    resident.goto(f"{MATTERS}/new")
    resident.fill("[name=title]", "楼道里堆满了纸箱")
    resident.select_option("[name=category]", "corridor")
    resident.fill("[name=place]", "三楼到四楼")
    resident.fill("[name=body]", "老人下楼要侧着身子。")
    resident.set_input_files("#f-photos", photos(10, broken=6))
    resident.click(".buttons.main button[type=submit]")
    expect(resident.locator("#f-photos-error")).to_contain_text("6.jpg")
    assert resident.locator("[name=photo_ids]:checked").count() == 9
    assert resident.input_value("[name=body]") == "老人下楼要侧着身子。"
    assert resident.input_value("[name=place]") == "三楼到四楼"
    resident.click(".buttons.main button[type=submit]")
    resident.wait_for_url(re.compile(r"/matters/\d+$"))
    assert resident.locator(".photo-grid img").count() == 9


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_matters_have_no_findings(person, width):
    first = report(person("neighbor"), "一楼门口的灯不亮", "单元门口")
    resident = person("resident", width=width)
    resident.emulate_media(reduced_motion="reduce")
    resident.goto(f"{MATTERS}/new")
    resident.fill("[name=title]", "一楼门口的灯不亮")
    resident.select_option("[name=category]", "light")
    expect(resident.locator("#similar")).to_contain_text("是不是同一件事")
    found = look_at(resident, "similar")
    resident.expected.append("status of 422")
    resident.locator("main form.form").first.evaluate("form => { form.noValidate = true }")
    resident.fill("[name=title]", "")
    resident.click(".buttons.main button[type=submit]")
    resident.wait_for_selector("[aria-invalid=true]")
    found += look_at(resident, "report with mistakes")
    clerk = person("secretary", width=width)
    clerk.emulate_media(reduced_motion="reduce")
    clerk.goto(first)
    press(clerk, "acknowledge")
    for where in (first, MATTERS, *(f"/c/{HOME}/{page}" for page in PAGES)):
        clerk.goto(where)
        clerk.evaluate("document.querySelectorAll('main details.ask').forEach(asks => { asks.open = true })")
        assert fits(clerk), where
        found += look_at(clerk, where)
    assert found == []


PAGES = ("desk", "desk/templates", "duties", "visits", "plans", "settings/keys", "settings")
