"""Neighbours argue for and against, change a text, object to it and vote, each on a phone of 390 pixels."""

from datetime import timedelta

from tests.cast import HOME
from tests.journeys.conftest import refused
from tests.journeys.test_accessible import look_at
from tests.journeys.test_voting import HALL, comes_to, day, take

from shequtong.lib import clock


def propose(page):
    """Propose something; the address of the topic."""
    page.goto(f"{HALL}/new")
    page.fill("[name=title]", "楼道堆物怎么管")
    page.select_option("[name=topic]", "rules")
    page.fill("[name=body]", "三楼到五楼堆了旧家具")
    page.fill("[name=change]", "楼道里不放东西。")
    sent(page, page.locator("main form.form button.button:not(.quiet, .plain) >> nth=0"))
    return page.url


def write(page, where, button, **fields):
    """Open the form under a summary in `where`, fill it in and press its button."""
    page.locator(f"{where} summary:has-text('{button}')").first.click()
    form = page.locator(f"{where} details[open] form.form").first
    for name, words in fields.items():
        form.locator(f"[name={name}]").fill(words)
    sent(page, form.locator("button").last)


def sent(page, button):
    """Press a button that sends a form, and wait for the page that answers."""
    with page.expect_response(lambda answer: answer.request.method == "GET" and "/hall/" in answer.url):
        button.click()
    page.wait_for_load_state()


def seen(page, name):
    """What axe finds from the top of the page: further down, the head of the site covers half of a link."""
    page.evaluate("scrollTo(0, 0)")
    return look_at(page, name)


def fits(page):
    """Nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def test_from_the_discussion_to_the_notice_and_the_vote(person):
    with clock.at(clock.now()):
        resident, elder, clerk = person("resident"), person("elder"), person("clerk")
        for page in (resident, elder):
            page.emulate_media(reduced_motion="reduce")  # no colour is half way to another
        address = propose(resident)
        for login in ("neighbor", "owner"):
            other = person(login)
            other.goto(address)
            take(other, "cosign")
        clerk.goto(address)
        take(clerk, "screen")
        take(clerk, "frame", options="每层都清空\n只留一只鞋柜", cost="不花钱", affected="三个楼道")
        take(clerk, "discuss")

        # reasons for and against, side by side
        resident.goto(address)
        resident.click("text=说说赞成或反对的理由")
        write(resident, "#option-1 .side.for", "写一条赞成的理由", argument="着火的时候跑得出去")
        write(resident, "#option-1 .side.against", "写一条反对的理由", argument="老人换鞋没有地方坐")
        fits(resident)
        found = seen(resident, "the options")
        elder.goto(f"{address}/options")
        sent(elder, elder.locator(".side.for li:has-text('着火') >> button:has-text('有道理')"))
        assert elder.locator("text=1 位邻居觉得有道理").count() == 1
        found += seen(elder, "an option that convinces")

        # the text, and a change of it
        clerk.goto(address)
        words = "一、楼道里不放东西。\n二、每月清一次。"
        take(clerk, "draft", minutes="多数人要清空", wording=words)
        elder.goto(address)
        elder.click("text=看文本，提修改建议")
        elder.click("text=改这一段 >> nth=0")
        elder.fill("[name=words]", "一、楼道里除了一只凳子不放东西。")
        elder.fill("[name=why]", "换鞋要坐一坐")
        sent(elder, elder.locator("button:has-text('提出修改')"))
        assert elder.locator("ins:has-text('除了一只凳子')").count() == 1
        fits(elder)
        found += seen(elder, "the text")
        clerk.goto(f"{address}/text")
        write(clerk, "li:has(ins)", "写进文本", why="凳子不挡路")
        assert clerk.locator("text=已采纳").count() == 1
        assert clerk.locator("h2:has-text('第2版')").count() == 1

        # public, objected to and answered
        clerk.goto(address)
        take(clerk, "give_notice", objections_until=day(7))
        elder.goto(f"{address}/objections")
        elder.fill("[name=objection]", "每月一次太少")
        sent(elder, elder.locator("button:has-text('提出异议')"))
        fits(elder)
        found += seen(elder, "the objections")
        assert elder.locator("text=下一条答复最晚").count() == 1
        clock.advance(timedelta(days=8))
        clerk.expected.append("status of 422")
        clerk.goto(address)
        vote = {
            "voting_rule": "majority",
            "vote_secrecy": "open",
            "vote_until": day(2),
            "outcome": "referral",
        }
        take(clerk, "open_vote", **vote)
        assert clerk.locator("text=还有 1 条异议没有答复").count()
        clerk.goto(f"{address}/objections")
        write(clerk, "main", "答复这条异议", words="先试三个月，不够再加")
        clerk.goto(address)
        take(clerk, "open_vote", **vote)

        # the vote
        for page in (resident, elder, person("owner"), person("lead")):
            page.goto(address)
            page.click("text=去投票")
            page.check("[name=choice][value=for]")
            sent(page, page.locator("button:has-text('投这一票')"))
        fits(elder)
        clock.advance(timedelta(days=3))
        comes_to(elder, address, "通过")
        assert elder.locator("text=除了一只凳子").count()
        fits(elder)
        found += seen(elder, "what was decided")
        assert found == []
        refused(person("outsider"), f"/c/{HOME}/hall/{address.rsplit('/', 1)[1]}/text")
