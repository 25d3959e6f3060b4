"""The one clock. Everything asks `now()`, so tests and the demo town can move time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")

_stopped_at: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _stopped_at or datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment as the wall clock of the community shows it."""
    return moment.astimezone(LOCAL)


def today() -> date:
    """The calendar day of the community."""
    return local(now()).date()


def end_of(day: date) -> datetime:
    """The moment at which a calendar day of the community is over."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL).astimezone(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stop the clock of the whole process, every thread of it, at `moment` (aware) until the block ends."""
    global _stopped_at
    if moment.tzinfo is None:
        raise ValueError("the clock needs a moment with a time zone")
    before, _stopped_at = _stopped_at, moment.astimezone(UTC)
    try:
        yield
    finally:
        _stopped_at = before


def advance(by: timedelta) -> datetime:
    """Move the stopped clock and say what it shows. Only inside `at`: the real clock is nobody's to move."""
    global _stopped_at
    if _stopped_at is None:
        raise RuntimeError("stop the clock with clock.at(...) before moving it")
    _stopped_at += by
    return _stopped_at
