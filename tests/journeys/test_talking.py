"""Comment with and without JavaScript."""

from tests.cast import HOME
from tests.journeys.conftest import refused

TALK = f"/c/{HOME}/talk"


def write(page, title):
    page.goto(f"{TALK}/new")
    page.fill("[name=title]", title)
    page.fill("[name=body]", "周六一起去看。")
    page.click("main form button:has-text('发布')")
    page.wait_for_url("**/talk/*")
    return page.url


def test_comments_arrive_without_leaving_the_page(person):
    address = write(person("resident"), "银杏黄了")
    neighbor = person("neighbor")
    neighbor.goto(address)
    neighbor.evaluate("window.stayed = true")
    neighbor.fill("[name=body]", "我家阳台看得到")
    neighbor.click("button:has-text('发送')")
    neighbor.wait_for_selector(".comment:has-text('我家阳台看得到')")
    assert neighbor.evaluate("window.stayed")
    assert neighbor.input_value("[name=body]") == ""


def test_comments_and_posts_need_no_javascript(person):
    address = write(person("resident", javascript=False), "不用脚本")
    neighbor = person("neighbor", javascript=False)
    neighbor.goto(address)
    neighbor.fill("[name=body]", "老手机也能用")
    neighbor.click("button:has-text('发送')")
    neighbor.wait_for_selector(".comment:has-text('老手机也能用')")


def test_a_guest_reads_no_talk(person):
    address = write(person("resident"), "只给邻居")
    guest = person()
    guest.goto(address)
    assert "/login" in guest.url
    refused(person("applicant"), address)
