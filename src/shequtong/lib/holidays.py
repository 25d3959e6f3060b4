"""China's public holidays and the weekend days that are worked for them, as the State Council publishes them.

Years that are published stand in `holidays.toml`, each with its notice; an operator adds a year in a file of their
own (`SHEQUTONG_HOLIDAYS`). Of a year that is not published yet only the days are known that the law itself names
by date; the lunar ones and all make-up days count as ordinary days until the notice is there.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

PUBLISHED = Path(__file__).with_name("holidays.toml")

BY_LAW = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Month and day of the holidays that the law dates: 全国年节及纪念日放假办法, art. 2, in force since 2025-01-01."""


class BadCalendar(ValueError):
    """A file of holidays says something that is no calendar; the message says where."""


@dataclass(frozen=True, eq=False)
class Calendar:
    """Days off, weekend days that are worked, and the years for which both are known. `mark` changes with them."""

    off: frozenset[date]
    worked: frozenset[date]
    years: frozenset[int]
    mark: str

    def is_off(self, day: date) -> bool:
        """Is this a public holiday?"""
        return day in self.off if day.year in self.years else (day.month, day.day) in BY_LAW

    def is_made_up(self, day: date) -> bool:
        """Is this a day of a weekend that is worked for a holiday?"""
        return day in self.worked


def read(*files: Path) -> Calendar:
    """The calendar of these files; a year in a later file replaces the same year of an earlier one."""
    years: dict[int, Any] = {}
    for file in files:
        try:
            years |= {_year(name): told for name, told in tomllib.loads(file.read_text("utf-8")).items()}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
            raise BadCalendar(f"{file}: {wrong}") from wrong
    off = {day for year, told in years.items() for day in _days(year, told, "off")}
    worked = {day for year, told in years.items() for day in _days(year, told, "work")}
    if both := off & worked:
        raise BadCalendar(f"{min(both)} is both off and worked")
    told = repr((sorted(off), sorted(worked), sorted(years)))
    mark = hashlib.sha256(told.encode()).hexdigest()[:12]
    return Calendar(frozenset(off), frozenset(worked), frozenset(years), mark)


_file: Path | None = None


def use(file: Path | None) -> None:
    """Let this process know the years of an operator's own file too. Raises BadCalendar."""
    global _file
    read(PUBLISHED, *([file] if file else []))
    _file = file
    current.cache_clear()


@lru_cache(maxsize=1)
def current() -> Calendar:
    """The calendar in force in this process."""
    return read(PUBLISHED, *([_file] if _file else []))


def _year(name: str) -> int:
    if not (name.isascii() and name.isdigit() and len(name) == 4):
        raise BadCalendar(f"[{name}] is no year")
    return int(name)


def _days(year: int, told: Mapping[str, Any], name: str) -> Iterator[date]:
    spans = told.get(name)
    if not isinstance(spans, list):
        raise BadCalendar(f"[{year}] needs `{name}`, a list of days")
    return _spread(year, spans)


def _spread(year: int, spans: Iterable[Any]) -> Iterator[date]:
    for span in spans:
        first, _dots, last = str(span).partition("..")
        try:
            day, end = (date.fromisoformat(f"{year}-{part}") for part in (first, last or first))
        except ValueError:
            raise BadCalendar(f"[{year}]: {span!r} is no day such as 10-01 or 10-01..10-07") from None
        if end < day:
            raise BadCalendar(f"[{year}]: {span!r} ends before it begins")
        while day <= end:
            yield day
            day += timedelta(days=1)
