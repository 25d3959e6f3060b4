"""Owners vote by article 278: too few, once more, and everybody can find and count their secret ballots."""

from datetime import timedelta

from tests.cast import HOME
from tests.journeys.conftest import refused

from shequtong.lib import clock

HALL = f"/c/{HOME}/hall"


def day(days):
    return (clock.today() + timedelta(days=days)).isoformat()


def take(page, name, **fields):
    """Fill in what a stage asks, and press its button."""
    form = f"form:has(input[name=name][value={name}])"
    opening = page.locator(f"details:has({form}) > summary")
    if opening.count():
        opening.click()
    for field, value in fields.items():
        control = page.locator(f"{form} [name={field}]").first
        if control.get_attribute("type") == "radio":
            page.check(f"{form} [name={field}][value={value}]")
        else:
            control.fill(value)
    with page.expect_navigation():
        page.locator(f"{form} button").last.click()


def vote(page, address, choice):
    """Cast a secret ballot on the phone; its receipt."""
    page.goto(address)
    page.click("text=去投票")
    page.check(f"[name=choice][value={choice}]")
    page.click("button:has-text('投这一票')")
    page.wait_for_selector("text=您的票投好了")
    return page.input_value("#receipt")


def comes_to(page, address, words):
    """Wait for the clock's work."""
    for _attempt in range(60):
        page.goto(address)
        if page.locator(f".post-head >> text={words}").count():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"it never came to {words}")


def test_a_vote_without_quorum_is_repeated_and_its_secret_ballots_are_found_and_counted(person):
    with clock.at(clock.now()):
        resident, clerk = person("resident"), person("clerk", width=1280)
        others = {login: person(login) for login in ("neighbor", "owner", "elder", "lead")}
        resident.goto(f"{HALL}/new")
        resident.fill("[name=title]", "动用公共收益装长椅")
        resident.select_option("[name=topic]", "green")
        resident.fill("[name=body]", "老人没有地方坐")
        resident.fill("[name=change]", "在银杏树下装六张长椅")
        with resident.expect_navigation():
            resident.click("main form.form button.button:not(.quiet, .plain) >> nth=0")
        address = resident.url
        for login in ("neighbor", "owner"):
            others[login].goto(address)
            take(others[login], "cosign")
        clerk.goto(address)
        take(clerk, "screen")
        take(clerk, "frame", options="木椅\n石椅", cost="每张八百元", affected="全体业主")
        take(clerk, "discuss")
        take(clerk, "draft", minutes="大家都同意")
        take(clerk, "give_notice", wording="在银杏树下装六张长椅", objections_until=day(7))
        clock.advance(timedelta(days=8))
        clerk.goto(address)
        take(
            clerk,
            "open_vote",
            voting_rule="ordinary",
            vote_secrecy="secret",
            vote_until=day(1),
            outcome="project",
        )

        vote(resident, address, "for")
        tenant = person("tenant")
        tenant.goto(f"{address}/ballots")
        assert tenant.locator("text=这次表决您没有票").count() == 1
        clock.advance(timedelta(days=2))
        comes_to(resident, address, "参加表决的不够")

        clerk.goto(address)
        take(clerk, "repeat_vote", vote_until=day(1))
        receipt = vote(resident, address, "for")
        for login, choice in (
            ("neighbor", "for"),
            ("owner", "for"),
            ("elder", "against"),
            ("lead", "abstain"),
        ):
            vote(others[login], address, choice)
        assert resident.locator("text=大家的选择").count() == 0
        clock.advance(timedelta(days=2))
        comes_to(resident, address, "已通过")
        assert resident.locator("text=选“同意”的户数：3，共 5（占 60.0%），至少要 3").count() == 1

        resident.click("text=看这次表决的全部情况")
        resident.fill("[name=receipt]", receipt)
        resident.click("button:has-text('查一下')")
        resident.wait_for_selector(".notice.good:has-text('同意')")
        resident.goto(f"{address}/ballots")
        resident.click("text=看重新计票 >> nth=0")
        resident.wait_for_selector(".notice.good:has-text('对得上')")
        resident.goto(f"{address}/ballots")
        resident.click("text=打印结果公告 >> nth=0")
        resident.wait_for_selector(".paper >> text=选“同意”的户数：3，共 5（占 60.0%），至少要 3")
        resident.goto(f"{address}/ballots/1/sheet")
        resident.wait_for_selector(".paper >> text=参加表决的不够")
        refused(person("outsider"), f"{address}/ballots")
