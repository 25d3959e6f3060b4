"""How many duty hours a committee gives itself: what the board declares, unless the committee says otherwise."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session

from shequtong.core.duties.models import DutyTime
from shequtong.core.posts.owing import Owed
from shequtong.lib.db import rows

MOST = 999
"""Duty hours that a committee may give itself at most."""

_TIMES = select(DutyTime.category, DutyTime.first_reply, DutyTime.resolve).where(
    DutyTime.code == bindparam("code"), DutyTime.board == bindparam("board")
)


def hours(session: Session, code: str, board: str, owed: Owed, category: str) -> tuple[int, int]:
    """(first reply, answer) in duty hours for a post of this category.

    A committee's own hours for the category come first, then those the board declares for it, then the
    committee's for all other categories, then the board's usual ones.
    """
    own = own_hours(session, code, board)
    if category in own:
        return own[category]
    if category in owed.hours:
        return owed.hours[category]
    return own.get("", owed.usual)


def own_hours(session: Session, code: str, board: str) -> dict[str, tuple[int, int]]:
    """What a committee has set on a board, by category; an empty one stands for all others."""
    found = rows(session, _TIMES, code=code, board=board)
    return {row.category: (row.first_reply, row.resolve) for row in found}


def set_hours(session: Session, code: str, board: str, category: str, first_reply: int, resolve: int) -> None:
    """Give a committee hours of its own; clocks that run already keep theirs."""
    session.merge(
        DutyTime(code=code, board=board, category=category, first_reply=first_reply, resolve=resolve)
    )


def usual_hours(session: Session, code: str, board: str, category: str) -> None:
    """Let the board's own declaration hold again."""
    session.execute(
        delete(DutyTime).where(DutyTime.code == code, DutyTime.board == board, DutyTime.category == category)
    )


def categories_of(board: Any) -> list[tuple[str, Any]]:
    """The categories for which a board's times may differ, each with its words; those declared apart only."""
    owed: Owed = board.owes
    if not owed.category:
        return []
    if owed.category == "kind":
        return [(key, label) for key, label in board.kinds if owed.covers(key)]
    info = board.form.model_fields[owed.category]
    return list(info.json_schema_extra["widget"].options)
