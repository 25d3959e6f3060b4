"""A word is reported, hidden, appealed against and shown again."""

from tests.cast import HOME
from tests.journeys.conftest import refused
from tests.journeys.test_talking import write


def test_a_word_is_reported_hidden_appealed_and_restored(person):
    author = person("resident")
    address = write(author, "说重了的话")

    neighbor = person("neighbor")
    neighbor.goto(address)
    neighbor.click(".post-manage a:has-text('举报')")
    neighbor.check("[name=reason][value=abuse]")
    neighbor.fill("[name=note]", "让人难受")
    neighbor.click("button:has-text('提交举报')")
    neighbor.wait_for_selector("h1:has-text('谢谢')")

    clerk = person("clerk", width=1280)
    clerk.goto(f"/c/{HOME}/desk")
    clerk.click("#queue summary:has-text('作出决定')")
    clerk.check("[name=action][value=hide]")
    clerk.select_option("[name=reason]", "abuse")
    clerk.fill("[name=note]", "请换个说法")
    clerk.click("#queue form button:has-text('作出决定')")
    clerk.wait_for_selector("text=没有待审核或被举报的")
    refused(neighbor, address)

    author.goto(address)
    author.click("text=为什么，您可以怎么做")
    assert author.locator("text=请换个说法").count() == 1
    author.fill("[name=words]", "这是朋友间的玩笑")
    author.click("button:has-text('申诉')")
    author.wait_for_selector(".badge:has-text('等待中')")

    clerk.goto(f"/c/{HOME}/desk")
    assert clerk.locator("#appeals button").count() == 0
    secretary = person("secretary")
    secretary.goto(f"/c/{HOME}/desk")
    secretary.check("[name=verdict][value=uphold]")
    secretary.fill("[name=words]", "确实是玩笑，已恢复")
    secretary.click("button:has-text('答复申诉')")
    secretary.wait_for_selector("text=没有待处理的申诉")

    assert neighbor.goto(address).status == 200
    refused(person("outsecretary"), f"/c/{HOME}/desk")
