"""A guide grows old and says so; what three people miss is answered, and then found; a clerk copies it."""

from datetime import timedelta

from tests.boards.guiding import due
from tests.cast import HOME

from shequtong.lib import clock

GUIDES = f"/c/{HOME}/guides"
MANY_FIELDS = {
    "title": "犬只登记上牌",
    "body": "养狗的住户",
    "materials": "身份证\n免疫证明",
    "place": "派出所养犬登记窗口",
    "hours": "周一至周五",
    "owner": "社区民警",
}


def take(page, name):
    """Press the button of a transition that asks nothing."""
    page.click(f"form:has(input[name=name][value={name}]) button")
    page.wait_for_load_state()


def search(page, words):
    page.goto(GUIDES)
    page.fill("#guides-q", words)
    page.press("#guides-q", "Enter")
    page.wait_for_selector("#search-results")


def test_a_guide_grows_old_and_three_failed_searches_are_answered(person):
    with clock.at(clock.now()):
        clerk = person("clerk")
        clerk.goto(f"{GUIDES}/new?kind=item")
        for name, words in MANY_FIELDS.items():
            clerk.fill(f"[name={name}]", words)
        clerk.select_option("[name=category]", "residence")
        clerk.fill("[name=review_on]", due(3))
        clerk.click("form.form button[type=submit], form.form .buttons button")
        clerk.wait_for_selector(".post h1")
        guide = clerk.url
        colleague = person("clerk2")
        colleague.goto(guide)
        take(colleague, "review")
        take(colleague, "publish")

        for login in ("resident", "neighbor", "elder"):
            reader = person(login, javascript=login != "elder")
            search(reader, "狗本本")
            assert "犬只登记上牌" not in reader.inner_text("#search-results")
        clerk.goto(f"{GUIDES}/keeping")
        entry = clerk.locator("#missed a:has-text('狗本本')")
        assert "3人找过" in entry.inner_text()
        assert clerk.evaluate("document.documentElement.scrollWidth <= innerWidth")
        entry.click()
        clerk.select_option("[name=item]", label="犬只登记上牌")
        clerk.click("button:has-text('就是这一篇')")
        clerk.wait_for_selector("#missed")
        assert clerk.locator("#missed a").count() == 0
        search(reader, "狗本本")
        assert "犬只登记上牌" in reader.inner_text("#search-results")

        clerk.goto(f"/c/{HOME}/answers")
        clerk.locator("#answers-q").press_sequentially("gbb")
        clerk.wait_for_selector(".answer h2:has-text('犬只登记上牌')")
        clerk.wait_for_selector(".answer button:has-text('复制')")
        assert guide in clerk.input_value(".answer textarea")
        assert clerk.evaluate("document.documentElement.scrollWidth <= innerWidth")

        resident = person("resident")
        resident.goto(guide)
        resident.check("[name=bring-2]")
        resident.reload()
        assert resident.is_checked("[name=bring-2]") and not resident.is_checked("[name=bring-1]")
        clock.advance(timedelta(days=5))
        for _ in range(50):
            resident.reload()
            if resident.locator("text=没有再核对过").count():
                break
            resident.wait_for_timeout(300)
        assert resident.locator(".notice.warn:has-text('没有再核对过')").count() == 1
        assert resident.evaluate("document.documentElement.scrollWidth <= innerWidth")
