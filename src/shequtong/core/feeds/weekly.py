"""The weekly sheet: what was new in a community in seven days, short enough for one side of A4 at the gate.

Whoever stands at the gate reads it, so it says what is open to the whole community and names nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlmodel import Session

from shequtong.core.posts.board import Board
from shequtong.core.posts.models import Post
from shequtong.core.posts.queries import CLEAR, KEPT
from shequtong.lib import clock
from shequtong.lib.db import ask, at_most

WEEK = timedelta(days=7)
FIRST, OTHERS = 6, 3
"""Lines of the first board, which is the committee's own voice, and of each other."""


@dataclass(frozen=True)
class Column:
    """What is new on one board: its newest posts, each with how it stands, and how many more there are."""

    board: Board
    lines: Sequence[Any]
    more: int


def columns(
    session: Session, code: str, boards: Sequence[Board], until: datetime | None = None
) -> list[Column]:
    """The boards on which something was new in the seven days before `until`, notices first."""
    until = until or clock.now()
    found = ask(
        session, _new(), code=code, boards=[board.slug for board in boards], since=until - WEEK, until=until
    )
    lines: dict[str, list[Any]] = {}
    for row in found:
        lines.setdefault(row.board, []).append(row)
    made: list[Column] = []
    for board in sorted(boards, key=lambda board: board.slug != "notices"):
        if there := lines.get(board.slug):
            shown = there[: OTHERS if made else FIRST]
            made.append(Column(board, shown, there[0].many - len(shown)))
    return made


@lru_cache(maxsize=1)
def _new() -> Select[Any]:
    place = func.row_number().over(partition_by=Post.board, order_by=(Post.created_at.desc(), Post.id.desc()))
    ranked = (
        select(
            Post.id,
            Post.board,
            Post.kind,
            Post.state,
            Post.title,
            Post.created_at,
            place.label("place"),
            func.count().over(partition_by=Post.board).label("many"),
        )
        .where(
            Post.code == bindparam("code"),
            Post.board.in_(bindparam("boards", expanding=True)),
            Post.activity_at >= bindparam("since", type_=Post.__table__.c.activity_at.type),
            Post.created_at >= bindparam("since", type_=Post.__table__.c.activity_at.type),
            Post.created_at <= bindparam("until", type_=Post.__table__.c.activity_at.type),
            Post.audience.in_(("public", "community")),
            Post.moderation == CLEAR,
            KEPT,
        )
        .subquery()
    )
    return select(ranked).where(ranked.c.place <= at_most(FIRST)).order_by(ranked.c.board, ranked.c.place)
