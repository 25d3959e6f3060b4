"""What is owed to whoever posts: a first reply and an answer, within hours of duty. Boards say so, cards show it.

`core/duties` keeps the clocks and writes a post's `owed…` columns; here are the words for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from shequtong.lib import clock, rosters
from shequtong.lib.i18n import current_locale, ngettext
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule, anyone
from shequtong.lib.workflow import Tone

FIRST_REPLY, RESOLVE = 12, 48
"""Duty hours until a first reply and until an answer, where nobody says otherwise (product rule 5)."""

SOON = timedelta(hours=4)
"""Duty time before its end at which a card begins to warn."""

LONG = timedelta(days=60)
"""Longer overdue than this by the calendar, hours are not told any more."""


@dataclass(frozen=True)
class Owed:
    """What a board owes for posts of these `kinds` (of all, when none is named).

    A first reply is owed in the states of `reply`, an answer in those of `reply` and `work`. In those of `waits` it
    is somebody else's turn, and the clock stands still. In all other states nothing is owed any more.

    `category` names the fact by which times may differ: a column of the detail table, or "kind". `hours` are the
    (first reply, answer) in duty hours of some categories; the others have those of `usual`. Nothing is owed before
    `begins`. `promise` is a column with a day by which whoever has it in hand wants to be done: it takes the place
    of the time for the answer. `take` is the transition by which somebody takes it in hand. With `author_answers`,
    whoever posted is who is asked, as in books that are open; with `person_answers`, who is assigned or stands in,
    whatever their office. In the states of `asked` neighbours ask one after the
    other, and an answer is owed to whoever has waited longest (`events.AnswersOwed`).
    """

    reply: tuple[str, ...]
    work: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    category: str = ""
    usual: tuple[int, int] = (FIRST_REPLY, RESOLVE)
    hours: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    begins: Rule = anyone
    promise: str = ""
    take: str = ""
    author_answers: bool = False
    person_answers: bool = False
    asked: tuple[str, ...] = ()

    @property
    def states(self) -> frozenset[str]:
        """Every state it names."""
        return frozenset((*self.reply, *self.work, *self.waits, *self.asked))

    def covers(self, kind: str) -> bool:
        """Is something owed for posts of this kind?"""
        return not self.kinds or kind in self.kinds

    def runs(self, state: str) -> bool:
        """Does the clock of the answer run in this state?"""
        return state in self.reply or state in self.work

    def category_of(self, post: Any, detail: Any) -> str:
        """The category of a post; empty where times do not differ."""
        if not self.category:
            return ""
        return str(getattr(post if self.category == "kind" else detail, self.category, "") or "")

    def hours_of(self, category: str) -> tuple[int, int]:
        """(first reply, answer) in duty hours, as the board declares them."""
        return self.hours.get(category, self.usual)


@dataclass(frozen=True)
class Due:
    """How a clock stands, in words, and how loud they are."""

    words: str
    tone: Tone
    symbol: str = "clock"


def due(post: Any, roster: str) -> Due | None:
    """What a card says about the clock of a post, by the roster of its committee; nothing where nothing is owed."""
    if not post.owed:
        return None
    if post.owed == "waiting" or post.owed_at is None:
        return Due(_("The clock stands still while we wait"), "neutral", "hourglass")
    this_minute = clock.now().replace(second=0, microsecond=0)
    return _due(post.owed, post.owed_at, roster, this_minute, current_locale())


@lru_cache(maxsize=4096)
def _due(kind: str, due_at: datetime, roster: str, now: datetime, _locale: str) -> Due:
    if now < due_at:
        left = rosters.read(roster).between(now, due_at)
        return Due(_left(kind, int(left / timedelta(hours=1))), "warn" if left <= SOON else "neutral")
    if now - due_at > LONG:
        return Due(
            _("First reply long overdue") if kind == "first_reply" else _("Answer long overdue"),
            "bad",
            "circle-alert",
        )
    late = rosters.read(roster).between(due_at, now)
    return Due(_late(kind, int(late / timedelta(hours=1))), "bad", "circle-alert")


def _left(kind: str, hours: int) -> str:
    if kind == "first_reply":
        if not hours:
            return _("First reply due in less than a duty hour")
        return ngettext("First reply due in %(n)s duty hour", "First reply due in %(n)s duty hours", hours)
    if not hours:
        return _("Answer due in less than a duty hour")
    return ngettext("Answer due in %(n)s duty hour", "Answer due in %(n)s duty hours", hours)


def _late(kind: str, hours: int) -> str:
    if kind == "first_reply":
        if not hours:
            return _("First reply just overdue")
        return ngettext(
            "First reply overdue by %(n)s duty hour", "First reply overdue by %(n)s duty hours", hours
        )
    if not hours:
        return _("Answer just overdue")
    return ngettext("Answer overdue by %(n)s duty hour", "Answer overdue by %(n)s duty hours", hours)
