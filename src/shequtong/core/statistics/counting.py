"""Keeping the figures: whatever a transaction changed is weighed anew at its end, and the difference is added.

So the figures say the same as the rows they count, whatever happened in between and in whatever order. They are
written last and in one order, with the rows of a city among them, which many transactions write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from shequtong.core.communities.models import LEVELS
from shequtong.core.duties.events import DutiesChanged
from shequtong.core.posts.events import PostMoved
from shequtong.core.statistics.models import CountedPost, OpenTally, WeekTally
from shequtong.core.statistics.weighing import MEASURES, OPEN, Weights, read, weigh, written
from shequtong.lib.db import insert_or_nothing, rows
from shequtong.lib.events import at_the_end

Key = tuple[str, date, str, str]
"""Code of a division, day, board and category of a row; board and category are empty where it counts everything."""

_COUNTED: Any = CountedPost.__table__
_KEPT = (
    select(_COUNTED.c.post_id, _COUNTED.c.weights)
    .where(_COUNTED.c.post_id.in_(bindparam("ids", expanding=True)))
    .order_by(_COUNTED.c.post_id)
    .with_for_update()
)
_KEEP = update(_COUNTED).where(_COUNTED.c.post_id == bindparam("number")).values(weights=bindparam("now"))


def on_duties_changed(session: Session, event: DutiesChanged) -> None:
    """Something owed for a post began, stopped, goes on, or is over."""
    at_the_end(session, Changed).posts.add(event.post.id)


def on_post_moved(session: Session, event: PostMoved) -> None:
    """Whoever is content, or not, said so with the step."""
    if "rating" in event.transition.facts:
        at_the_end(session, Changed).posts.add(event.post.id)


@dataclass
class Changed:
    """The posts of one transaction that weigh something else now."""

    posts: set[int] = field(default_factory=set)

    def write(self, session: Session) -> None:
        """Add what is new and take away what is not so any more."""
        session.flush()
        before = _lock(session, sorted(self.posts))
        change = Change()
        for post in weigh(session, sorted(before)):  # with the lock in hand: nobody else counts them now
            if post.weights != before[post.id]:
                change.add(post.code, post.board, post.weights)
                change.add(post.code, post.board, before[post.id], times=-1)
                rows(session, _KEEP, number=post.id, now=written(post.weights))
        change.write(session)


def _lock(session: Session, ids: list[int]) -> dict[int, Weights]:
    """How these posts are counted, and for now by nobody but us."""
    kept = rows(session, _KEPT, ids=ids).all()
    if new := sorted(set(ids) - {row.post_id for row in kept}):
        for number in new:
            insert_or_nothing(session, CountedPost, post_id=number, weights=[])
        kept = rows(session, _KEPT, ids=ids).all()
    return {row.post_id: read(row.weights) for row in kept}


@dataclass
class Change:
    """How much is added to which rows, in a place and all above it."""

    weeks: dict[Key, Counter[str]] = field(default_factory=dict)
    days: Counter[Key] = field(default_factory=Counter)

    def add(self, code: str, board: str, weights: Weights, times: int = 1) -> None:
        """Count a post of this place so many times."""
        places = [code[:length] for length in LEVELS if length <= len(code)]
        for (what, day, category), n in weights.items():
            for place in places:
                for key in ((place, day, board, category), (place, day, "", "")):
                    if what == OPEN:
                        self.days[key] += n * times
                    else:
                        self.weeks.setdefault(key, Counter())[what] += n * times

    def write(self, session: Session) -> None:
        """Write it, in one order for everybody."""
        dialect = session.get_bind().dialect.name
        weeks = [
            {"code": code, "week": day, "board": board, "category": category}
            | {measure: more[measure] for measure in MEASURES}
            for (code, day, board, category), more in sorted(self.weeks.items())
            if any(more.values())
        ]
        days = [
            {"code": code, "due_on": day, "board": board, "category": category, "posts": more}
            for (code, day, board, category), more in sorted(self.days.items())
            if more
        ]
        connection = session.connection()
        if weeks:
            connection.execute(_adding(WeekTally, MEASURES, dialect), weeks)
        if days:
            connection.execute(_adding(OpenTally, ("posts",), dialect), days)
        if fewer := [_named(row) for row in days if row["posts"] < 0]:
            connection.execute(_EMPTY, fewer)


_OPEN: Any = OpenTally.__table__
KEY = ("code", "due_on", "board", "category")
_EMPTY = delete(_OPEN).where(
    _OPEN.c.posts == 0,
    *(_OPEN.c[name] == bindparam(f"the_{name}") for name in KEY),
)


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {f"the_{name}": row[name] for name in KEY}


@lru_cache(maxsize=8)
def _adding(table: Any, measures: Iterable[str], dialect: str) -> Any:
    """INSERT a row, or add to the one that is there."""
    into = table.__table__
    insert: Any = (sqlite_insert if dialect == "sqlite" else postgresql_insert)(into)
    sums = {name: into.c[name] + insert.excluded[name] for name in measures}
    return insert.on_conflict_do_update(index_elements=list(into.primary_key.columns), set_=sums)
