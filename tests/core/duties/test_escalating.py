"""Lateness is told to the secretary, the street and the district, each once; only who was told may act."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from tests.cast import HOME
from tests.core.duties.conftest import report

from shequtong.core.communities.models import Appointment
from shequtong.core.identity.models import Account
from shequtong.core.notifications.models import Notification
from shequtong.lib import clock
from shequtong.main import create_worker

LATE = "没有按时回复，请您过问"
# An ordinary report on Monday at nine: its first reply is due on Tuesday at 14:00.
SECRETARY_HEARS, STREET_HEARS, DISTRICT_HEARS = "2026-11-24 15:00", "2026-11-25 14:00", "2026-11-27 14:00"


@pytest.fixture
def told(app):
    """How often each login was told that something is late."""

    def count(kind="overdue", note="first_reply"):
        with app.state.database.reading() as session:
            found = session.execute(
                select(Account.login, func.sum(Notification.count))
                .join(Account, Account.id == Notification.account_id)
                .where(Notification.kind == kind, Notification.note == note)
                .group_by(Account.login)
            )
            return {login: int(times) for login, times in found}

    return count


def test_each_office_is_told_once_one_after_the_other(cast, until, go_round, told):
    report(cast.resident)
    until("2026-11-24 14:30")
    go_round()
    assert told() == {}
    expected = {}
    for moment, login in (
        (SECRETARY_HEARS, "secretary"),
        (STREET_HEARS, "street"),
        (DISTRICT_HEARS, "district"),
    ):
        until(moment)
        expected[login] = 1
        for _restart in range(3):
            go_round()
        assert told() == expected
    assert LATE in cast.street.get("/inbox").text
    assert "outsecretary" not in told()


# Of the twelve duty hours of that first reply 9.6 have passed.
REMINDED = "2026-11-24 10:40"


def test_who_looks_after_it_is_reminded_once_before_its_time_is_over(cast, until, go_round, told):
    report(cast.resident)
    until("2026-11-24 09:00")
    go_round()
    assert told("soon_due") == {}
    until(REMINDED)
    for _restart in range(3):
        go_round()
    (reminded,) = told("soon_due").items()
    assert reminded[1] == 1 and reminded[0] in ("clerk", "clerk2", "secretary")
    assert "首次回复快到时间了" in getattr(cast, reminded[0]).get("/inbox").text
    until(SECRETARY_HEARS)
    go_round()
    assert told("soon_due") == dict([reminded]) and told() == {"secretary": 1}


def test_nobody_is_reminded_of_what_is_answered_waits_or_is_late_already(cast, until, go_round, told):
    answered, late = report(cast.resident), report(cast.neighbor, title="井盖松了")
    cast.clerk.take(answered, "acknowledge")
    until("2026-11-24 16:00")
    go_round()
    assert told("soon_due") == {}
    assert told() == {"secretary": 1} and late


def test_a_worker_that_was_away_tells_everybody_when_it_is_back_and_still_once(cast, until, go_round, told):
    report(cast.resident)
    until("2026-11-30 09:00")
    for _round in range(5):
        go_round()
    assert told() == {"secretary": 1, "street": 1, "district": 1}


def test_only_who_was_told_may_act_and_only_while_it_waits(cast, until, go_round):
    address = report(cast.resident)
    until(STREET_HEARS)
    go_round()
    go_round()
    assert cast.street.submit(f"{address}/comments", {"body": "请今天答复居民"}).status_code == 303
    assert "已提级到街镇" in cast.neighbor.get(address).text
    inboxes = [cast.clerk.get("/inbox").text, cast.clerk2.get("/inbox").text]
    assert any("评论" in inbox and "月浦镇干部" in inbox for inbox in inboxes), (
        "who looks after it hears of it"
    )
    assert cast.district.submit(f"{address}/comments", {"body": "我也说一句"}).status_code == 403
    assert cast.street.take(address, "acknowledge").status_code == 403, "it stays the committee's to handle"
    assert "首次回复已超时" in cast.neighbor.get(address).text, (
        "an officer's word is not the committee's reply"
    )
    cast.clerk.submit(f"{address}/comments", {"body": "今天来修"})
    assert cast.street.submit(f"{address}/comments", {"body": "好"}).status_code == 403


def test_what_is_private_is_told_upwards_without_a_word_of_it(cast, until, go_round, told):
    address = report(cast.resident, title="邻居家的私事", private="1")
    until(DISTRICT_HEARS)
    for _round in range(3):
        go_round()
    assert told() == {"secretary": 1}
    assert told("overdue_private") == {"street": 1, "district": 1}
    assert cast.street.get(address).status_code == 404
    for login in ("street", "district"):
        inbox = getattr(cast, login).get("/inbox").text
        assert "邻居家的私事" not in inbox and "非公开" in inbox


def test_two_workers_at_the_same_moment_tell_each_office_once(app, settings, cast, until, told):
    for _ in range(12):
        report(cast.resident)
    until(SECRETARY_HEARS)
    workers = [create_worker(settings, app.state.database) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda worker: worker.run_waiting(), workers))
    assert told() == {"secretary": 12}


def test_two_clerks_who_take_it_at_the_same_moment_leave_one_owner(cast, duties):
    for _round in range(5):
        address = report(cast.resident)
        number = str(duties(address)["resolve"].id)
        clerks = (cast.clerk, cast.clerk2)
        with ThreadPoolExecutor(2) as pool:
            taken = [pool.submit(who.submit, f"/c/{HOME}/desk/take", {"only": number}) for who in clerks]
        assert {one.result().status_code for one in taken} <= {303, 409}
        owed = duties(address)
        assert owed["resolve"].owner_id in {clerk.id for clerk in clerks}
        assert owed["first_reply"].outcome == "kept"


@pytest.mark.parametrize("step", [1, -1])
def test_a_clock_an_hour_wrong_tells_nobody_early_and_nobody_twice(cast, until, go_round, told, step):
    report(cast.resident)
    until("2026-11-24 13:59")
    clock.advance(timedelta(hours=max(step, 0)))
    go_round()
    assert told() == {}, "even an hour fast, it is not told before it is late"
    clock.advance(timedelta(hours=-max(step, 0)))
    until(SECRETARY_HEARS)
    go_round()
    clock.advance(timedelta(hours=min(step, 0)))
    go_round()
    clock.advance(timedelta(hours=1))
    go_round()
    assert told() == {"secretary": 1}


def test_what_is_late_with_somebody_whose_office_ran_out_is_asked_of_another(
    app, cast, duties, until, go_round
):
    address = report(cast.clerk, on_behalf="王阿婆")
    with app.state.database.writing() as session:
        office = session.scalars(select(Appointment).where(Appointment.account_id == cast.clerk.id)).one()
        office.until = date(2026, 11, 23)
    until(SECRETARY_HEARS)
    go_round()
    assert duties(address)["first_reply"].owner_id == cast.clerk2.id
    assert "社工小吴" in cast.neighbor.get(address).text


def test_what_was_answered_or_waits_for_somebody_else_is_told_to_nobody(cast, until, go_round, told):
    cast.clerk.take(answered := report(cast.resident), "acknowledge")
    cast.clerk.take(answered, "ask_info", reason="哪里？")
    cast.clerk.submit(
        f"/c/{HOME}/matters/{report(cast.neighbor).rsplit('/', 1)[1]}/comments", {"body": "知道了"}
    )
    until(DISTRICT_HEARS)
    go_round()
    assert told() == {}
