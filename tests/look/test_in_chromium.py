"""What people see and touch, in a real browser: narrow, large, keyed, offline and without JavaScript."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

PAGES = (
    "home",
    "post",
    "form",
    "form?wrong=1",
    "parts",
    "signin",
    "home?anonymous=1",
    "errors/error?status=404&title=x&message=y",
)
MODES = ("theme=light", "theme=dark", "theme=contrast", "text=elder", "theme=dark&text=elder", "locale=en")
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SIZES_OF_WORDS = """[...new Set([...document.querySelectorAll('body *')]
  .filter(e => !e.closest('.visually-hidden, svg, option, [hidden]') && e.getBoundingClientRect().width > 2
    && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
  .map(e => parseFloat(getComputedStyle(e).fontSize)))]"""
MAIN_TARGETS = """[...document.querySelectorAll('.button:not(.small), .input, .choice, .tab-bar a, .boards a, .todo')]
  .map(e => [e.className, e.getBoundingClientRect().height]).filter(([, height]) => height && height < 60)"""
SMALL_TARGETS = """[...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')]
  .filter(e => !e.closest('.visually-hidden, .skip-link, p, .prose, .choice, .card-title'))
  .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([html]) => html)"""


def address(page: str, mode: str) -> str:
    return f"/{page}{'&' if '?' in page else '?'}{mode}"


@pytest.mark.parametrize("mode", MODES)
def test_every_page_fits_320_pixels_in_every_mode(phone: Page, mode: str) -> None:
    for page in PAGES:
        phone.goto(address(page, mode))
        assert phone.evaluate(TOO_WIDE) <= 0, page
        assert phone.evaluate(SMALL_TARGETS) == [], page


def test_large_print_is_large_and_its_main_targets_are_60_pixels_high(phone: Page) -> None:
    for page in PAGES:
        phone.goto(address(page, "text=elder"))
        sizes = phone.evaluate(SIZES_OF_WORDS)
        assert min(sizes) >= 18 and max(sizes) <= 30, page
        assert phone.evaluate(MAIN_TARGETS) == [], page


def test_a_page_costs_at_most_six_requests(phone: Page) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto("/signin", wait_until="networkidle")
    assert len(asked) <= 6, asked


def test_the_keyboard_meets_the_way_past_the_header_first(phone: Page) -> None:
    phone.goto("/home")
    phone.keyboard.press("Tab")
    skip = phone.locator(".skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    phone.keyboard.press("Enter")
    expect(phone.locator("#main")).to_be_focused()


def test_mistakes_take_the_focus_and_lead_to_their_fields(phone: Page) -> None:
    phone.goto("/form?wrong=1")
    expect(phone.locator(".error-summary")).to_be_focused()
    phone.locator(".error-summary a", has_text="标题").click()
    expect(phone.locator("#f-title")).to_be_focused()
    expect(phone.locator("#f-title")).to_have_accessible_description(
        "写清楚是什么，比如“九成新婴儿床，带床垫”。 有误： 请写一个标题，最少 4 个字"
    )


def test_what_was_typed_survives_a_lost_page_and_leaves_after_it_was_sent(phone: Page) -> None:
    phone.goto("/form")
    phone.fill("#f-title", "一只旧自行车")
    phone.check("text=低价转让")
    phone.wait_for_timeout(400)
    phone.reload()
    expect(phone.locator("#f-title")).to_have_value("一只旧自行车")
    expect(phone.get_by_label("低价转让")).to_be_checked()
    expect(phone.locator(".draft-note")).to_contain_text("您上次写的内容还在")
    phone.click(".form button[type=submit]")
    phone.wait_for_url("**/parts?taken=1")
    phone.goto("/form")
    expect(phone.locator("#f-title")).to_have_value("九成新婴儿床")


def test_a_kept_draft_can_be_thrown_away(phone: Page) -> None:
    phone.goto("/form")
    phone.fill("#f-title", "写错了")
    phone.wait_for_timeout(400)
    phone.reload()
    phone.click("text=重新写")
    expect(phone.locator("#f-title")).to_have_value("九成新婴儿床")
    phone.reload()
    expect(phone.locator("#f-title")).to_have_value("九成新婴儿床")


def test_a_draft_belongs_to_its_account(phone: Page) -> None:
    phone.goto("/form")
    phone.fill("#f-title", "我写的")
    phone.wait_for_timeout(400)
    phone.goto("/form?anonymous=1")
    expect(phone.locator("#f-title")).to_have_value("九成新婴儿床")


def photo(colour: str, size: tuple[int, int]) -> dict[str, object]:
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


NAMES = "[...document.querySelector('#f-photos').files].map(file => file.name)"
WIDTH = "createImageBitmap(document.querySelector('#f-photos').files[0]).then(map => map.width)"


def test_photos_are_shown_put_in_order_and_made_smaller_before_they_travel(phone: Page) -> None:
    phone.goto("/form")
    phone.set_input_files("#f-photos", [photo("red", (3000, 1500)), photo("green", (40, 30))])
    expect(phone.locator(".photo-previews img")).to_have_count(2)
    assert phone.evaluate(WIDTH) == 2000
    phone.get_by_label("照片 2: 往前移").click()
    assert phone.evaluate(NAMES) == ["green.jpg", "red.jpg"]
    phone.set_input_files("#f-photos", [photo("blue", (40, 30))])
    expect(phone.locator(".photo-previews img")).to_have_count(3)
    phone.get_by_label("照片 1: 移除").click()
    assert phone.evaluate(NAMES) == ["red.jpg", "blue.jpg"]


def test_a_grave_step_is_asked_about_first(phone: Page) -> None:
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    phone.goto("/post")
    phone.click("text=没有修好")
    expect(phone.get_by_role("dialog")).to_contain_text("确定要重新打开这件事吗？")
    phone.click("text=不了，返回")
    expect(phone.get_by_role("dialog")).to_have_count(0)
    assert sent == []
    phone.click("text=没有修好")
    phone.get_by_role("dialog").get_by_role("button", name="没有修好").click()
    phone.wait_for_url("**/parts?taken=1")
    assert len(sent) == 1


def test_an_impatient_thumb_sends_once(phone: Page) -> None:
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    phone.goto("/post")
    phone.route("**/take", lambda route: None)
    phone.fill("#f-body", "收到")
    phone.evaluate("for (let n = 0; n < 3; n++) document.querySelector('.comment-form button').click()")
    phone.wait_for_timeout(200)
    assert len(sent) == 1


def test_a_fallen_network_is_said_and_nothing_is_lost(phone: Page) -> None:
    phone.goto("/post")
    phone.fill("#f-body", "路灯还是不亮")
    phone.context.set_offline(True)
    phone.click("text=发表")
    expect(phone.locator("#flash")).to_contain_text("网络断了")
    expect(phone.locator("#f-body")).to_have_value("路灯还是不亮")
    phone.expected = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch")  # type: ignore[attr-defined]


def test_a_swap_is_announced(phone: Page) -> None:
    phone.goto("/post")
    phone.fill("#f-body", "收到")
    phone.click("text=发表")
    expect(phone.locator("#taken")).to_be_visible()
    expect(phone.locator("#live")).to_have_text("页面已更新。")


def test_a_refusal_is_told_above_the_page_and_nothing_typed_is_lost(phone: Page) -> None:
    phone.goto("/post")
    phone.locator(".comment-form").evaluate("form => form.setAttribute('hx-post', '/take?refuse=409')")
    phone.fill("#f-body", "路灯还是不亮")
    phone.click("text=发表")
    expect(phone.locator("#flash .notice.bad")).to_be_in_viewport()
    expect(phone.locator("#f-body")).to_have_value("路灯还是不亮")
    phone.expected = ("409",)  # type: ignore[attr-defined]


def test_a_section_opens_as_a_dialog_and_escape_brings_the_reader_back(phone: Page) -> None:
    phone.goto("/post")
    expect(phone.get_by_role("dialog")).to_have_count(0)
    phone.click("text=分享 >> nth=0")
    expect(phone.get_by_role("dialog", name="分享给邻居")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("dialog")).to_have_count(0)
    expect(phone.get_by_role("link", name="分享")).to_be_focused()


def test_a_menu_closes_on_escape_and_keeps_the_focus(phone: Page) -> None:
    phone.goto("/post")
    menu = phone.locator("details.menu")
    menu.locator("summary").click()
    expect(menu.locator("text=编辑")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(menu.locator("text=编辑")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


@pytest.fixture
def plain(browser: Browser, stage: str) -> Iterator[Page]:
    """The same telephone with JavaScript off."""
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, base_url=stage, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def test_without_javascript_dialogs_are_sections_and_forms_are_sent(plain: Page) -> None:
    plain.goto("/post")
    expect(plain.get_by_role("heading", name="分享给邻居")).to_be_visible()
    plain.fill("#f-body", "没有脚本也行")
    plain.click("text=发表")
    plain.wait_for_url("**/parts?taken=1")


def test_without_javascript_the_modes_are_plain_forms(plain: Page) -> None:
    plain.goto("/home")
    form = plain.locator(".modes form").nth(1)
    assert form.get_attribute("action") == "/prefs"
    expect(form.get_by_role("button", name="深色")).to_be_visible()


def test_the_manifest_names_icons_that_are_there(plain: Page) -> None:
    manifest = plain.request.get("/manifest.webmanifest").json()
    assert manifest["name"] == "社区通"
    for icon in manifest["icons"]:
        assert plain.request.get(icon["src"]).headers["content-type"] == icon["type"]
