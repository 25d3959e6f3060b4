"""The one clock. Everything asks `now()`, so tests and the demo town can move time.

A machine's clock that jumps is not followed at once (docs/decisions/0014): what must happen at a moment, such as the
close of a vote, happens neither early nor late because somebody set the clock, or a time server did.
"""

import logging
import time as machine
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")

STEP = timedelta(seconds=10)
"""A clock this far from where it should be has jumped. Time servers move it less at a time, except in a jump."""
PATIENCE = timedelta(hours=1)
"""So long after a jump the clock is believed, if it has not been set right."""
WAKING = timedelta(minutes=10)
"""So long after a machine was started its clock may still be set for the first time, and is followed at once."""

_ONE = 1_000_000_000
_STEP, _PATIENCE, _WAKING = (int(span.total_seconds()) * _ONE for span in (STEP, PATIENCE, WAKING))
_stopped_at: datetime | None = None
_log = logging.getLogger(__name__)


def _ticks() -> int:
    """Nanoseconds since the machine was started, its sleep included; nobody can set it."""
    return machine.clock_gettime_ns(getattr(machine, "CLOCK_BOOTTIME", machine.CLOCK_MONOTONIC))


class Watch:
    """The machine's clock, looked at beside one that cannot be set. Both are told in nanoseconds."""

    def __init__(self, wall: Callable[[], int] = machine.time_ns, ticks: Callable[[], int] = _ticks) -> None:
        self._wall, self._ticks = wall, ticks
        self._seen = wall(), ticks()
        self._jumped: int | None = None

    def now(self) -> datetime:
        """What the machine's clock shows; after a jump what it would show without, until the jump is believed."""
        wall, ahead = self._look()
        return datetime.fromtimestamp((wall - ahead) / _ONE, UTC)

    def settled(self) -> bool:
        """Was the machine started long enough ago for its clock to be right, and has it not jumped since?"""
        _wall, ahead = self._look()
        return not ahead and self._ticks() >= _WAKING

    def _look(self) -> tuple[int, int]:
        """What the clock shows, and how far ahead that is by a jump that is not believed yet; mostly 0."""
        wall, ticks = self._wall(), self._ticks()
        shown, then = self._seen
        ahead = wall - shown - ticks + then
        if -_STEP <= ahead <= _STEP:
            self._jumped = None
        elif ticks >= _WAKING:
            if self._jumped is None:
                self._jumped = ticks
                _log.warning("the clock of this machine jumped by %d s", ahead // _ONE)
            if ticks - self._jumped < _PATIENCE:
                return wall, ahead
            _log.warning("the clock of this machine is believed, %d s on", ahead // _ONE)
            self._jumped = None
        self._seen = wall, ticks
        return wall, 0


watch = Watch()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _stopped_at or watch.now()


def settled() -> bool:
    """May something be done now that cannot be undone, because a moment has come?"""
    return _stopped_at is not None or watch.settled()


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
