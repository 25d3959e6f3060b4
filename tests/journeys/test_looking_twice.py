"""A public notice on a phone: written by one, released by another, objected to, answered, and made final."""

from datetime import timedelta

from tests.cast import HOME
from tests.journeys.conftest import refused
from tests.journeys.test_asking_a_desk import ask_for, next_duty_day, press

from shequtong.lib import clock

NOTICES = f"/c/{HOME}/notices"
OBJECTION = "电梯广告的收入没有列出"
REPLY = "已经补在第三行，附了合同。"


def by_two(secretary):
    """The committee asks that two people look at every notice."""
    secretary.goto(f"/c/{HOME}/settings")
    secretary.select_option("[name=second_look]", "all")
    secretary.click("form:has([name=second_look]) button[type=submit]")
    secretary.wait_for_load_state()


def written(clerk):
    clerk.goto(f"{NOTICES}/new")
    clerk.fill("[name=title]", "上半年公共收益公示")
    clerk.check("[name=kind][value=public_notice]")
    clerk.fill("[name=body]", "停车费收入三万元，支出两万元。")
    clerk.fill("[name=until]", (clock.today() + timedelta(days=7)).isoformat())
    clerk.click("main form.form button.button:not(.quiet, .plain) >> nth=0")
    clerk.wait_for_url(lambda url: url.rsplit("/", 1)[-1].isdigit())
    return clerk.url


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_public_notice_is_seen_by_two_objected_to_answered_and_made_final(person):
    with clock.at(next_duty_day()):
        by_two(person("secretary"))
        clerk, colleague, owner = person("clerk"), person("clerk2"), person("owner")
        address = written(clerk)
        assert "由居委会另一位同事看" in clerk.inner_text("main") and fits(clerk)
        assert clerk.locator("[name=name][value=open_for_objections]").count() == 0, (
            "nobody releases their own"
        )
        refused(owner, address)

        colleague.goto(f"/c/{HOME}/desk")
        colleague.click("a:has-text('上半年公共收益公示') >> nth=0")
        assert "停车费收入三万元" in colleague.inner_text("main") and fits(colleague)
        press(colleague, "open_for_objections")

        owner.goto(address)
        owner.click("main a[href$='/objections'] >> nth=0")
        owner.fill("[name=objection]", OBJECTION)
        owner.click("form[action$='/objections'] button[type=submit]")
        owner.wait_for_selector(f"li:has-text('{OBJECTION}')")
        assert fits(owner)

        visitor = person()
        visitor.goto(address)
        assert OBJECTION in visitor.inner_text("main") and "老周" not in visitor.content()

        clerk.goto(f"{address}/objections")
        asked = clerk.locator(f"li:has-text('{OBJECTION}') details.ask")
        asked.locator("summary").click()
        asked.locator("textarea").fill(REPLY)
        asked.locator("button[type=submit]").click()
        clerk.wait_for_selector(f"li:has-text('{REPLY}')")

        clock.advance(timedelta(days=9))
        clerk.goto(address)
        ask_for(clerk, "finalise", answer="异议已逐条答复，公示结束。")
        visitor.goto(address)
        read = visitor.inner_text("main")
        assert REPLY in read and "异议已逐条答复" in read and fits(visitor)
        assert visitor.locator("[name=objection]").count() == 0
