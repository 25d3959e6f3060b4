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
