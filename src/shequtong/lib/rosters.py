"""Time that is counted only while somebody is on duty: pure arithmetic over a week's hours and a calendar.

A roster is written as lines. `1 08:30-12:00 13:00-17:30` are a Monday's hours (1 to 7), a date instead of the
number those of one day alone; a day that is not named has none. On public holidays nobody is on duty unless the
very date is named. On a weekend day that is worked for a holiday, the hours of an ordinary working day hold.

All days and hours are those of the community's wall clock (`clock.LOCAL`), which has known no summer time since
1991; moments go in and come out aware.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from shequtong.lib import clock, holidays
from shequtong.lib.holidays import Calendar

Hours = tuple[tuple[int, int], ...]
"""Spans of one day in minutes from midnight, in order and apart."""

USUAL = "\n".join(f"{weekday} 08:30-12:00 13:00-17:30" for weekday in range(1, 6))
"""Eight hours on each working day, where a committee has said nothing else."""

NOTHING = timedelta()
DAY = timedelta(days=1)
MOST_DAYS = 400
"""Single dates that a roster may name."""
_SPAN = re.compile(r"(\d{1,2})[:：](\d\d)\s*[-–—~～至]\s*(\d{1,2})[:：](\d\d)")


class BadRoster(ValueError):
    """What was written is no roster; `line` is the one that is wrong, empty when it is the whole."""

    def __init__(self, line: str = "") -> None:
        super().__init__(f"no roster: {line!r}")
        self.line = line


@dataclass(frozen=True, eq=False)
class Roster:
    """The hours of every day. Made by `read`, which gives the same one for the same words."""

    week: tuple[Hours, ...]
    dates: Mapping[date, Hours]
    calendar: Calendar
    _known: dict[date, Hours] = field(default_factory=dict, repr=False)

    def on(self, day: date) -> Hours:
        """The hours of a day."""
        if day not in self._known:
            self._known[day] = self._find(day)
        return self._known[day]

    def _find(self, day: date) -> Hours:
        if day in self.dates:
            return self.dates[day]
        if self.calendar.is_off(day):
            return ()
        own = self.week[day.weekday()]
        return next((h for h in self.week if h), ()) if self.calendar.is_made_up(day) else own

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """How much duty time lies between two moments; none when `end` is not after `begin`."""
        first, last = clock.local(begin), clock.local(end)
        if last <= first:
            return NOTHING
        counted = NOTHING
        day = first.date()
        while day <= last.date():
            for opens, closes in self._spans(day):
                counted += max(min(closes, last) - max(opens, first), NOTHING)
            day += DAY
        return counted

    def after(self, begin: datetime, span: timedelta) -> datetime:
        """The first moment at which `span` of duty time has passed since `begin`; backwards when it is negative."""
        if span == NOTHING:
            return begin.astimezone(UTC)
        return self._forth(begin, span) if span > NOTHING else self._back(begin, -span)

    def _forth(self, begin: datetime, span: timedelta) -> datetime:
        at = clock.local(begin)
        for day in _days_from(at.date(), DAY):
            for opens, closes in self._spans(day):
                start = max(opens, at)
                if start >= closes:
                    continue
                if closes - start >= span:
                    return (start + span).astimezone(UTC)
                span -= closes - start
        raise AssertionError("unreachable")

    def _back(self, end: datetime, span: timedelta) -> datetime:
        at = clock.local(end)
        for day in _days_from(at.date(), -DAY):
            for opens, closes in reversed(list(self._spans(day))):
                stop = min(closes, at)
                if stop <= opens:
                    continue
                if stop - opens >= span:
                    return (stop - span).astimezone(UTC)
                span -= stop - opens
        raise AssertionError("unreachable")

    def _spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        midnight = datetime.combine(day, time(), clock.LOCAL)
        for opens, closes in self.on(day):
            yield midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes)


def _days_from(day: date, step: timedelta) -> Iterator[date]:
    while True:
        yield day
        day += step


def read(words: str) -> Roster:
    """The roster that is written so; the usual one for no words. Raises BadRoster."""
    return _read(words, holidays.current())


@lru_cache(maxsize=1024)
def _read(words: str, calendar: Calendar) -> Roster:
    week: list[Hours] = [()] * 7
    dates: dict[date, Hours] = {}
    for line in filter(None, map(str.strip, (words or USUAL).splitlines())):
        name, _space, told = line.partition(" ")
        if name in "1234567" and len(name) == 1:
            week[int(name) - 1] = hours(told)
        else:
            try:
                dates[date.fromisoformat(name)] = hours(told)
            except ValueError:
                raise BadRoster(line) from None
    if not any(week) or len(dates) > MOST_DAYS:
        raise BadRoster
    return Roster(tuple(week), dates, calendar)


def hours(words: str) -> Hours:
    """The spans of a day, such as `8:30-12:00 13:00-17:30`; none for no words. Raises BadRoster."""
    spans = []
    for opens_h, opens_m, closes_h, closes_m in _SPAN.findall(words):
        opens, closes = (int(h) * 60 + int(m) for h, m in ((opens_h, opens_m), (closes_h, closes_m)))
        if int(opens_m) > 59 or int(closes_m) > 59 or not opens < closes <= 24 * 60:
            raise BadRoster(words)
        spans.append((opens, closes))
    if re.sub(r"[\s,，;；、和]", "", _SPAN.sub("", words)):
        raise BadRoster(words)
    spans.sort()
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise BadRoster(words)
    return tuple(spans)


def said(told: Hours) -> str:
    """The spans of a day as they are written."""
    return " ".join(
        f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}" for opens, closes in told
    )


def written(week: Mapping[int, Hours], dates: Mapping[date, Hours]) -> str:
    """The words of a roster: hours by weekday (1 is Monday) and by date."""
    lines = [f"{weekday} {said(told)}" for weekday, told in sorted(week.items()) if told]
    return "\n".join(
        lines + [f"{day.isoformat()} {said(told)}".strip() for day, told in sorted(dates.items())]
    )
