"""Polls: written by their host, answered once by each, closed by the clock, and read without guessing at anybody."""

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from types import SimpleNamespace

import httpx2
import pytest
from sqlalchemy import select
from tests.cast import HOME, PASSWORD, Browser, number_of
from tests.core.gatherings.conftest import invite, typed
from tests.core.polls.conftest import ANSWER, TALK, Asked
from tests.counting import counted

from shequtong.core.communities.models import Membership
from shequtong.core.polls import counting
from shequtong.core.polls.closing import close_due
from shequtong.lib import clock

FOUR = ("neighbor", "owner", "tenant", "elder")


def test_a_sheet_is_filled_in_and_changed_and_counts_once(asked, cast):
    poll = asked()
    page = cast.neighbor.get(poll.post).text
    assert "我来回答" in page and "0人答了" in page
    assert poll.answer("neighbor").status_code == 303
    assert poll.answer("neighbor", q1="2").status_code == 303
    assert poll.row().answered == 1
    (sheet,) = poll.sheets()
    assert sheet.answers == {"1": [2], "2": [0, 2], "3": [1, 0], "4": "谢谢"}
    page = cast.neighbor.get(poll.page).text
    assert "您已经答过了" in page and "谢谢" in page and "改我的回答" in page


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"q1": ""}, "q1", "请填写"),
        ({"q1": "9"}, "q1", "从选项中选一个"),
        ({"q2": []}, "q2", "至少选一"),
        ({"q2": ["7"]}, "q2", "从选项中选一个"),
        ({"q3_1": ""}, "q3_1", "请填写"),
        ({"q3_2": "1"}, "q3_2", "已经排在别的位置"),
        ({"q4": "长" * 1001}, "q4", "不要超过"),
    ],
)
def test_a_wrong_answer_is_refused_beside_its_field_and_nothing_typed_is_lost(
    asked, cast, wrong, field, words
):
    poll = asked()
    answer = poll.answer("neighbor", **wrong)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text, answer.text
    error = answer.text.split(f'id="f-{field}-error"')[1].split("</p>")[0]
    assert words in error, error
    assert "谢谢" in answer.text or field == "q4"
    assert poll.sheets() == []


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"words": "?", "kind": "single", "options": "甲\n乙"}, "words"),
        ({"words": "选吧", "kind": "moon", "options": "甲\n乙"}, "kind"),
        ({"words": "选吧", "kind": "single", "options": "甲"}, "options"),
        ({"words": "选吧", "kind": "single", "options": "甲\n甲\n 甲 "}, "options"),
        ({"words": "选吧", "kind": "several", "options": "\n".join("甲乙丙丁戊己庚辛壬癸子丑寅")}, "options"),
        ({"words": "选吧", "kind": "ranked", "options": f"甲\n{'乙' * 61}"}, "options"),
        ({"words": "写吧", "kind": "text", "options": "甲\n乙"}, "options"),
    ],
)
def test_a_wrong_question_is_refused_beside_its_field(app, cast, question, field):
    poll = Asked(app, cast, questions=())
    answer = cast.resident.submit(f"{poll.page}/plan", question)
    assert answer.status_code == 422 and f'id="f-question-{field}-error"' in answer.text
    assert cast.resident.get(poll.page).status_code == 404


def test_a_draft_is_its_hosts_alone_and_opens_once_with_a_day_to_come(app, cast, stopped):
    poll = Asked(app, cast, unit="draft")
    assert cast.resident.get(poll.page).status_code == 200
    for login in ("neighbor", "outsider", "lead"):
        assert getattr(cast, login).get(poll.page).status_code == 404, login
    assert "投票" not in cast.neighbor.get(poll.post).text
    assert poll.answer("neighbor").status_code == 404
    assert cast.resident.submit(f"{poll.page}/plan", {"out": "4"}).status_code == 303
    past = {"unit": "person", "shows": "closed", "closes_at": typed(clock.now() - timedelta(hours=1))}
    assert "f-opening-closes_at-error" in cast.resident.submit(f"{poll.page}/open", past).text
    far = past | {"closes_at": "9999-12-31T10:00"}
    assert "半年以内" in cast.resident.submit(f"{poll.page}/open", far).text
    soon = past | {"closes_at": typed(clock.now() + timedelta(hours=1))}
    assert cast.resident.submit(f"{poll.page}/open", soon).status_code == 303
    assert cast.resident.submit(f"{poll.page}/open", soon).status_code == 409
    more = {"words": "再问一个", "kind": "text", "options": ""}
    assert cast.resident.submit(f"{poll.page}/plan", more).status_code == 409
    assert cast.resident.submit(f"{poll.page}/plan", {"out": "1"}).status_code == 409


def test_results_are_closed_until_it_is_over_or_until_one_has_answered(asked, cast, app, stopped):
    hidden, shown = asked(), asked(shows="answered")
    for poll in (hidden, shown):
        poll.answer("neighbor")
    for login in ("neighbor", "resident", "clerk"):
        assert (
            "朝东"
            not in getattr(cast, login).get(hidden.page).text.split("您的回答")[0].split("改我的回答")[0]
        )
    assert 'id="results-title"' not in cast.clerk.get(hidden.page).text
    assert 'id="results-title"' in cast.neighbor.get(shown.page).text
    assert 'id="results-title"' not in cast.owner.get(shown.page).text
    hidden.close()
    for login in ("neighbor", "owner", "clerk"):
        assert 'id="results-title"' in getattr(cast, login).get(hidden.page).text, login
    late = hidden.answer("owner")
    assert late.status_code == 409 and "投票已经结束" in late.text
    assert hidden.row().answered == 1


def test_who_answered_and_who_asked_are_told_once_when_it_is_over(asked, cast, app, stopped):
    poll = asked()
    poll.answer("neighbor")
    poll.close()
    with app.state.database.writing() as session:
        close_due(session)
    for login, told in (("neighbor", 1), ("resident", 1), ("owner", 0)):
        assert getattr(cast, login).get("/inbox").text.count("投票结束了") == told, login
    assert cast.resident.submit(f"{poll.page}/close").status_code == 409


def test_its_host_closes_it_before_its_time_and_nobody_else_does(asked, cast):
    poll = asked()
    for login in ("neighbor", "lead", "street"):
        assert getattr(cast, login).submit(f"{poll.page}/close").status_code == 403, login
        assert getattr(cast, login).get(f"{poll.page}/plan").status_code == 403, login
    assert cast.clerk.submit(f"{poll.page}/close").status_code == 303
    assert poll.answer("neighbor").status_code == 409


def test_only_residents_who_may_speak_answer(asked, cast, app, visitor):
    poll = asked()
    for login in ("outsider", "applicant", "outsecretary"):
        assert poll.answer(login).status_code == 404, login
        assert getattr(cast, login).get(poll.page).status_code == 404, login
    for login in ("clerk", "organisation", "street", "district"):
        assert poll.answer(login).status_code == 403, login
    assert visitor.get(poll.page).headers["location"].startswith("/login")
    with app.state.database.writing() as session:
        member = session.scalars(select(Membership).filter_by(account_id=cast.tenant.id)).one()
        member.suspended_until = clock.now() + timedelta(days=7)
    assert poll.answer("tenant").status_code == 403
    assert poll.row().answered == 0


def test_on_a_public_notice_strangers_see_the_poll_and_neither_sheet_nor_results(cast):
    made = cast.clerk.submit(f"/c/{HOME}/notices/new", {"title": "长椅", "kind": "info", "body": "请答"})
    page = f"/c/{HOME}/notices/{number_of(made)}/poll"
    question = {"words": "朝哪边？", "kind": "single", "options": "朝东\n朝南"}
    cast.clerk.submit(f"{page}/plan", question)
    soon = {"unit": "person", "shows": "closed", "closes_at": typed(clock.now() + timedelta(days=1))}
    cast.clerk.submit(f"{page}/open", soon)
    cast.resident.submit(page, {"q1": "0"})
    cast.clerk.submit(f"{page}/close")
    assert "朝东" in cast.neighbor.get(page).text
    for person in (cast.outsider, cast.applicant, cast.visitor):
        seen = person.get(page)
        assert seen.status_code == 200 and "朝东" not in seen.text


def test_a_household_has_one_sheet_whoever_of_it_answers(asked, cast, app, db):
    invite(app, ["child"])
    poll = asked(unit="household")
    child = Browser(app, "child")
    assert poll.answer("resident").status_code == 303
    assert child.submit(poll.page, ANSWER | {"q1": "1"}).status_code == 303
    assert poll.row().answered == 1
    assert [sheet.answers["1"] for sheet in poll.sheets()] == [[1]]
    assert "您家已经答过了" in cast.resident.get(poll.page).text


def test_who_moves_in_does_not_read_what_those_before_them_wrote(asked, cast, app):
    invite(app, ["child"])
    poll = asked(unit="household")
    poll.answer("resident", q4="我们的私事")
    child = Browser(app, "child")
    assert "我们的私事" in child.get(poll.page).text, "they live together"
    with app.state.database.writing() as session:
        gone = session.scalars(select(Membership).filter_by(account_id=cast.resident.id)).one()
        gone.state = "left"
    page = child.get(poll.page).text
    assert "您家已经答过了" in page and "我们的私事" not in page and "checked" not in page
    assert child.submit(poll.page, ANSWER | {"q4": "新来的"}).status_code == 303
    assert poll.row().answered == 1 and "新来的" in child.get(poll.page).text


def test_of_fifty_sheets_of_one_household_one_is_there(asked, cast, app):
    poll = asked(unit="household")
    resident = cast.resident

    async def race():
        transport = httpx2.ASGITransport(app=app)
        origin = app.state.settings.base_url
        headers = {"Origin": origin, "Cookie": f"session={resident.cookies['session']}"}
        sent = {"csrf": resident.csrf, **ANSWER}
        async with httpx2.AsyncClient(transport=transport, base_url=origin) as client:
            answers = await asyncio.gather(
                *(client.post(poll.page, data=sent, headers=headers) for _ in range(50))
            )
        return {answer.status_code for answer in answers}

    assert asyncio.run(race()) == {303}
    assert len(poll.sheets()) == poll.row().answered == 1


def test_own_words_are_for_the_host_and_the_committee_and_bear_no_name(asked, cast, stopped):
    poll = asked()
    poll.answer("neighbor", q4="楼道太黑了")
    poll.close()
    for login in ("resident", "clerk"):
        page = getattr(cast, login).get(poll.page).text
        assert "楼道太黑了" in page and "阿芳" not in page
    page = cast.owner.get(poll.page).text
    assert "楼道太黑了" not in page and "有1份自己写的回答" in page


def sheet(choice, building="", tenure="owner"):
    return SimpleNamespace(answers={"1": choice}, building=building, tenure=tenure)


def test_results_are_counted_for_every_kind():
    single = SimpleNamespace(number=1, kind="single", options=["甲", "乙"])
    sheets = [sheet([0]), sheet([0]), sheet([1]), SimpleNamespace(answers={}, building="", tenure="")]
    (result,) = counting.count([single], sheets)
    assert [(line.words, line.count, line.percent) for line in result.lines] == [("甲", 2, 66), ("乙", 1, 33)]
    ranked = SimpleNamespace(number=1, kind="ranked", options=["甲", "乙", "丙"])
    (result,) = counting.count([ranked], [sheet([2, 0]), sheet([2]), sheet([0, 2, 1])])
    assert [(line.count, line.points) for line in result.lines] == [(1, 5), (0, 1), (2, 8)]
    (result,) = counting.count(
        [SimpleNamespace(number=1, kind="several", options=["甲", "乙"])], [sheet([0, 1])]
    )
    assert [line.count for line in result.lines] == [1, 1]


def test_a_cell_of_fewer_than_five_is_hidden_and_cannot_be_worked_out():
    question = SimpleNamespace(number=1, kind="single", options=["甲", "乙"])
    sheets = [sheet([0], "1号楼")] * 9 + [sheet([1], "1号楼")] * 6
    sheets += [sheet([0], "2号楼")] * 8 + [sheet([1], "2号楼")] * 3 + [sheet([0], "3号楼")] * 2
    (result,) = counting.count([question], sheets)
    table = {name: (size, cells) for name, size, cells in result.tables["building"].groups}
    assert table["3号楼"] == (None, [None, None])
    assert table["2号楼"][1][1] is None
    sums = [sum(1 for s in sheets if s.answers["1"] == [place]) for place in (0, 1)]
    assert sums == [19, 9]
    rows = [[size, *cells] for size, cells in table.values()]
    for line in [*rows, *zip(*rows, strict=True)]:
        assert sum(cell is None for cell in line) != 1, table
    assert all(cell is None or cell >= counting.CROWD for row in rows for cell in row)


def test_an_option_that_nobody_chose_hides_nothing():
    question = SimpleNamespace(number=1, kind="single", options=["甲", "乙", "丙"])
    sheets = [sheet([0], "1号楼")] * 9 + [sheet([1], "1号楼")] * 3
    sheets += [sheet([0], "2号楼")] * 8 + [sheet([1], "2号楼")] * 7
    (result,) = counting.count([question], sheets)
    rows = [[size, *cells] for _name, size, cells in result.tables["building"].groups]
    assert [row[3] for row in rows] == [0, 0], "that nobody chose it is told beside the option"
    for line in [*(row[:3] for row in rows), *list(zip(*rows, strict=True))[:3]]:
        assert sum(cell is None for cell in line) != 1, rows


def test_p4_answers_are_taken_along_and_stay_without_a_trace_of_who_is_forgotten(asked, cast):
    poll = asked()
    poll.answer("neighbor", q4="邻居的话")
    poll.answer("tenant", q4="我的话")
    file = zipfile.ZipFile(io.BytesIO(cast.tenant.get("/me/export.zip").content))
    data = file.read("data.json").decode()
    assert "我的话" in data and "邻居的话" not in data
    assert len(json.loads(data)["poll_sheet"]) == 1
    assert cast.tenant.submit("/me/erase", {"password": PASSWORD, "sure": "1"}).headers["location"] == "/"
    assert poll.row().answered == len(poll.sheets()) == 2
    (gone,) = [one for one in poll.sheets() if one.account_id is None]
    assert gone.unit.startswith("x") and str(cast.tenant.id) != gone.unit[1:]
    assert gone.answers == {"1": [0], "2": [0, 2], "3": [1, 0]}


def test_a_board_that_carries_no_poll_has_no_such_page(cast):
    made = cast.resident.submit(
        f"/c/{HOME}/matters/new", {"title": "灯不亮", "category": "light", "body": "黑"}
    )
    page = f"{made.headers['location']}/poll"
    assert cast.resident.get(page).status_code == 404
    assert cast.resident.get(f"{page}/plan").status_code == 404
    question = {"words": "朝哪边？", "kind": "single", "options": "朝东\n朝南"}
    assert cast.resident.submit(f"{page}/plan", question).status_code == 404
    plain = cast.resident.submit(f"{TALK}/new", {"title": "今天的晚霞", "body": "很好看"})
    assert cast.resident.submit(f"{TALK}/{number_of(plain)}/poll", ANSWER).status_code == 404


def test_results_ask_no_more_for_many_sheets_than_for_few(asked, cast, app):
    poll = asked(shows="answered")
    counts = []
    for logins in (("neighbor", "owner"), ("tenant", "elder", "lead", "resident")):
        for login in logins:
            poll.answer(login)
        cast.neighbor.get(poll.page)
        with counted(app) as asked_for:
            assert 'id="results-title"' in cast.neighbor.get(poll.page).text
        counts.append(len(asked_for))
    assert counts[0] == counts[1] <= 7, asked_for
