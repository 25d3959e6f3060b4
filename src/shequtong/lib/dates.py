"""Moments as people say them: 刚刚, 5 分钟前, 昨天 14:20, 11月3日; the same in English."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date, format_skeleton

from shequtong.lib import clock
from shequtong.lib.i18n import current_locale, gettext, ngettext

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FOR_EVER = datetime.max.replace(tzinfo=UTC)


class Lasting:
    """How long what was said about moments stays true: `until` is when the first of it has to be said anew."""

    __slots__ = ("until",)

    def __init__(self) -> None:
        self.until = FOR_EVER


_lasting: ContextVar[Lasting | None] = ContextVar("lasting", default=None)


@contextmanager
def lasting() -> Iterator[Lasting]:
    """Watch how long the words for moments that are asked for in this block stay true."""
    outer, kept = _lasting.get(), Lasting()
    _lasting.set(kept)
    try:
        yield kept
    finally:
        _lasting.set(outer)
        _changes(kept.until)


def _changes(at: datetime) -> None:
    if (kept := _lasting.get()) is not None and at < kept.until:
        kept.until = at


def ago(moment: datetime) -> str:
    """How long ago, up to a day; after that `when`. A moment ahead (a clock was set back) is just now."""
    minutes = int((clock.now() - moment) / MINUTE)
    if -5 < minutes < 1:
        _changes(moment + MINUTE)
        return gettext("just now")
    if 1 <= minutes < 60:
        _changes(moment + MINUTE * (minutes + 1))
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes)
    if 60 <= minutes < 24 * 60:
        _changes(moment + HOUR * (minutes // 60 + 1))
        return ngettext("%(n)s hour ago", "%(n)s hours ago", minutes // 60)
    if minutes < 0:
        _changes(moment - MINUTE * 5)
    return when(moment)


def left(moment: datetime) -> str:
    """How long until `moment`, rounded down; "time is up" when it has passed."""
    minutes = int((moment - clock.now()) / MINUTE)
    if minutes < 1:
        _changes(moment - MINUTE)
        return gettext("time is up")
    if minutes < 60:
        _changes(moment - MINUTE * minutes)
        return ngettext("%(n)s minute left", "%(n)s minutes left", minutes)
    if minutes < 48 * 60:
        _changes(moment - HOUR * (minutes // 60))
        return ngettext("%(n)s hour left", "%(n)s hours left", minutes // 60)
    _changes(moment - DAY * (minutes // (24 * 60)))
    return ngettext("%(n)s day left", "%(n)s days left", minutes // (24 * 60))


def when(moment: datetime) -> str:
    """Day and time on the community's wall clock."""
    shown = clock.local(moment)
    return f"{day(shown)} {shown:%H:%M}"


def day(moment: datetime | date) -> str:
    """The day alone: 今天, 昨天, 明天, 11月3日, or with the year when it is another year."""
    shown = clock.local(moment).date() if isinstance(moment, datetime) else moment
    today = clock.today()
    if _lasting.get() is not None:
        _changes(clock.end_of(today))
    match (shown - today).days:
        case 0:
            return gettext("Today")
        case -1:
            return gettext("Yesterday")
        case 1:
            return gettext("Tomorrow")
    return _date(shown, shown.year == today.year, current_locale().replace("-", "_"))


def full_day(moment: datetime | date) -> str:
    """The day with its year, as it stands on a paper that hangs for a year: 2026年11月3日."""
    shown = clock.local(moment).date() if isinstance(moment, datetime) else moment
    return _date(shown, False, current_locale().replace("-", "_"))


def weekday(moment: datetime | date) -> str:
    """周六, Sat."""
    shown = clock.local(moment).date() if isinstance(moment, datetime) else moment
    return format_date(shown, "EEE", locale=current_locale().replace("-", "_"))


def iso(moment: datetime) -> str:
    """For `<time datetime>`: seconds, with the community's offset."""
    return clock.local(moment).isoformat(timespec="seconds")


@lru_cache(maxsize=4096)
def _date(shown: date, this_year: bool, locale: str) -> str:
    if this_year:
        return format_skeleton("MMMd", shown, locale=locale)
    return format_date(shown, "long" if locale.startswith("zh") else "medium", locale=locale)
