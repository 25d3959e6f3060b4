"""Counting everything again from the posts' own rows: to compare with what is kept, and to write it anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select, text
from sqlmodel import Session

from shequtong.core.posts.models import Post
from shequtong.core.statistics.counting import Change, Key
from shequtong.core.statistics.models import CountedPost, OpenTally, WeekTally
from shequtong.core.statistics.weighing import MEASURES, Weighed, weigh, written
from shequtong.lib import bulk
from shequtong.lib.db import rows

AT_ONCE = 500
_WEEKS: Any = WeekTally.__table__
_DAYS: Any = OpenTally.__table__
_NEXT = select(Post.id).where(Post.id > bindparam("last")).order_by(Post.id).limit(AT_ONCE)


@dataclass(frozen=True)
class Difference:
    """A figure that is kept as something else than what is counted."""

    place: str
    day: str
    what: str
    kept: int
    counted: int

    def __str__(self) -> str:
        return f"{self.place} {self.day} {self.what}: kept {self.kept}, counted {self.counted}"


def compare(session: Session) -> list[Difference]:
    """Every kept figure that differs from what is counted now. Nothing is changed."""
    if session.get_bind().dialect.name == "postgresql":  # all statements see one and the same moment
        session.connection().execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    counted = Change()
    for posts in _everything(session):
        for post in posts:
            counted.add(post.code, post.board, post.weights)
    return sorted(_differences(_figures(counted), _figures(_kept(session))), key=str)


def repair(session: Session) -> None:
    """Count everything anew. Whoever writes what is counted waits until it is done."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("LOCK TABLE counted_post IN EXCLUSIVE MODE"))
    for table in (OpenTally, WeekTally, CountedPost):
        session.execute(delete(table))
    counted = Change()
    for posts in _everything(session):
        for post in posts:
            counted.add(post.code, post.board, post.weights)
        weighty = [{"post_id": p.id, "weights": written(p.weights)} for p in posts if p.weights]
        bulk.insert(session.connection(), CountedPost, weighty)
    counted.write(session)


def recount(session: Session, _payload: dict[str, Any]) -> None:
    """A job: the first counting of a house that was there before its figures."""
    repair(session)


def _everything(session: Session) -> Iterator[list[Weighed]]:
    """All posts of boards that owe something, some at once."""
    last = 0
    while ids := rows(session, _NEXT, last=last).scalars().all():
        yield list(weigh(session, ids))
        last = ids[-1]


def _kept(session: Session) -> Change:
    kept = Change()
    for row in rows(session, select(_WEEKS)):
        figures = {measure: getattr(row, measure) for measure in MEASURES}
        kept.weeks[row.code, row.week, row.board, row.category] = Counter(figures)
    for row in rows(session, select(_DAYS)):
        kept.days[row.code, row.due_on, row.board, row.category] = row.posts
    return kept


def _figures(counted: Change) -> dict[tuple[Key, str], int]:
    figures = {(key, what): n for key, week in counted.weeks.items() for what, n in week.items() if n}
    return figures | {(key, "open"): n for key, n in counted.days.items() if n}


def _differences(counted: dict[Any, int], kept: dict[Any, int]) -> Iterator[Difference]:
    for key, what in {*counted, *kept}:
        code, day, board, category = key
        before, now = kept.get((key, what), 0), counted.get((key, what), 0)
        if before != now:
            about = "/".join(filter(None, (board, category))) or "all"
            yield Difference(code, day.isoformat(), f"{about} {what}", before, now)
