"""Duty time: it adds up, never runs backwards, and knows weekends, holidays and the days worked for them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from shequtong.lib import checkup, clock, holidays, rosters
from shequtong.lib.rosters import USUAL, BadRoster
from shequtong.settings import Settings

HOUR = timedelta(hours=1)


@pytest.fixture
def settings() -> Settings:
    return Settings(_env_file=None)


def at(text: str) -> datetime:
    """A moment on the wall clock of the community."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL)


@st.composite
def day_hours(draw) -> rosters.Hours:
    edges = sorted(draw(st.lists(st.integers(0, 24 * 60), min_size=0, max_size=6, unique=True)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def a_roster(draw) -> rosters.Roster:
    week = {weekday: draw(day_hours()) for weekday in range(1, 8)}
    week[draw(st.integers(1, 7))] = ((9 * 60, 12 * 60),)
    dates = draw(st.dictionaries(st.dates(date(2025, 12, 1), date(2027, 1, 31)), day_hours(), max_size=5))
    return rosters.read(rosters.written(week, dates))


moments = st.datetimes(datetime(2025, 12, 1), datetime(2027, 1, 31)).map(lambda m: m.replace(tzinfo=UTC))
spans = st.integers(0, 200 * 60).map(lambda minutes: timedelta(minutes=minutes))
many = examples(max_examples=150, deadline=None)


@many
@given(a_roster(), moments, spans)
def test_so_much_duty_time_as_was_added_has_passed(roster, begin, span):
    assert roster.between(begin, roster.after(begin, span)) == span
    assert roster.between(roster.after(begin, -span), begin) == span


@many
@given(a_roster(), moments, spans, spans)
def test_more_duty_time_never_ends_earlier(roster, begin, one, other):
    short, long = sorted((one, other))
    assert begin <= roster.after(begin, short) <= roster.after(begin, long)
    assert roster.after(begin, -long) <= roster.after(begin, -short) <= begin


@many
@given(a_roster(), moments, spans, spans)
def test_adding_in_two_steps_is_adding_at_once(roster, begin, one, other):
    assert roster.after(roster.after(begin, one), other) == roster.after(begin, one + other)


@many
@given(a_roster(), st.lists(moments, min_size=3, max_size=3))
def test_time_that_is_split_adds_up(roster, three):
    first, middle, last = sorted(three)
    assert roster.between(first, middle) + roster.between(middle, last) == roster.between(first, last)
    assert roster.between(last, first) == timedelta()
    assert roster.between(first, last) <= last - first


@many
@given(a_roster(), st.dates(date(2025, 12, 1), date(2027, 1, 31)))
def test_a_day_has_the_hours_that_are_written_and_no_hour_is_lost_or_doubled(roster, day):
    midnight = datetime.combine(day, time(), clock.LOCAL)
    written = sum(closes - opens for opens, closes in roster.on(day))
    assert roster.between(midnight, midnight + timedelta(days=1)) == timedelta(minutes=written)


@many
@given(st.dates(date(1992, 1, 1), date(2099, 12, 31)))
def test_the_clock_on_the_wall_knows_no_summer_time(day):
    midnight = datetime.combine(day, time(), clock.LOCAL)
    assert midnight.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("begin", "hours", "due"),
    [
        ("2026-11-23 09:00", 3, "2026-11-23 12:00"),
        ("2026-11-23 11:00", 2, "2026-11-23 14:00"),
        ("2026-11-23 20:10", 12, "2026-11-25 13:30"),
        ("2026-11-20 16:30", 2, "2026-11-23 09:30"),  # over a weekend
        ("2026-11-30 17:00", 1, "2026-12-01 09:00"),  # over the end of a month
        ("2026-02-13 17:00", 1, "2026-02-14 09:00"),  # a Saturday that is worked before the Spring Festival
        ("2026-02-14 17:00", 1, "2026-02-24 09:00"),  # the nine days of the festival
        ("2026-09-30 17:00", 1, "2026-10-08 09:00"),  # National Day, back on a Thursday
        ("2026-10-09 17:00", 1, "2026-10-10 09:00"),  # and the Saturday worked for it
        ("2025-12-31 17:00", 1, "2026-01-04 09:00"),  # New Year, back on a Sunday
    ],
)
def test_duty_hours_on_the_usual_roster(begin, hours, due):
    assert rosters.read("").after(at(begin), hours * HOUR) == at(due)


def test_a_committee_that_shifts_its_hours_to_evenings_and_weekends():
    shifted = rosters.read("2 13:00-20:30\n3 13:00-20:30\n6 09:00-11:30 14:00-16:00")
    assert shifted.after(at("2026-11-25 19:30"), 2 * HOUR) == at("2026-11-28 10:00")
    assert shifted.between(at("2026-11-23 00:00"), at("2026-11-30 00:00")) == 19.5 * HOUR


def test_a_date_of_its_own_wins_over_week_and_holiday():
    roster = rosters.read(f"{USUAL}\n2026-02-17 09:00-11:00\n2026-11-24")
    assert roster.after(at("2026-02-16 09:00"), HOUR) == at("2026-02-17 10:00")
    assert roster.after(at("2026-11-23 17:00"), HOUR) == at("2026-11-25 09:00")


def test_of_a_year_not_published_only_the_days_the_law_dates_are_off():
    calendar = holidays.current()
    unpublished = max(calendar.years) + 1
    assert calendar.is_off(date(unpublished, 10, 3)) and calendar.is_off(date(unpublished, 5, 2))
    assert not calendar.is_off(date(unpublished, 10, 4))
    assert not any(calendar.is_made_up(date(unpublished, 1, 1) + timedelta(days=n)) for n in range(365))


def test_2026_is_as_the_state_council_published_it():
    calendar = holidays.read(holidays.PUBLISHED)
    off = sorted(day for day in calendar.off if day.year == 2026)
    assert len(off) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert [str(d) for d in sorted(calendar.worked) if d.year == 2026] == [
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ]
    assert all(day.weekday() > 4 for day in calendar.worked), "only weekend days are worked for a holiday"


def test_an_operator_adds_a_year_or_corrects_one(tmp_path):
    more = tmp_path / "holidays.toml"
    more.write_text('[2031]\noff = ["01-01..01-03"]\nwork = ["01-05"]\n')
    before = holidays.current().mark
    try:
        holidays.use(more)
        assert holidays.current().mark != before
        assert rosters.read("").after(at("2030-12-31 17:30"), HOUR) == at("2031-01-05 09:30")
    finally:
        holidays.use(None)


def test_an_operator_is_told_of_a_year_that_is_missing_before_it_begins(settings):
    missing = max(holidays.current().years) + 1
    for moment, told in (
        (f"{missing - 1}-11-30", False),
        (f"{missing - 1}-12-01", True),
        (f"{missing}-03-01", True),
    ):
        with clock.at(at(moment)):
            finding = checkup.of_holidays(settings)
            assert (str(missing) in finding.wrong) is told, moment
            assert finding.warning is told


@pytest.mark.parametrize(
    "text", ['[2031]\noff = ["02-30"]\nwork = []', "[soon]\noff = []", "[2031]\noff = []", "off = ", "[2031"]
)
def test_a_calendar_with_a_mistake_is_refused_with_its_place(tmp_path, text):
    (tmp_path / "wrong.toml").write_text(text)
    with pytest.raises(holidays.BadCalendar):
        holidays.use(tmp_path / "wrong.toml")


@pytest.mark.parametrize(
    "text",
    [
        "1 17:00-08:00",
        "1 08:00-12:00 11:00-13:00",
        "8 08:00-12:00",
        "1 morning",
        "2026-02-30",
        "1",
        "1 8:70-9:00",
    ],
)
def test_what_is_no_roster_is_refused(text):
    with pytest.raises(BadRoster):
        rosters.read(text)


def test_hours_are_read_as_people_type_them():
    assert rosters.hours("8：30—12:00，13:00 至 17:30") == rosters.hours("08:30-12:00 13:00-17:30")
    assert rosters.said(rosters.hours("8:30-24:00")) == "08:30-24:00"
