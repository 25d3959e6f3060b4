"""Twenty places and twenty-five neighbours: one cancels, the first in the queue is in and told, calendars follow."""

from datetime import timedelta

import httpx2
import icalendar
import pytest
from tests.cast import HOME, KEY, Browser, people_the_town
from tests.core.gatherings.conftest import invite, typed
from tests.databases import sqlite_url
from tests.journeys.conftest import served
from tests.journeys.test_accessible import look_at

from shequtong.lib import clock
from shequtong.main import create_app
from shequtong.settings import Settings

TALK = f"/c/{HOME}/talk"
PLACES, CROWD = 20, 25


@pytest.fixture
def settings(tmp_path):
    return Settings(
        database_url=sqlite_url(tmp_path, people_the_town),
        secret_key=KEY,
        media_url=f"file://{tmp_path}/media",
        sqlite_synchronous="NORMAL",
        _env_file=None,
    )


@pytest.fixture
def house(settings):
    with served(settings) as address:
        yield address


@pytest.fixture
def crowd(settings):
    """`crowd(page, names)`: so many more neighbours sign up, each in a browser of their own."""
    app = create_app(settings)

    def come(page, names):
        invite(app, names)
        for name in names:
            assert Browser(app, name).submit(page).status_code == 303

    yield come
    app.state.database.dispose()


def quiet(page):
    """A browser in which no colour is half way to another."""
    page.emulate_media(reduced_motion="reduce")
    return page


def press(page, words):
    with page.expect_navigation():
        page.click(words)


def test_who_is_first_in_the_queue_has_the_place_that_somebody_gives_back(person, house, crowd):
    host = quiet(person("resident"))
    host.goto(f"{TALK}/new")
    host.fill("[name=title]", "去上海植物园看菊花")
    host.fill("[name=body]", "七点半小区门口上车，带水")
    press(host, "main form.form button.button >> nth=0")
    post = host.url
    press(host, "text=让邻居报名：定时间和地点")
    begins = clock.now() + timedelta(days=4)
    host.fill("[name=starts_at]", typed(begins))
    host.fill("[name=ends_at]", typed(begins - timedelta(hours=1)))
    host.fill("[name=place]", "小区南门")
    host.fill("[name=places]", str(PLACES))
    host.expected.append("status of 422")
    host.click("main form.form button.button >> nth=0")
    host.wait_for_selector("text=结束要比开始晚 >> nth=0")
    assert host.input_value("[name=place]") == "小区南门"
    host.fill("[name=ends_at]", typed(begins + timedelta(hours=5)))
    host.click("main form.form button.button >> nth=0")
    host.wait_for_selector("text=报名名单")
    page = f"{post.removeprefix(house)}/gathering"
    crowd(page, [f"人{number}" for number in range(PLACES - 1)])

    last, first = quiet(person("neighbor")), quiet(person("owner"))
    second = person("elder", javascript=False)
    for guest, words in ((last, "您有名额"), (first, "您排在候补第1位"), (second, "您排在候补第2位")):
        guest.goto(post)
        press(guest, ".panel a.button >> nth=0")
        press(guest, "main form.form button.button")
        guest.wait_for_selector(f"text={words}")
    crowd(page, [f"晚{number}" for number in range(CROWD - PLACES - 2)])
    assert look_at(last, "a place") + look_at(first, "a queue") == []

    last.click("button:has-text('我来不了，退出名额')")
    press(last, "dialog[open] button:has-text('我来不了，退出名额')")
    last.wait_for_selector("text=排队候补")

    first.goto("/inbox")
    press(first, "button:has-text('您排到了，有名额了')")
    first.wait_for_selector("text=您有名额")
    assert first.locator(".ticket-code").count() == 1
    second.goto(page)
    assert second.locator("text=您排在候补第1位").count() == 1

    first.goto("/me/calendar")
    assert "去上海植物园看菊花" in first.inner_text("main")
    first.click("text=生成地址")
    address = first.input_value("#secret")
    assert look_at(first, "my calendar") == []
    events = icalendar.Calendar.from_ical(httpx2.get(address).content).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["去上海植物园看菊花"]
    assert events[0]["description"].startswith("您有名额")

    host.goto(f"{page}/list")
    assert host.locator("tbody tr").count() == CROWD - 1
    assert look_at(host, "the list") == []
    host.goto(f"/c/{HOME}/events")
    assert "去上海植物园看菊花" in host.inner_text("main") and look_at(host, "the days") == []
    press(host, "text=去上海植物园看菊花")
    press(host, "text=修改或取消")
    later = begins + timedelta(days=7)
    host.fill("[name=starts_at]", typed(later))
    host.fill("[name=ends_at]", typed(later + timedelta(hours=5)))
    press(host, "main form.form button.button >> nth=0")
    moved = icalendar.Calendar.from_ical(httpx2.get(address).content).walk("VEVENT")[0]
    assert moved["uid"] == events[0]["uid"] and moved["sequence"] == 1
    assert moved.start == later.replace(second=0, microsecond=0)
    first.goto("/inbox")
    first.wait_for_selector("text=时间或地点改了，请看一下")
