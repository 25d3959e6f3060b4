from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from shequtong.lib import clock

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=clock.LOCAL)


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_stopped_clock_stays_until_it_is_moved():
    with clock.at(NOON):
        assert clock.now() == clock.now() == NOON
        assert clock.advance(timedelta(hours=2)) == clock.now() == NOON + timedelta(hours=2)


def test_every_thread_sees_the_stopped_clock():
    seen = []
    with clock.at(NOON):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen == [NOON]


def test_the_clock_runs_again_after_the_block_even_after_an_error():
    with pytest.raises(KeyError), clock.at(NOON):
        raise KeyError
    assert clock.now() != NOON


def test_an_inner_stop_gives_back_the_outer_one():
    with clock.at(NOON):
        with clock.at(NOON - timedelta(days=1)):
            pass
        assert clock.now() == NOON


def test_the_running_clock_cannot_be_moved_and_a_naive_moment_is_refused():
    with pytest.raises(RuntimeError):
        clock.advance(timedelta(1))
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 1, 1)):
        pass


def test_local_time_is_that_of_shanghai():
    assert clock.local(datetime(2026, 11, 3, 18, 0, tzinfo=UTC)).isoformat() == "2026-11-04T02:00:00+08:00"


class Machine:
    """A machine whose clock somebody sets; in nanoseconds, as the real one tells it."""

    def __init__(self, up=timedelta(days=3)):
        self.wall = int(NOON.timestamp()) * 1_000_000_000
        self.up = int(up.total_seconds()) * 1_000_000_000
        self.watch = clock.Watch(lambda: self.wall, lambda: self.up)

    def run(self, **span):
        self.wall += int(timedelta(**span).total_seconds() * 1e9)
        self.up += int(timedelta(**span).total_seconds() * 1e9)

    def set(self, **span):
        self.wall += int(timedelta(**span).total_seconds() * 1e9)

    def passed(self):
        return self.watch.now() - NOON


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=400)])
def test_r6_a_clock_that_jumps_is_not_followed_at_once_and_set_right_it_never_was(step):
    machine = Machine()
    machine.run(minutes=5)
    assert machine.passed() == timedelta(minutes=5) and machine.watch.settled()
    machine.set(seconds=step.total_seconds())
    assert machine.passed() == timedelta(minutes=5) and not machine.watch.settled()
    machine.run(minutes=50)
    assert machine.passed() == timedelta(minutes=55)
    machine.set(seconds=-step.total_seconds())
    assert machine.passed() == timedelta(minutes=55) and machine.watch.settled()


def test_r6_a_jump_that_stays_is_believed_after_an_hour():
    machine = Machine()
    machine.set(hours=1)
    assert machine.passed() == timedelta(0)
    machine.run(minutes=59)
    assert machine.passed() == timedelta(minutes=59)
    machine.run(minutes=1)
    assert machine.passed() == timedelta(hours=2) and machine.watch.settled()


def test_what_a_time_server_moves_little_by_little_is_followed():
    machine = Machine()
    for minute in range(1, 21):
        machine.run(minutes=1)
        machine.set(seconds=3)
        assert machine.passed() == minute * timedelta(seconds=63)
    assert machine.passed() == timedelta(minutes=21) and machine.watch.settled()


def test_a_machine_that_has_just_started_may_set_its_clock_but_settles_nothing():
    machine = Machine(up=timedelta(minutes=1))
    machine.set(hours=-3)
    assert machine.passed() == timedelta(hours=-3) and not machine.watch.settled()
    machine.run(minutes=10)
    assert machine.watch.settled()
