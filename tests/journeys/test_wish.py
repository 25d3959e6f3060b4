"""A small wish on a phone: wished for, looked over, adopted, brought, confirmed and thanked for."""

from tests.cast import HOME
from tests.journeys.test_accessible import look_at

PARTY = f"/c/{HOME}/party"


def press(page, words):
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).click()


def open_and_press(page, words, **fields):
    """Open what a button asks, fill it in, and press the same words."""
    page.locator("summary", has_text=words).click()
    for name, value in fields.items():
        page.locator(f"details[open] [name={name}]").fill(value)
    press(page, words)


def test_a_wish_from_an_elder_to_thanks(person):
    elder, clerk, neighbor = person("elder"), person("clerk"), person("neighbor")
    for page in (elder, clerk, neighbor):
        page.emulate_media(reduced_motion="reduce")
    elder.goto(f"{PARTY}/new?kind=wish")
    elder.fill("[name=title]", "想要一副四百度的老花镜")
    elder.fill("[name=body]", "看报用，旧的断了腿。")
    elder.check("[name=whose][value=elder]")
    elder.fill("[name=person]", "吴桂英")
    elder.fill("[name=door]", "3号楼 301")
    elder.check("[name=shares]")
    assert look_at(elder, "a new wish") == []
    press(elder, "发布")
    wish = elder.url.split("#")[0]

    clerk.goto(wish)
    assert "吴*英" in clerk.content() and "吴桂英" not in clerk.content()
    open_and_press(clerk, "看过了，向邻居公开")
    neighbor.goto(wish)
    assert "王阿婆" not in neighbor.content() and "吴桂英" not in neighbor.content()
    press(neighbor, "我认领这个心愿")
    assert neighbor.get_by_text("吴桂英").is_visible()
    open_and_press(neighbor, "心愿已送到", reason="中午送到的")

    elder.goto(wish)
    press(elder, "收到了")
    open_and_press(elder, "说声谢谢", reason="看得清清楚楚")
    neighbor.goto(wish)
    assert neighbor.get_by_text("看得清清楚楚").first.is_visible()
