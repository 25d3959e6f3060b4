from datetime import datetime, timedelta

import pytest

from shequtong.lib import clock, dates
from shequtong.lib.i18n import speaking

NOW = datetime(2026, 11, 3, 14, 20, tzinfo=clock.LOCAL)


@pytest.fixture(autouse=True)
def _afternoon():
    with clock.at(NOW):
        yield


@pytest.mark.parametrize(
    ("before", "chinese", "english"),
    [
        (timedelta(seconds=40), "刚刚", "just now"),
        (timedelta(minutes=1), "1 分钟前", "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 分钟前", "59 minutes ago"),
        (timedelta(hours=23, minutes=59), "23 小时前", "23 hours ago"),
        (timedelta(days=1), "昨天 14:20", "Yesterday 14:20"),
        (timedelta(days=2), "11月1日 14:20", "Nov 1 14:20"),
        (timedelta(days=365), "2025年11月3日 14:20", "Nov 3, 2025 14:20"),
        (timedelta(minutes=-2), "刚刚", "just now"),
        (timedelta(hours=-2), "今天 16:20", "Today 16:20"),
    ],
)
def test_ago_reads_as_people_say_it(before, chinese, english):
    assert dates.ago(NOW - before) == chinese
    with speaking("en"):
        assert dates.ago(NOW - before) == english


@pytest.mark.parametrize(
    ("ahead", "chinese"),
    [
        (timedelta(minutes=-1), "时间到了"),
        (timedelta(minutes=30), "还剩 30 分钟"),
        (timedelta(hours=47), "还剩 47 小时"),
        (timedelta(days=3), "还剩 3 天"),
    ],
)
def test_left_says_how_long_there_is(ahead, chinese):
    assert dates.left(NOW + ahead) == chinese


def test_days_follow_the_communitys_midnight_not_that_of_london():
    just_past_midnight = datetime(2026, 11, 4, 0, 5, tzinfo=clock.LOCAL)
    assert dates.when(just_past_midnight) == "明天 00:05"
    assert dates.day(just_past_midnight.date()) == "明天"


def test_iso_carries_the_offset():
    assert dates.iso(NOW) == "2026-11-03T14:20:00+08:00"


@pytest.mark.parametrize("away", [-90, -30, -3, 0, 0.5, 3, 59.5, 60, 100, 1439, 1440, 3000, 100_000])
def test_words_for_a_moment_stay_true_as_long_as_they_are_said_to(away):
    moment = NOW - timedelta(minutes=away)
    for words in (dates.ago, dates.left, dates.when, dates.day):
        with clock.at(NOW):
            with dates.lasting() as lasting:
                first = words(moment)
            step = max((min(lasting.until, NOW + timedelta(days=3)) - NOW) / 7, timedelta(seconds=1))
            while clock.now() + step < lasting.until and clock.now() < NOW + timedelta(days=2):
                clock.advance(step)
                assert words(moment) == first, (words.__name__, clock.now())


def test_the_shortest_of_several_words_counts_and_is_told_to_whoever_watches_outside():
    with dates.lasting() as outside:
        with dates.lasting() as inside:
            dates.day(NOW)
            dates.ago(NOW - timedelta(minutes=7))
        assert inside.until == NOW + timedelta(minutes=1)
    assert outside.until == inside.until
