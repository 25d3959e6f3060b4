"""Offer a cot, reserve it, hand it over."""

from tests.cast import HOME
from tests.journeys.conftest import refused

GOODS = f"/c/{HOME}/goods"


def test_a_cot_finds_a_new_home(person):
    giver = person("resident")
    giver.goto(f"{GOODS}/new?kind=give")
    giver.fill("[name=title]", "九成新婴儿床")
    giver.select_option("[name=category]", "baby")
    giver.fill("[name=body]", "孩子大了，送给需要的邻居。")
    giver.click("main form button.button:not(.quiet) >> nth=0")
    giver.wait_for_url("**/goods/*")
    address = giver.url

    taker = person("neighbor")
    taker.goto(GOODS)
    taker.click("text=九成新婴儿床")
    taker.click("summary:has-text('我想要')")
    taker.fill("[name=note]", "下个月添宝宝，谢谢！")
    taker.click("form button:has-text('我想要')")
    taker.wait_for_selector(".badge:has-text('已预订')")

    late = person("owner")
    late.goto(address)
    assert late.locator(".badge:has-text('已预订')").count() > 0
    assert late.locator("summary:has-text('我想要'), button:has-text('我想要')").count() == 0

    giver.goto(address)
    giver.click("button:has-text('已交接')")
    giver.wait_for_selector(".badge:has-text('已交接')")

    refused(person("outsider"), address)
