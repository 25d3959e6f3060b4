"""At the door: a code works once, the list does without a network, and who wrote down a no-show is named."""

from datetime import date, timedelta

import pytest
from tests.cast import HOME
from tests.core.gatherings.conftest import invite

from shequtong.core.communities.models import Appointment
from shequtong.lib import clock


@pytest.fixture
def today(meeting, stopped, cast):
    """A gathering with two places and one in the queue that begins in an hour."""
    chess = meeting(places="2", guests="0")
    for login in ("neighbor", "owner", "tenant"):
        chess.sign_up(login)
    clock.advance(timedelta(days=3, hours=-1))
    return chess


def check_in(chess, ticket, host="resident"):
    return getattr(chess.cast, host).submit(f"{chess.page}/check-in", {"ticket": ticket})


def test_a_code_checks_in_once_and_a_second_time_says_when_it_was_used(today, cast):
    ticket = today.of("neighbor").ticket
    page = cast.neighbor.get(today.page).text
    assert ticket in page and "data:image/svg+xml" in page
    opened = cast.resident.get(f"{today.page}/check-in?ticket={ticket}").text
    assert f'value="{ticket}"' in opened and today.of("neighbor").came_at is None
    done = check_in(today, f" {ticket[:3].lower()}-{ticket[3:]} ")
    assert done.status_code == 303
    assert "阿芳签到好了" in cast.resident.get(done.headers["location"]).text
    again = check_in(today, ticket)
    assert again.status_code == 422
    error = again.text.split('id="f-ticket-error"')[1].split("</p>")[0]
    assert "这个码已经用过了：阿芳在" in error and f'value="{ticket}"' in again.text
    assert "已签到" in cast.neighbor.get(today.page).text
    assert ticket not in cast.neighbor.get(today.page).text


def test_codes_of_nobody_and_of_the_queue_are_refused(today):
    for wrong, words in (
        ("ZZZZZZ", "没有人用这个签到码"),
        ("", "请填写"),
        (today.of("tenant").ticket, "还在候补"),
    ):
        answer = check_in(today, wrong)
        assert answer.status_code == 422 and words in answer.text, wrong


def test_a_code_of_another_gathering_opens_no_door_here(today, meeting):
    other = meeting(places="5")
    other.sign_up("elder")
    assert check_in(today, other.of("elder").ticket).status_code == 422


def test_the_door_opens_two_hours_before_and_the_list_closes_after_two_weeks(today, cast):
    ticket = today.of("neighbor").ticket
    clock.advance(timedelta(hours=-2))
    assert "开始前两小时才能签到" in check_in(today, ticket).text
    clock.advance(timedelta(days=20))
    assert "不能再改了" in check_in(today, ticket).text
    refused = cast.resident.submit(f"{today.page}/list", {"who": str(cast.neighbor.id), "what": "came"})
    assert refused.status_code == 409 and today.of("neighbor").came_at is None


def test_the_list_is_ticked_at_the_door_or_completed_from_paper(today, cast):
    sheet = cast.clerk.get(f"{today.page}/list").text
    assert "阿芳" in sheet and "1号楼" in sheet and "老周" in sheet and "候补" in sheet
    assert (
        cast.clerk.submit(f"{today.page}/list", {"who": str(cast.neighbor.id), "what": "came"}).status_code
        == 303
    )
    clock.advance(timedelta(days=2))
    cast.clerk.submit(f"{today.page}/list", {"who": str(cast.owner.id), "what": "came"})
    assert not today.of("neighbor").late and today.of("owner").late
    sheet = cast.resident.get(f"{today.page}/list").text
    assert "过后补记" in sheet and "社工小沈" in sheet
    ignored = {"who": [str(cast.tenant.id), str(cast.outsider.id), "0", "x"], "what": "came"}
    assert cast.clerk.submit(f"{today.page}/list", ignored).status_code == 303
    assert today.of("tenant").came_at is None and today.of("outsider") is None
    assert cast.clerk.submit(f"{today.page}/list", {"who": "1", "what": "ate"}).status_code == 422


def test_who_did_not_come_reads_who_wrote_it_down_and_it_can_be_put_right(today, cast):
    owner = {"who": str(cast.owner.id)}
    early = cast.clerk.submit(f"{today.page}/list", owner | {"what": "missed"})
    assert early.status_code == 409
    clock.advance(timedelta(hours=4))
    cast.clerk.submit(f"{today.page}/list", owner | {"what": "missed"})
    cast.clerk.submit(f"{today.page}/list", owner | {"what": "missed"})
    inbox = cast.owner.get("/inbox").text
    assert inbox.count("社工小沈记录您没有来") == 1
    assert "由社工小沈记录" in cast.owner.get(today.page).text
    assert "没有来" not in cast.neighbor.get(today.page).text
    cast.clerk.submit(f"{today.page}/list", owner | {"what": "undo"})
    assert today.of("owner").missed_at is None
    assert "由社工小沈记录" not in cast.owner.get(today.page).text


def test_somebody_without_a_place_who_came_is_written_down(today, cast, app):
    add = f"{today.page}/list/others"
    for name, words in (("没这个人", "没有这样称呼"), ("", "请填写")):
        answer = cast.resident.submit(add, {"name": name})
        assert answer.status_code == 422 and "f-other-name-error" in answer.text, words
    assert cast.resident.submit(add, {"name": "小李"}).status_code == 303  # stood in the queue
    assert cast.resident.submit(add, {"name": "王阿婆"}).status_code == 303
    assert today.states("tenant", "elder") == ["extra", "extra"]
    assert "已经记过了" in cast.resident.submit(add, {"name": "王阿婆"}).text
    assert today.row().taken == 2
    invite(app, ["同名"])
    assert cast.resident.submit(add, {"name": "四村小赵"}).status_code == 422


@pytest.mark.parametrize("login", ["neighbor", "owner", "lead", "organisation", "street", "district"])
def test_only_the_host_and_the_committee_see_and_tick_the_list(today, cast, login):
    person = getattr(cast, login)
    ticket = today.of("neighbor").ticket
    for method, page, sent in (
        ("get", "list", None),
        ("get", "check-in", None),
        ("submit", "list", {"who": str(cast.owner.id), "what": "came"}),
        ("submit", "check-in", {"ticket": ticket}),
        ("submit", "list/others", {"name": "王阿婆"}),
    ):
        answer = (
            person.get(f"{today.page}/{page}")
            if method == "get"
            else person.submit(f"{today.page}/{page}", sent)
        )
        assert answer.status_code == 403, (login, page)
    page = person.get(today.page).text
    assert today.of("tenant").ticket not in page and "小李" not in page
    assert today.of("neighbor").came_at is None


def test_a6_who_invited_for_an_office_and_has_left_it_reads_no_list_any_more(app, cast, meeting):
    with app.state.database.writing() as session:
        held = Appointment(account_id=cast.neighbor.id, office="property", code=HOME, since=date(2020, 1, 1))
        session.add(held)
        session.flush()
        number = held.id
    chess = meeting(host="neighbor")
    chess.sign_up("owner")
    assert "老周" in cast.neighbor.get(f"{chess.page}/list").text
    with app.state.database.writing() as session:
        session.get_one(Appointment, number).until = clock.today() - timedelta(days=1)
    for page in ("list", "check-in", "plan"):
        assert cast.neighbor.get(f"{chess.page}/{page}").status_code == 403, page
    assert chess.change(place="我家").status_code == 403
    assert cast.clerk.get(f"{chess.page}/list").status_code == 200
