"""Three complaints become a topic, the topic an article of the covenant, and a home signs it: all on a telephone."""

from datetime import timedelta

from tests.cast import HOME
from tests.journeys.conftest import refused
from tests.journeys.test_accessible import look_at
from tests.journeys.test_voting import HALL, comes_to, day, take

from shequtong.lib import clock

MATTERS = f"/c/{HOME}/matters"


def complain(page, title, category):
    page.goto(f"{MATTERS}/new")
    page.fill("[name=title]", title)
    page.select_option("[name=category]", category)
    page.fill("[name=body]", title)
    with page.expect_navigation():
        page.click("main form.form button.button:not(.quiet, .plain) >> nth=0")
    return page.url


def test_complaints_become_a_topic_and_the_topic_an_article_that_a_home_signs(person):
    with clock.at(clock.now()):
        people = {login: person(login) for login in ("resident", "neighbor", "owner", "elder")}
        clerk = person("clerk")
        for page in (clerk, people["resident"]):
            page.emulate_media(reduced_motion="reduce")  # no colour is half way to another
        first = complain(people["resident"], "一号楼楼道堆纸箱", "rubbish")
        complain(people["owner"], "门厅停满电动车", "parking")

        clerk.goto(HALL)
        clerk.click("text=多件事合成一个议题")
        found = look_at(clerk, "many become one")
        for title in ("一号楼楼道堆纸箱", "门厅停满电动车"):
            clerk.check(f"label:has-text('{title}') input")
        with clerk.expect_navigation():
            clerk.click("button:has-text('合成一个议题')")
        clerk.fill("[name=title]", "定一份楼道公约")
        clerk.select_option("[name=topic]", "rules")
        clerk.fill("[name=change]", "楼道不堆物，大家说好")
        with clerk.expect_navigation():
            clerk.click("main form.form button.button:not(.quiet, .plain) >> nth=0")
        topic = clerk.url
        assert clerk.locator(".post-lineage >> text=一号楼楼道堆纸箱").count() == 1
        people["resident"].goto(first)
        people["resident"].click(".post-lineage >> text=定一份楼道公约")

        for login in ("neighbor", "owner"):
            people[login].goto(topic)
            take(people[login], "cosign")
        secretary = person("secretary", width=1280)
        secretary.emulate_media(reduced_motion="reduce")
        secretary.goto(topic)
        take(secretary, "screen")
        take(secretary, "frame", options="写成公约\n只贴告示", cost="不花钱", affected="全体住户")
        take(secretary, "discuss")
        take(secretary, "draft", minutes="大家都同意")
        take(secretary, "give_notice", wording="楼道、门厅不堆放任何东西。", objections_until=day(7))
        found += paper(secretary, topic, "关于“定一份楼道公约”的公示")
        clock.advance(timedelta(days=8))
        secretary.goto(topic)
        vote = {
            "voting_rule": "majority",
            "vote_secrecy": "open",
            "vote_until": day(1),
            "outcome": "covenant",
        }
        take(secretary, "open_vote", **vote)
        for page in people.values():
            page.goto(f"{topic}/ballots")
            page.check("[name=choice][value=for]")
            with page.expect_navigation():
                page.click("button:has-text('投这一票')")
        clock.advance(timedelta(days=2))
        comes_to(secretary, topic, "已通过")
        take(secretary, "enact", article_title="楼道公约")

        resident = people["resident"]
        resident.goto(topic)
        resident.click(".post-lineage >> text=公约第1条")
        found += look_at(resident, "an article")
        resident.click(".breadcrumbs >> text=我们的公约")
        found += look_at(resident, "the covenant")
        with resident.expect_navigation():
            resident.click("button:has-text('为我家签署')")
        resident.wait_for_selector("text=您家已经全部签署")
        resident.click("text=打印出来")
        resident.wait_for_selector(".paper >> text=楼道、门厅不堆放任何东西")
        found += look_at(resident, "the covenant on paper")
        refused(person("outsider"), f"/c/{HOME}/covenant")
        assert found == []


def paper(page, topic, words):
    page.goto(f"{topic}/paper")
    page.wait_for_selector(f".paper >> text={words}")
    return look_at(page, words)
