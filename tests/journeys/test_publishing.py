"""A notice is published and confirmed; a street lamp is reported and mended; a proposal finds co-signers."""

import io
from datetime import timedelta

from PIL import Image
from tests.cast import HOME
from tests.journeys.conftest import refused

from shequtong.lib import clock

COMMUNITY = f"/c/{HOME}"


def publish(page):
    page.click("main form.form button.button:not(.quiet, .plain) >> nth=0")
    page.wait_for_url(lambda url: url.rsplit("/", 1)[-1].isdigit())
    return page.url


def test_a_notice_that_must_be_read_is_confirmed_by_a_household(person):
    clerk = person("clerk", width=1280)
    clerk.goto(f"{COMMUNITY}/notices/new")
    clerk.fill("[name=title]", "明天上午停水")
    clerk.check("[name=kind][value=must_read]")
    clerk.fill("[name=body]", "因水管维修，明天 8:00 至 12:00 停水，请提前储水。")
    clerk.fill("[name=until]", (clock.local(clock.now()).date() + timedelta(days=3)).isoformat())
    address = publish(clerk)

    guest = person()
    guest.goto(f"{COMMUNITY}/notices")
    guest.click("text=明天上午停水")
    assert guest.locator("text=请提前储水").count() == 1
    assert guest.locator(".post-transitions button").count() == 0

    resident = person("resident")
    resident.goto(address)
    resident.click(".post-transitions button")
    resident.wait_for_selector(".post-transitions .badge.good")
    refused(person("resident"), f"{COMMUNITY}/notices/new", 403)


def test_a_street_lamp_is_reported_with_a_photo_and_mended(person, tmp_path):
    photo = tmp_path / "lamp.jpg"
    Image.new("RGB", (1200, 900), "#345").save(photo)
    resident = person("resident")
    resident.goto(f"{COMMUNITY}/matters/new")
    resident.set_input_files("[name=photos]", photo)
    resident.fill("[name=title]", "3号楼东侧路灯不亮")
    resident.select_option("[name=category]", "light")
    resident.fill("[name=place]", "3号楼东侧小路")
    address = publish(resident)

    shot = resident.locator("article.post img").first.get_attribute("src")
    for _try in range(50):
        answer = resident.request.get(shot)
        if answer.headers["content-type"] == "image/webp":
            break
        resident.wait_for_timeout(100)
    assert max(Image.open(io.BytesIO(answer.body())).size) == 1200

    clerk = person("clerk")
    clerk.goto(f"{COMMUNITY}/desk")
    clerk.click("a:has-text('3号楼东侧路灯不亮') >> nth=0")
    press(clerk, "acknowledge")
    press(clerk, "start")
    press(clerk, "claim_done", reason="灯泡已更换")

    resident.goto(address)
    press(resident, "confirm", rating="5")
    assert resident.locator(".post-head .badge.good").count() == 1
    refused(person("outsider"), address)


def test_a_proposal_is_cosigned_from_two_buildings_and_accepted(person):
    resident = person("resident")
    resident.goto(f"{COMMUNITY}/hall/new")
    resident.fill("[name=title]", "东门加装电动车充电棚")
    resident.select_option("[name=topic]", "parking")
    resident.fill("[name=body]", "飞线充电很危险。")
    resident.fill("[name=change]", "在东门空地装充电棚。")
    address = publish(resident)
    for login in ("owner", "elder"):
        neighbor = person(login)
        neighbor.goto(address)
        press(neighbor, "cosign")
    clerk = person("clerk", width=1280)
    clerk.goto(address)
    press(clerk, "screen")
    assert clerk.locator("form:has(> input[name=name][value=frame])").count() == 1
    refused(person("applicant"), address)


def press(page, name, **fields):
    """Take a transition by its button, filling in what it asks."""
    form = page.locator(f"form:has(> input[name=name][value={name}])")
    asked = page.locator("details").filter(has=form)
    if asked.count():
        asked.locator("> summary").click()
    for field, value in fields.items():
        control = form.locator(f"[name={field}]").first
        if control.get_attribute("type") == "radio":
            form.locator(f"[name={field}][value='{value}']").check()
        elif control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    with page.expect_navigation():
        form.locator("button").last.click()
