import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from tests.databases import migrate, postgres_url

from shequtong.lib import clock
from shequtong.lib.throttle import SIGN_IN, Rate, Throttle

NOON = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
SECRET = b"s" * 32


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "url" in metafunc.fixturenames:
        kinds = ["memory", *metafunc.config.getoption("--databases").split(",")]
        metafunc.parametrize("url", kinds, indirect=True)


@pytest.fixture
def url(request, tmp_path):
    if request.param == "postgresql":
        return postgres_url(os.environ.get("PYTEST_XDIST_WORKER", "alone"), migrate)
    return f"sqlite:///{tmp_path}/town.db" if request.param == "sqlite" else None


@pytest.fixture
def throttle(url):
    return Throttle(url, SECRET)


def test_s4_ten_tries_in_five_minutes_then_wait(throttle):
    with clock.at(NOON):
        for _ in range(10):
            assert throttle.allow("sign-in 203.0.113.9", SIGN_IN) == 0
            clock.advance(timedelta(seconds=10))
        assert throttle.allow("sign-in 203.0.113.9", SIGN_IN) == 200
        assert throttle.allow("sign-in 203.0.113.8", SIGN_IN) == 0, "nobody else waits"
        clock.advance(timedelta(seconds=199))
        assert throttle.allow("sign-in 203.0.113.9", SIGN_IN) == 1
        clock.advance(timedelta(seconds=1))
        assert throttle.allow("sign-in 203.0.113.9", SIGN_IN) == 0
        assert throttle.allow("sign-in 203.0.113.9", SIGN_IN) == 10, "the second try is still in the window"


def test_s4_a_refused_try_does_not_make_the_wait_longer(throttle):
    with clock.at(NOON):
        for _ in range(30):
            throttle.allow("x", SIGN_IN)
        clock.advance(timedelta(minutes=5))
        assert throttle.allow("x", SIGN_IN) == 0


def test_s4_success_starts_anew(throttle):
    rate = Rate(1, timedelta(hours=1))
    assert throttle.allow("x", rate) == 0
    assert throttle.allow("x", rate) > 3500
    throttle.forget("x")
    assert throttle.allow("x", rate) == 0


def test_s4_workers_count_together(url):
    """Without a database, each for itself."""
    first, second = Throttle(url, SECRET), Throttle(url, SECRET)
    waits = [worker.allow("x", SIGN_IN) for worker in [first, second] * 20]
    assert waits.count(0) == (10 if url else 20)


def test_s4_tries_at_the_same_moment_are_all_counted(throttle):
    with ThreadPoolExecutor(20) as crowd:
        waits = list(crowd.map(lambda _: throttle.allow("x", SIGN_IN), range(50)))
    assert waits.count(0) == 10


def test_r6_a_clock_set_back_locks_nobody_out(throttle):
    rate = Rate(1, timedelta(minutes=5))
    with clock.at(NOON):
        assert throttle.allow("x", rate) == 0
        clock.advance(timedelta(hours=-1))
        assert throttle.allow("x", rate) == 0


def test_r5_when_nothing_can_be_written_each_process_counts(tmp_path):
    broken = Throttle(f"sqlite:///{tmp_path}/no/such/folder/town.db", SECRET)
    assert [broken.allow("x", Rate(2, timedelta(minutes=1))) > 0 for _ in range(3)] == [False, False, True]
    broken.forget("x")
    assert broken.allow("x", Rate(2, timedelta(minutes=1))) == 0


def test_r14_old_tries_are_swept(throttle):
    rate = Rate(1, timedelta(days=30))
    with clock.at(NOON):
        throttle.allow("x", rate)
        clock.advance(timedelta(hours=23))
        throttle.sweep()
        assert throttle.allow("x", rate) > 0
        clock.advance(timedelta(hours=2))
        throttle.sweep()
        assert throttle.allow("x", rate) == 0


def test_p1_no_key_is_stored_as_it_is(tmp_path):
    Throttle(f"sqlite:///{tmp_path}/town.db", SECRET).allow("sign-in 13800138000", SIGN_IN)
    files = list(tmp_path.iterdir())
    assert files and all(b"13800138000" not in file.read_bytes() for file in files)
