"""axe-core finds nothing on the main pages of a lively town, in every mode, on phone and desk (WCAG 2.2 AA)."""

from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.cast import HOME
from tests.databases import sqlite_url
from tests.demo.played import pictures, play_the_town, settings_of
from tests.journeys.conftest import served

pytestmark = pytest.mark.slow

AXE = next((Path(__file__).parents[1] / "vendor").glob("axe-core-*.min.js")).read_text()
FINDINGS = """async seen => {
  const rules = seen ? { runOnly: { type: "rule", values: seen } } : {}
  const told = await axe.run(document, { resultTypes: ["violations"], preload: false, ...rules })
  return told.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}"""
SEEN = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
"""Rules about what is painted. The others are about the markup, which is the same in every mode."""
WEAR = "([theme, text]) => { Object.assign(document.documentElement.dataset, { theme, text }) }"
MODES = {
    "normal": ("light", "normal"),
    "dark": ("dark", "normal"),
    "elder": ("light", "elder"),
    "contrast": ("contrast", "normal"),
}
WIDTHS = {"phone": 390, "desk": 1280}
PAGES = {
    "": ("/", "/login"),
    "resident": (
        "/home",
        "/inbox",
        "/me",
        "/c/{home}",
        "/c/{home}/matters",
        "/c/{home}/goods/new?kind=give",
        "/c/{home}/hall?state=voting",
    ),
    "secretary": (
        "/c/{home}/desk",
        "/c/{home}/desk/templates",
        "/c/{home}/duties",
        "/c/{home}/visits",
        "/c/{home}/registry",
        "/c/{home}/registry/visits",
        "/c/{home}/registry/people/1",
        "/c/{home}/settings",
        "/c/{home}/settings/hours",
    ),
}


@pytest.fixture
def house(tmp_path):
    """Where the played town is served."""
    with served(settings_of(sqlite_url(tmp_path, play_the_town), pictures())) as address:
        yield address


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_the_main_pages_have_no_findings(person, width):
    found = []
    for login, pages in PAGES.items():
        page = person(login, width=width)
        page.emulate_media(reduced_motion="reduce")  # no colour is half way to another
        for path in pages:
            answer = page.goto(path.format(home=HOME))
            assert answer.status == 200, path
            found += look_at(page, path)
            if path.endswith("/matters"):
                page.click("main .card a >> nth=0")
                page.wait_for_url(f"**{path.format(home=HOME)}/*")
                found += look_at(page, "a post")
            if path.endswith("?state=voting"):
                page.click("main .card a >> nth=0")
                page.click("main .panel a.button >> nth=0")
                page.wait_for_url("**/ballots")
                found += look_at(page, "a vote")
            if path.endswith("?kind=give"):
                page.expected.append("422")
                page.locator("main form").first.evaluate("form => { form.noValidate = true }")
                page.click("main form .button[type=submit] >> nth=0")
                page.wait_for_selector("[aria-invalid=true]")
                found += look_at(page, "a form with mistakes")
    assert found == []


def look_at(page: Page, name: str) -> list[str]:
    """What axe finds wrong on a page, mode by mode."""
    page.evaluate(AXE)
    found = []
    for mode, wears in MODES.items():
        page.evaluate(WEAR, wears)
        rules = None if mode == "normal" else SEEN
        found += [f"{name}, {mode}: {what}" for what in page.evaluate(FINDINGS, rules)]
    return found
