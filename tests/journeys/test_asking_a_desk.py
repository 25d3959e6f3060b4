"""A question of law: answered by the back-up, handed back, published without a name, found, and taken back."""

from datetime import datetime, time, timedelta

from tests.cast import HOME
from tests.journeys.conftest import refused

from shequtong.lib import clock, rosters

SERVICES = f"/c/{HOME}/services"
MARKER = "暗号石榴"
TITLE = f"房东不退押金{MARKER}"
PUBLISHED = "退租时房东扣住押金怎么办"
ADVICE = "先发一封书面的信，写明合同第几条，七日内退还。"


def next_duty_day():
    """Ten in the morning of the next day on which a committee is on duty: the worker's clock began today."""
    week = rosters.read("")
    day = next(day for n in range(1, 15) if week.on(day := clock.today() + timedelta(days=n)))
    return datetime.combine(day, time(10), clock.LOCAL)


def press(page, name):
    """Press the button of a transition that asks nothing."""
    page.click(f".post-transitions form:not(.form):has(input[name=name][value={name}]) button")
    page.wait_for_load_state()


def fill_in(page, name, **fields):
    """Open what a transition asks, and fill it in; a field that is True is ticked."""
    asked = page.locator(f"details.ask:has(input[name=name][value={name}])")
    if asked.get_attribute("open") is None:
        asked.locator("summary").click()
    for field, words in fields.items():
        control = asked.locator(f"[name={field}]")
        if words is True:
            control.check()
        elif control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(label=words)
        else:
            control.fill(words)
    return asked


def ask_for(page, name, **fields):
    fill_in(page, name, **fields).locator("button[type=submit]").click()
    page.wait_for_load_state()


def open_the_desk(clerk):
    clerk.goto(f"/c/{HOME}/settings/desks")
    clerk.select_option("[name=kind]", "lawyer")
    clerk.fill("[name=name]", "律师在线")
    clerk.click("form.form:has([name=kind]) button[type=submit]")
    for who, part in (("律师何", "first"), ("民警张警官", "backup")):
        clerk.select_option("[name=account_id]", label=who)
        clerk.check(f"[name=part][value={part}]")
        clerk.click("#people form.form button[type=submit]")
        clerk.wait_for_selector(f"#people strong:has-text('{who}')")
    assert clerk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def found(page, words="押金"):
    """What a search of two characters shows."""
    page.goto(f"/search?in={HOME}&q={words}")
    return page.inner_text("main")


def test_a_law_question_is_answered_by_the_back_up_published_without_a_name_and_taken_back(person):
    with clock.at(next_duty_day()):
        open_the_desk(person("clerk"))
        resident = person("resident")
        resident.goto(SERVICES)
        resident.click("a:has-text('问这个窗口')")
        resident.fill("#f-title", TITLE)
        resident.fill("#f-body", "租了两年，房东说墙脏了。")
        resident.click("form.form button[type=submit]:has-text('发送')")
        resident.wait_for_selector(".post h1")
        question = resident.url.split("#")[0].split("?")[0]

        police, lawyer = person("police"), person("lawyer")
        for stranger in (person("neighbor"), person("doctor"), police):
            refused(stranger, question)
        clock.advance(timedelta(hours=8))
        for _ in range(60):
            if police.goto(question).status == 200:
                break
            police.wait_for_timeout(250)
        press(police, "take")
        ask_for(police, "answer", reason=ADVICE)
        assert "超时" not in police.inner_text(".post")

        resident.goto(question)
        ask_for(resident, "ask_again", reason="信发了，他不理。")
        police.goto(question)
        late = police.context.new_page()
        late.goto(question)
        fill_in(late, "answer", reason="我再说一句")
        ask_for(police, "hand_over", to="律师何")
        lawyer.goto(question)
        press(lawyer, "accept")
        ask_for(lawyer, "answer", reason="可以到居委会调解。")
        answer = late.locator("details.ask:has(input[name=name][value=answer])")
        answer.locator("button[type=submit]").click()
        late.wait_for_load_state()
        assert "已经转给别人" in late.inner_text("main")
        police.expected.append("status of 409")

        resident.goto(question)
        assert resident.locator("[name=name][value=ask_again]").count() == 0
        ask_for(resident, "close", consent=True)
        lawyer.goto(question)
        lawyer.expected.append("status of 422")
        ask_for(lawyer, "draft", title=PUBLISHED, body=f"小陈，{ADVICE}")
        assert "提问人的名字" in lawyer.inner_text("main")
        ask_for(lawyer, "draft", title=PUBLISHED, body=ADVICE)
        assert lawyer.locator("[name=name][value=approve]").count() == 0, "four eyes"
        police.goto(question)
        assert PUBLISHED in police.inner_text("main")
        press(police, "approve")
        neighbour = person("neighbor", javascript=False)
        assert PUBLISHED not in found(neighbour)
        resident.goto(question)
        shown = resident.inner_text("main")
        assert PUBLISHED in shown and ADVICE in shown
        assert resident.evaluate("document.documentElement.scrollWidth <= innerWidth")
        press(resident, "agree")

        assert PUBLISHED in found(neighbour) and MARKER not in neighbour.content()
        neighbour.click(f"main a:has-text('{PUBLISHED}')")
        public = neighbour.url
        read = neighbour.inner_text("main")
        assert ADVICE in read and "小陈" not in read and MARKER not in neighbour.content()
        assert question not in neighbour.content()
        refused(neighbour, question)
        press(resident, "withdraw")
        assert PUBLISHED not in found(neighbour)
        refused(neighbour, public)
