"""Many complaints become one topic in one action, and each of them leads on to it."""

from __future__ import annotations

import pytest
from tests.boards.test_hall import BENCH, HALL, proposed
from tests.cast import HOME, number_of
from tests.counting import counted

MATTERS = f"/c/{HOME}/matters"


def complaint(browser, title, **fields):
    form = {"title": title, "category": "light", "body": "晚上看不见路", **fields}
    return number_of(browser.insist(f"{MATTERS}/new", form))


@pytest.fixture
def complaints(cast):
    return [
        complaint(cast.resident, "一号楼路灯不亮"),
        complaint(cast.owner, "二号楼路灯不亮"),
        complaint(cast.elder, "三号楼路灯不亮"),
    ]


def gathered(browser, numbers, into=""):
    return browser.submit(f"{HALL}/bundle", {"post": [str(n) for n in numbers], "into": str(into)})


def test_several_complaints_become_a_topic_that_exists(cast, complaints):
    cast.tenant.take(f"{MATTERS}/{complaints[0]}", "me_too")
    topic = proposed(cast.neighbor)
    answer = gathered(cast.clerk, complaints, number_of_address(topic))
    assert answer.status_code == 303 and answer.headers["location"] == topic
    shown = cast.neighbor.get(topic).text
    assert all(f"{name}号楼路灯不亮" in shown for name in "一二三") and "3 个帖子" in shown
    assert "在中心花园加装长椅" in cast.resident.get(f"{MATTERS}/{complaints[0]}").text
    for browser in (cast.resident, cast.owner, cast.elder, cast.tenant):
        assert browser.get("/inbox").text.count("您写过或关注的事，引出了这一条") == 1, browser.login
    gathered(cast.clerk, complaints, number_of_address(topic))
    assert cast.resident.get("/inbox").text.count("您写过或关注的事，引出了这一条") == 1


def number_of_address(address):
    return int(address.rsplit("/", 1)[1])


def test_several_complaints_become_a_new_topic_with_its_first_words(cast, complaints):
    to = gathered(cast.clerk, complaints[:2]).headers["location"]
    assert to.startswith(f"{HALL}/new?from=")
    form = cast.clerk.get(to).text
    assert "一号楼路灯不亮" in form and form.count('name="from"') == 2
    wrong = cast.clerk.submit(f"{HALL}/new", BENCH | {"title": "", "from": [str(n) for n in complaints[:2]]})
    assert wrong.status_code == 422 and wrong.text.count('name="from"') == 2
    made = cast.clerk.submit(f"{HALL}/new", BENCH | {"from": [str(n) for n in complaints[:2]]})
    shown = cast.clerk.get(made.headers["location"]).text
    assert "一号楼路灯不亮" in shown and "二号楼路灯不亮" in shown and "三号楼路灯不亮" not in shown
    for number in complaints[:2]:
        assert f'href="{made.headers["location"]}"' in cast.resident.get(f"{MATTERS}/{number}").text


def test_the_line_goes_on_over_generations(cast, complaints):
    first = proposed(cast.neighbor)
    gathered(cast.clerk, complaints[:1], number_of_address(first))
    second = proposed(cast.owner)
    linked = cast.clerk.submit(f"{first}/links", {"child": second})
    assert linked.status_code == 303
    shown = cast.neighbor.get(second).text
    assert shown.index("一号楼路灯不亮") < shown.index(f'href="{first}"')
    assert f'href="{second}"' in cast.neighbor.get(f"{MATTERS}/{complaints[0]}").text


@pytest.mark.parametrize("login", ["resident", "lead", "property", "street", "outsider", "applicant"])
def test_only_staff_make_many_one(cast, complaints, login):
    browser = getattr(cast, login)
    assert browser.get(f"{HALL}/bundle").status_code == 403
    assert gathered(browser, complaints).status_code == 403


def test_a_board_that_grows_from_nothing_has_no_such_page(cast):
    assert cast.clerk.get(f"/c/{HOME}/talk/bundle").status_code == 403
    assert cast.clerk.get(f"{MATTERS}/bundle").status_code == 403


def test_what_is_private_or_elsewhere_is_not_gathered(cast, complaints):
    private = complaint(cast.resident, "家里的事", private="1")
    assert "家里的事" not in cast.clerk.get(f"{HALL}/bundle").text
    assert gathered(cast.clerk, [private]).status_code == 422
    talk = number_of(cast.resident.submit(f"/c/{HOME}/talk/new", {"title": "闲聊", "body": "晴"}))
    assert gathered(cast.clerk, [talk]).status_code == 422
    assert gathered(cast.clerk, [999999]).status_code == 404
    assert gathered(cast.clerk, complaints, into=talk).status_code == 404
    nothing = gathered(cast.clerk, [])
    assert nothing.status_code == 422 and "请至少勾选一个" in nothing.text


def test_nobody_leads_the_complaints_of_others_to_their_own_proposal(cast, complaints):
    assert cast.neighbor.get(f"{HALL}/new?from={complaints[0]}").status_code == 422
    made = cast.neighbor.submit(f"{HALL}/new", BENCH | {"from": [str(complaints[0])]})
    assert made.status_code == 422


def test_the_page_and_the_line_ask_no_more_for_many(app, cast):
    asked = []
    topic = proposed(cast.neighbor)
    numbers = []
    for more in (2, 8):
        numbers += [complaint(cast.resident, f"路灯{len(numbers) + n}不亮") for n in range(more)]
        gathered(cast.clerk, numbers, number_of_address(topic))
        for browser, page in ((cast.clerk, f"{HALL}/bundle"), (cast.clerk, topic)):
            browser.submit("/inbox/read")
            browser.get(page)
            with counted(app) as queries:
                browser.get(page)
            asked.append(len(queries))
    assert asked[:2] == asked[2:] and max(asked) <= 6, asked
