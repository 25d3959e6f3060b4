"""R6: no clock that is set forward counts a vote early, and none that is set back opens it again."""

from datetime import timedelta

import pytest
from tests.lib.test_clock import Machine

from shequtong.core.ballots import counting
from shequtong.lib import clock


@pytest.fixture
def machine(monkeypatch):
    """The machine that the house runs on; its clock can be set."""
    machine = Machine()
    machine.set(seconds=(clock.now() - machine.watch.now()).total_seconds())
    machine.watch = clock.Watch(lambda: machine.wall, lambda: machine.up)
    monkeypatch.setattr(clock, "watch", machine.watch)
    return machine


def counts(app, opened):
    """Let the worker come round; is the vote counted?"""
    with app.state.database.writing() as session:
        counting.count_due_rounds(session)
    return opened.round().state == "counted"


def test_r6_a_clock_that_jumps_forward_closes_and_counts_nothing_early(vote, cast, app, machine):
    opened = vote(closes_at=clock.now() + timedelta(minutes=30))
    machine.set(hours=1)
    assert opened.cast_by("resident").status_code == 303
    assert not counts(app, opened) and opened.round().closed_at is None
    machine.run(minutes=10)
    machine.set(hours=-1)
    assert opened.cast_by("neighbor").status_code == 303
    machine.run(minutes=20)
    assert opened.cast_by("owner").status_code == 409
    assert counts(app, opened) and opened.round().voted_heads == 2


def test_r6_while_the_clock_is_wrong_the_close_is_on_time_and_the_count_waits(vote, cast, app, machine):
    opened = vote(closes_at=clock.now() + timedelta(minutes=30))
    machine.set(hours=1)
    opened.cast_by("resident")
    machine.run(minutes=30)
    assert opened.cast_by("neighbor").status_code == 409
    assert not counts(app, opened)
    machine.run(minutes=31)
    assert counts(app, opened), "after an hour the clock is believed"


def test_r6_a_clock_that_is_set_back_opens_nothing_again(vote, cast, app, machine):
    opened = vote(closes_at=clock.now() + timedelta(minutes=30), papers=True, place="居委会")
    machine.run(minutes=31)
    assert not counts(app, opened), "paper may still be read"
    machine.set(hours=-3)
    assert opened.cast_by("resident").status_code == 409
    machine.run(hours=1, minutes=1)
    assert clock.now() < opened.round().closes_at, "the wrong clock is believed by now"
    assert opened.cast_by("resident").status_code == 409
    assert 'name="choice"' not in cast.resident.get(opened.page).text


def test_r6_a_machine_that_has_just_started_counts_nothing(vote, app, machine):
    opened = vote(closes_at=clock.now() + timedelta(minutes=1))
    machine.run(minutes=2)
    machine.up = 60 * 1_000_000_000
    machine.watch = clock.watch = clock.Watch(lambda: machine.wall, lambda: machine.up)
    assert not counts(app, opened)
    machine.run(minutes=10)
    assert counts(app, opened)
