"""The duty list (清单) of each office: what it must do, the guide that says how, and what is due of it now.

A committee that has not changed the list of an office has the usual one, `lists.toml`. Its first change makes the
list its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlmodel import Session

from shequtong.core.communities.standings import holders
from shequtong.core.duties.models import DutyLine
from shequtong.core.posts.models import Post
from shequtong.core.posts.queries import CLEAR, above
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib import clock
from shequtong.lib.db import ask, at_most
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _

FILE = Path(__file__).with_name("lists.toml")
MOST = 60
"""Lines of one list: what does not fit on a sheet nobody does."""
STAFF = ("secretary", "clerk")
_codes: Any = bindparam("codes", expanding=True)

_LINES = (
    select(DutyLine.id, DutyLine.words, DutyLine.board, DutyLine.post_id, Post.title)
    .outerjoin(
        Post,
        (Post.id == DutyLine.post_id)
        & (Post.audience == "public")
        & (Post.moderation == CLEAR)
        & Post.deleted_at.is_(None),
    )
    .where(DutyLine.code == bindparam("code"), DutyLine.office == bindparam("office"))
    .order_by(DutyLine.id)
    .limit(at_most(MOST))
)
_DUE = (
    select(
        Post.board,
        func.coalesce(Post.handler, "").label("handler"),
        Post.owed_by_id,
        func.count().label("due"),
        func.sum(
            case((Post.owed_at <= bindparam("now", type_=Post.__table__.c.owed_at.type), 1), else_=0)
        ).label("late"),
    )
    .where(
        Post.code == bindparam("code"),
        Post.owed_at.is_not(None),
        Post.owed.in_(("first_reply", "resolve")),
        Post.deleted_at.is_(None),
    )
    .group_by(Post.board, Post.handler, Post.owed_by_id)
)
_GUIDES = (
    select(Post.id, Post.title)
    .where(
        Post.code.in_(_codes),
        Post.board.in_(bindparam("boards", expanding=True)),
        Post.audience == "public",
        Post.moderation == CLEAR,
        Post.deleted_at.is_(None),
    )
    .order_by(Post.title, Post.id)
    .limit(at_most(2_000))
)


@dataclass(frozen=True)
class Line:
    """One thing an office must do. `id` is 0 for a line of the usual list; `title` is that of its guide."""

    id: int
    words: str
    board: str = ""
    post_id: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Due:
    """What waits for an answer on a board, and how much of it is late."""

    due: int = 0
    late: int = 0


def offices() -> tuple[str, ...]:
    """The offices that have a list."""
    return tuple(_usual())


def lines(session: Session, code: str, office: str) -> list[Line]:
    """What an office must do here."""
    own = ask(session, _LINES, code=code, office=office)
    if not own:
        return list(_usual()[office])
    return [
        Line(row.id, row.words, row.board, row.post_id if row.title else None, row.title or "") for row in own
    ]


def due_now(session: Session, code: str, office: str) -> dict[str, Due]:
    """By board what is owed now: to the committee's staff all of it, to others what was handed to their office or to
    a person who holds it."""
    found: dict[str, Due] = {}
    theirs = set() if office in STAFF else set(holders(session, code, [office]))
    for row in ask(session, _DUE, code=code, now=clock.now()):
        if office in STAFF or row.handler == office or row.owed_by_id in theirs:
            before = found.get(row.board, Due())
            found[row.board] = Due(before.due + row.due, before.late + row.late)
    return found


def guides(session: Session, code: str) -> list[Any]:
    """(id, title) of what the handbook says to everybody, for a line to point to."""
    handbook = [slug for slug, board in ROOMS.items() if board.handbook]
    return ask(session, _GUIDES, codes=above(code), boards=handbook)


def add(session: Session, code: str, office: str, line: Line) -> DutyLine:
    """Put something on the list of an office. Raises Conflict for more than fits."""
    own = _own(session, code, office)
    if len(own) >= MOST:
        raise Conflict(_("This list is full. Take something off first."))
    return _write(session, code, office, line)


def take_off(session: Session, code: str, office: str, place: int) -> bool:
    """Take the line at this place, counted from 0, off the list; False when there is none."""
    own = _own(session, code, office)
    if not 0 <= place < len(own):
        return False
    session.delete(own[place])
    return True


def _own(session: Session, code: str, office: str) -> Sequence[DutyLine]:
    """The list as the committee's own: the usual one is written down when it is changed first."""
    here = DutyLine.code == code, DutyLine.office == office
    found = session.scalars(select(DutyLine).where(*here).order_by(DutyLine.id).with_for_update()).all()
    return found or [_write(session, code, office, line) for line in _usual()[office]]


def _write(session: Session, code: str, office: str, line: Line) -> DutyLine:
    row = DutyLine(code=code, office=office, words=line.words, board=line.board, post_id=line.post_id)
    session.add(row)
    session.flush()
    return row


@cache
def _usual() -> dict[str, tuple[Line, ...]]:
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        office: tuple(Line(0, line["words"], line.get("board", "")) for line in held["lines"])
        for office, held in read.items()
    }
