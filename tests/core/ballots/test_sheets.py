"""A vote on paper: the sheet to fill in, which is the same for every home, and the result."""

from __future__ import annotations

import re

import pytest
from tests.boards.test_hall import at_the_notice, at_the_vote, ballots, days_pass
from tests.cast import HOME

from shequtong.lib import clock


@pytest.fixture(autouse=True)
def stopped_clock():
    with clock.at(clock.now()):
        yield


def printed(browser, page):
    answer = browser.get(page)
    assert answer.status_code == 200, page
    return answer.text


def test_the_ballot_paper_has_a_box_for_each_option_and_a_code_for_the_round(cast):
    address = at_the_vote(cast, "majority", vote_papers="1", vote_place="门卫室")
    page = printed(cast.clerk, f"{address}/ballots/sheet")
    assert page.count("paper-box") == 3 and "门卫室" in page and "data:image/svg" in page and "表决票" in page


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_v3_the_sheet_is_the_same_for_every_home_so_its_code_names_nobody(cast, secrecy):
    papers = {"vote_papers": "1", "vote_place": "门卫室"} if secrecy == "open" else {}
    address = at_the_vote(cast, "majority", vote_secrecy=secrecy, **papers)
    sheets = {
        re.search(r"<main.*</main>", printed(getattr(cast, login), f"{address}/ballots/sheet"), re.S)[0]
        for login in ("resident", "neighbor", "elder", "clerk")
    }
    assert len(sheets) == 1
    sheet = sheets.pop()
    assert ("paper-box" in sheet) == (secrecy == "open")
    assert ("无记名表决不收纸质票" in sheet) == (secrecy == "secret")


def test_the_result_hangs_on_paper_once_it_is_counted(cast, worker):
    address = at_the_vote(cast, "ordinary")
    assert cast.clerk.get(f"{address}/ballots/1/sheet").status_code == 409
    ballots(cast, address, resident="for", neighbor="for", owner="for", elder="for", lead="against")
    days_pass(worker)
    page = printed(cast.resident, f"{address}/ballots/1/sheet")
    for words in ("表决结果", "已通过", "80.0%", "面积", "监票人", "ballots/1/recount"):
        assert words in page, words
    assert cast.resident.get(f"{address}/ballots/2/sheet").status_code == 404


def test_a_text_that_is_public_and_a_notice_are_printed_as_offices_write(cast):
    address = at_the_notice(cast)
    assert "公示" in printed(cast.clerk, f"{address}/paper")
    form = {"title": "停水通知", "kind": "info", "body": "周三停水", "audience": ""}
    notice = cast.clerk.submit(f"/c/{HOME}/notices/new", form).headers["location"]
    page = printed(cast.resident, f"{notice}/paper")
    assert "停水通知" in page and "宝月尚园居委会" in page and "年" in page


def test_what_has_no_sheet_is_not_there(cast):
    talk = cast.resident.submit(f"/c/{HOME}/talk/new", {"title": "闲聊", "body": "晴"}).headers["location"]
    assert cast.resident.get(f"{talk}/paper").status_code == 404
    assert cast.resident.get(f"{talk}/ballots/sheet").status_code == 404


@pytest.mark.parametrize("login", ["visitor", "applicant", "outsider"])
def test_a2_a_stranger_prints_nothing(cast, visitor, worker, login):
    address = at_the_vote(cast, "majority")
    browser = visitor if login == "visitor" else getattr(cast, login)
    for page in ("paper", "ballots/sheet", "ballots/1/sheet"):
        assert browser.get(f"{address}/{page}").status_code == (303 if login == "visitor" else 404), page
