"""Notices that appear at a moment, are put right, reminded of on their last day, and put away."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from tests.boards.test_looking_twice import SETTINGS, state
from tests.boards.test_notices import NOTICES, WATER, in_days, written
from tests.boards.test_reaching_doors import building, door, told
from tests.cast import HOME

from shequtong.core.notifications.models import Notification
from shequtong.core.posts.models import Post, PostTransition
from shequtong.lib import clock

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""Ten in the morning, here."""


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


def scheduled(browser, at="2026-11-24T08:00", **changes):
    address = written(browser, draft="1", **changes)
    answer = browser.take(address, "schedule", at=at)
    assert answer.status_code == 303, answer.text
    return address


def test_a_scheduled_notice_appears_at_its_moment_and_once(app, cast, db, worker):
    address = scheduled(cast.clerk)
    worker.run_waiting()
    assert cast.resident.get(address).status_code == 404
    assert told(app, cast.resident, "announced") == 0
    clock.advance(timedelta(hours=22, minutes=1))
    worker.run_waiting()
    worker.run_waiting()
    assert state(db, address) == "live"
    assert "停水" in cast.visitor.get(address).text
    assert told(app, cast.resident, "announced") == 1
    moves = select(PostTransition.name).where(PostTransition.name == "go_live")
    assert len(db.scalars(moves).all()) == 1


@pytest.mark.parametrize(
    ("kind", "then"), [("must_read", "confirming"), ("public_notice", "open"), ("emergency", "live")]
)
def test_each_kind_goes_where_it_would_have_gone_by_hand(app, cast, db, worker, kind, then):
    first = str(building(app, 1))
    address = scheduled(cast.clerk, kind=kind, until=in_days(7), places=first)
    clock.advance(timedelta(days=1))
    worker.run_waiting()
    assert state(db, address) == then
    assert cast.resident.get(address).status_code == 200
    assert cast.owner.get(address).status_code == 404, "it is for building 1 alone"


def test_a_worker_killed_in_the_middle_leaves_it_whole(app, cast, db, worker, monkeypatch):
    from shequtong.core.posts import clockwork

    address = scheduled(cast.clerk)
    clock.advance(timedelta(days=1))
    with pytest.raises(SystemExit), app.state.database.writing() as session:
        clockwork.move_due_posts(session)
        raise SystemExit
    assert state(db, address) == "scheduled" and told(app, cast.resident, "announced") == 0
    worker.run_waiting()
    assert state(db, address) == "live" and told(app, cast.resident, "announced") == 1


def test_a_moment_in_the_past_is_refused_next_to_the_field(cast):
    address = written(cast.clerk, draft="1")
    refused = cast.clerk.take(address, "schedule", at="2026-11-22T08:00")
    assert refused.status_code == 422
    assert re.search(r'id="f-schedule-at-error"', refused.text) and 'value="2026-11-22T08:00"' in refused.text
    late = written(cast.clerk, draft="1", kind="must_read", until=in_days(2))
    refused = cast.clerk.take(late, "schedule", at="2026-11-28T08:00")
    assert refused.status_code == 422 and "比这个时间还早" in refused.text


def test_staff_see_what_is_scheduled_and_when_and_can_change_or_stop_it(cast, db, worker):
    address = scheduled(cast.clerk)
    for listing in (NOTICES, f"{NOTICES}?state=scheduled"):
        page = cast.secretary.get(listing).text
        assert "周三停水" in page and "发布时间 明天 08:00" in page
        assert "周三停水" not in cast.resident.get(listing).text
    assert f"{NOTICES}?state=scheduled" in cast.secretary.get(NOTICES).text
    assert cast.secretary.take(address, "reschedule", at="2026-11-25T08:00").status_code == 303
    clock.advance(timedelta(days=1))
    worker.run_waiting()
    assert state(db, address) == "scheduled"
    assert cast.secretary.take(address, "take_back").status_code == 303
    clock.advance(timedelta(days=2))
    worker.run_waiting()
    assert state(db, address) == "draft"


@pytest.mark.parametrize("login", ["resident", "lead", "property", "street", "outsecretary", "visitor"])
def test_nobody_else_schedules_or_sees_what_is_scheduled(cast, login):
    browser, address = getattr(cast, login), scheduled(cast.clerk)
    assert browser.get(address).status_code in (303, 404)
    for name in ("reschedule", "take_back"):
        assert browser.take(address, name, at="2026-11-25T08:00").status_code in (303, 403, 404)


def test_what_two_look_at_is_scheduled_by_the_second(cast, db, worker):
    cast.secretary.submit(f"/c/{HOME}/settings", SETTINGS | {"second_look": "all"})
    address = written(cast.clerk)
    assert cast.clerk2.take(address, "schedule", at="2026-11-24T08:00").status_code == 303
    assert cast.clerk.submit(f"{address}/edit", WATER).status_code == 403
    clock.advance(timedelta(days=1))
    worker.run_waiting()
    assert state(db, address) == "live"


CORRECTED = {"title": "周四停水", "body": "上午九点停水", "correction": "日子写错了"}


def test_a_correction_keeps_the_old_text_and_tells_who_confirmed(app, cast):
    address = written(cast.clerk, kind="must_read", until=in_days(3))
    cast.resident.take(address, "confirm")
    assert cast.clerk.take(address, "correct", **CORRECTED | {"correction": ""}).status_code == 422
    assert cast.clerk.take(address, "correct", **CORRECTED).status_code == 303
    page = cast.owner.get(address).text
    assert "周四停水" in page and "日子写错了" in page and "1 / 7" in page
    assert "周三停水" in cast.owner.get(f"{address}/history").text
    assert told(app, cast.resident, "moved") == 1
    assert told(app, cast.owner, "moved") == 0


def test_every_household_can_be_asked_again(app, cast, db):
    address = written(cast.clerk, kind="must_read", until=in_days(3))
    cast.resident.take(address, "confirm")
    cast.lead.submit(f"{address}/doors", {"building": building(app, 1), "door": door(app, "102")})
    assert "2 / 7" in cast.owner.get(address).text
    assert cast.clerk.take(address, "correct", **CORRECTED, again="1").status_code == 303
    assert "0 / 7" in cast.owner.get(address).text
    assert told(app, cast.resident, "moved") == 1
    assert cast.resident.take(address, "confirm").status_code == 303
    assert "1 / 7" in cast.owner.get(address).text
    record = db.scalar(select(PostTransition).where(PostTransition.name == "correct"))
    assert record.facts == {"confirmed_before": 2}


@pytest.mark.parametrize("login", ["resident", "lead", "property", "street", "outsecretary"])
def test_nobody_else_corrects(cast, login):
    address = written(cast.clerk)
    for name in ("correct", "propose", "release_correction"):
        assert getattr(cast, login).take(address, name, **CORRECTED).status_code in (403, 404)


def test_what_is_archived_leaves_the_list_and_stays_to_be_found(app, cast, db, worker):
    address = written(cast.clerk, title="旧楼道粉刷")
    cast.clerk.take(address, "close")
    before = db.get(Post, int(address.rsplit("/", 1)[1])).activity_at
    assert cast.clerk.take(address, "archive").status_code == 303
    assert "旧楼道粉刷" not in cast.resident.get(NOTICES).text
    assert "旧楼道粉刷" in cast.resident.get(f"{NOTICES}?state=archived").text
    assert cast.resident.get(address).status_code == 200
    assert address in cast.resident.get("/search?q=楼道粉刷").text
    assert state(db, address) == "archived"
    assert db.get(Post, int(address.rsplit("/", 1)[1])).activity_at == before, "to put it away is no news"


def test_what_is_closed_is_put_away_by_itself_after_three_months(cast, db, worker):
    address = written(cast.clerk)
    cast.clerk.take(address, "close")
    clock.advance(timedelta(days=89))
    worker.run_waiting()
    assert state(db, address) == "closed"
    clock.advance(timedelta(days=2))
    worker.run_waiting()
    assert state(db, address) == "archived"


def test_five_at_most_are_pinned_and_staff_alone_pin(cast):
    address = written(cast.clerk)
    assert cast.resident.submit(f"{address}/pin").status_code == 403
    assert cast.clerk.submit(f"{address}/pin").status_code == 303
    assert "置顶" in cast.resident.get(NOTICES).text


def reminded(app):
    """Who was asked to confirm once more."""
    with app.state.database.reading() as session:
        asked = select(Notification.account_id).where(Notification.kind == "please_confirm")
        return set(session.scalars(asked))


def test_on_the_last_day_only_homes_that_have_not_confirmed_are_reminded_once(app, cast, worker):
    address = written(cast.clerk, kind="must_read", until=in_days(2))
    cast.resident.take(address, "confirm")
    cast.clerk.submit(f"{address}/doors", {"building": building(app, 1), "door": door(app, "102")})
    clock.advance(timedelta(days=1, hours=13))
    worker.run_waiting()
    assert reminded(app) == set(), "eleven at night, the day before"
    clock.advance(timedelta(hours=11))
    worker.run_waiting()
    assert reminded(app) == {cast.owner.id, cast.tenant.id, cast.elder.id, cast.lead.id}
    worker.run_waiting()
    assert told(app, cast.owner, "please_confirm") == 1


def test_a_worker_that_comes_too_late_in_the_day_wakes_nobody(app, cast, worker):
    written(cast.clerk, kind="must_read", until=in_days(2))
    clock.advance(timedelta(days=2, hours=12))
    worker.run_waiting()
    assert reminded(app) == set(), "ten at night"


def test_who_was_reminded_by_hand_that_day_is_left_alone(app, cast, worker):
    address = written(cast.clerk, kind="must_read", until=in_days(2))
    clock.advance(timedelta(days=1, hours=23))
    cast.clerk.submit(f"{address}/remind")
    clock.advance(timedelta(hours=2))
    worker.run_waiting()
    assert told(app, cast.owner, "please_confirm") == 1


def test_what_was_closed_before_reminds_nobody(app, cast, worker):
    address = written(cast.clerk, kind="must_read", until=in_days(2))
    cast.clerk.take(address, "close")
    clock.advance(timedelta(days=2))
    worker.run_waiting()
    assert reminded(app) == set()
