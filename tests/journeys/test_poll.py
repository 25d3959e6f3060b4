"""A survey is written, opened, answered on a phone without JavaScript, and read, with nothing for axe to find."""

from datetime import timedelta

from tests.cast import HOME
from tests.core.gatherings.conftest import typed
from tests.journeys.test_accessible import look_at

from shequtong.lib import clock


def press(page, words):
    with page.expect_navigation():
        page.click(words)


def test_a_survey_is_asked_answered_and_read(person):
    host = person("resident")
    host.emulate_media(reduced_motion="reduce")
    host.goto(f"/c/{HOME}/talk/new")
    host.fill("[name=title]", "活动室晚上开到几点")
    press(host, "main form.form button.button >> nth=0")
    post = host.url
    press(host, "text=问问邻居：发起投票或问卷")
    for words, kind, options in (
        ("开到几点？", "single", "八点\n九点"),
        ("添什么？", "several", "热水\n椅子\n投影"),
        ("先办哪样？", "ranked", "棋牌\n读报\n合唱"),
        ("还想说什么？", "text", ""),
    ):
        host.fill("[name=words]", words)
        host.check(f"[name=kind][value={kind}]")
        host.fill("[name=options]", options)
        press(host, "text=加上这个问题")
    found = look_at(host, "writing questions")
    host.check("[name=unit][value=household]")
    host.check("[name=shows][value=answered]")
    host.fill("[name=closes_at]", typed(clock.now() + timedelta(days=2)))
    press(host, "button:has-text('开始投票')")

    guest = person("elder", javascript=False)
    guest.goto(post)
    press(guest, "text=我来回答")
    guest.check("[name=q1][value='1']")
    guest.check("[name=q2][value='0']")
    guest.select_option("[name=q3_1]", "2")
    guest.select_option("[name=q3_2]", "2")
    guest.fill("[name=q4]", "走的人记得关灯")
    guest.expected.append("status of 422")
    press(guest, "text=交上我的回答")
    assert guest.locator("text=这个选项已经排在别的位置了").count() >= 1
    assert guest.input_value("[name=q4]") == "走的人记得关灯"
    guest.select_option("[name=q3_2]", "0")
    press(guest, "text=交上我的回答")
    assert guest.locator("text=您家已经答过了").count() == 1
    assert "1 · 100%" in guest.inner_text("main") and "走的人记得关灯" not in guest.inner_text(
        "#results-title >> xpath=.."
    )

    host.goto(f"{post}/poll")
    found += look_at(host, "a sheet")
    host.check("[name=q1][value='0']")
    host.check("[name=q2][value='2']")
    host.select_option("[name=q3_1]", "1")
    host.click("text=交上我的回答")
    host.wait_for_selector("text=走的人记得关灯")
    found += look_at(host, "results")
    assert found == []
