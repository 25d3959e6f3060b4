"""A clerk's morning: with a thumb on a phone, without JavaScript, and by keys on a desktop."""

from tests.cast import HOME

DESK = f"/c/{HOME}/desk"


def report(page, title):
    page.goto(f"/c/{HOME}/matters/new")
    page.fill("[name=title]", title)
    page.select_option("[name=category]", "road")
    page.click("form.form button[type=submit]")
    page.wait_for_selector("h1")


def test_a_clerk_takes_over_and_replies_without_javascript(person):
    report(person("resident"), "花坛缺一块砖")
    secretary = person("secretary", javascript=False)
    secretary.goto(DESK)
    secretary.click(".duty button:has-text('我来受理')")
    assert secretary.locator("#flash:has-text('现在由您负责了')").count() == 1
    secretary.goto(f"{DESK}/templates")
    secretary.fill("[name=title]", "收到")
    secretary.fill("[name=words]", "{name}您好，收到了。")
    secretary.click("button:has-text('保存')")
    secretary.goto(f"{DESK}?mine=1")
    secretary.click(".duty a:has-text('回复')")
    secretary.click("a.button:has-text('收到')")
    assert "小陈您好" in secretary.input_value("[name=body]")
    secretary.click("button:has-text('发出回复')")
    assert secretary.url.endswith("/desk")
    assert secretary.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_desk_is_walked_by_keys_which_rest_while_one_types(person):
    resident = person("resident")
    for title in ("第一个坑", "第二个坑"):
        report(resident, title)
    clerk = person("secretary", width=1280)
    clerk.goto(DESK)
    clerk.keyboard.press("j")
    assert clerk.locator(".duty.here").inner_text().count("第一个坑") >= 1
    clerk.keyboard.press("x")
    clerk.keyboard.press("j")
    clerk.keyboard.press("x")
    clerk.keyboard.press("k")
    assert clerk.locator(".tick input:checked").count() == 2
    clerk.focus("#site-q")
    clerk.keyboard.type("jt?")
    assert clerk.input_value("#site-q") == "jt?" and clerk.locator(".duty").count() == 2
    clerk.locator(".duty.here h3 a").focus()
    clerk.keyboard.press("?")
    assert clerk.locator("#keys[open]").count() == 1
    clerk.uncheck("[data-keys-switch] input")
    clerk.locator(".duty.here h3 a").focus()
    clerk.keyboard.press("t")
    assert clerk.locator("#flash .notice").count() == 0, "switched off, they do nothing"
    clerk.check("[data-keys-switch] input")
    clerk.locator(".duty.here h3 a").focus()
    clerk.keyboard.press("t")
    clerk.wait_for_selector("#flash:has-text('现在由您负责了')")
