"""A pin on the compound's plan: put by finger and by keyboard, found by neighbours, and without a script."""

import io
import re

from PIL import Image
from playwright.sync_api import expect
from tests.cast import HOME
from tests.journeys.test_accessible import look_at

MATTERS = f"/c/{HOME}/matters"


def hang(clerk):
    drawn = io.BytesIO()
    Image.new("RGB", (1200, 900), "#dec").save(drawn, "PNG")
    clerk.goto(f"/c/{HOME}/places")
    clerk.click("text=小区平面图")
    plan = {"name": "plan.png", "mimeType": "image/png", "buffer": drawn.getvalue()}
    clerk.locator("[name=plan]").first.set_input_files(plan)
    clerk.click("button:has-text('挂上')")
    expect(clerk.locator("img[alt='宝月尚园平面图']")).to_be_visible()
    clerk.wait_for_function("""async () => {
        const picture = await fetch(document.querySelector('img[alt$=平面图]').src.replace('/card', '/page'))
        return picture.headers.get('content-type') == 'image/webp'}""")


def fill(page, title):
    page.goto(f"{MATTERS}/new")
    page.fill("[name=title]", title)
    page.select_option("[name=category]", "light")
    page.click("summary:has-text('在平面图上')")
    expect(page.locator(".plan-steps")).to_be_visible()


def send(page):
    page.click(".buttons.main button:has-text('发送')")
    page.wait_for_url(re.compile(r"/matters/\d+"))


def test_a_pin_by_finger_and_one_by_keyboard_stand_on_the_plan(person):
    hang(person("clerk"))
    resident = person("resident")
    fill(resident, "东门的灯坏了")
    resident.locator(".plan-map").click(position={"x": 80, "y": 60})
    expect(resident.locator(".plan-picker [role=status]")).to_contain_text(
        re.compile("从左 2[0-9]%，从上 2[0-9]%")
    )
    send(resident)
    expect(resident.locator(".plan-frame .plan-pin")).to_be_visible()

    neighbor = person("neighbor", width=1280)
    fill(neighbor, "花园里长椅断了")
    neighbor.focus("button:has-text('放一个标记')")
    neighbor.keyboard.press("Enter")
    expect(neighbor.locator(".plan-picker [role=status]")).to_have_text("标记：从左 50%，从上 50%")
    neighbor.focus("[aria-label=向右]")
    for _ in range(3):
        neighbor.keyboard.press("Enter")
    expect(neighbor.locator(".plan-picker [role=status]")).to_have_text("标记：从左 56%，从上 50%")
    send(neighbor)

    for width in (390, 1280):
        looker = person("owner", width=width)
        looker.emulate_media(reduced_motion="reduce")
        looker.goto(MATTERS)
        looker.click("main >> text=在平面图上")
        expect(looker.locator(".plan-pin")).to_have_count(2)
        assert looker.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert look_at(looker, "plan") == []
        looker.locator(".plan-pin >> text=1").click()
        expect(looker.locator("h1")).to_have_text("花园里长椅断了")


def test_without_a_script_the_plan_is_a_drawing_and_the_building_says_the_place(person):
    hang(person("clerk"))
    resident = person("resident")
    fill(resident, "东门的灯坏了")
    resident.click("button:has-text('放一个标记')")
    send(resident)
    plain = person("neighbor", javascript=False)
    plain.goto(f"{MATTERS}/plan")
    expect(plain.locator("svg.plan-drawing circle")).to_have_count(1)
    expect(plain.locator(".plan-list")).to_contain_text("从左 50%，从上 50%")
    plain.goto(f"{MATTERS}/new")
    plain.click("summary:has-text('在平面图上')")
    expect(plain.locator("text=平面图需要 JavaScript")).to_be_visible()


def test_pages_without_a_plan_fetch_nothing_of_it(person):
    resident = person("resident")
    asked = []
    resident.on("request", lambda request: asked.append(request.url))
    for path in (f"{MATTERS}/new", MATTERS, f"/c/{HOME}/talk/new"):
        resident.goto(path, wait_until="networkidle")
    assert [url for url in asked if "plan" in url or "leaflet" in url] == []


def test_a_plan_that_nobody_unfolds_costs_no_leaflet(person):
    hang(person("clerk"))
    resident = person("resident")
    asked = []
    resident.on("request", lambda request: asked.append(request.url))
    resident.goto(f"{MATTERS}/new", wait_until="networkidle")
    assert [url for url in asked if "leaflet" in url] == []
