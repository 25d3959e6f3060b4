"""Lists of what is owed: a committee's, one's own, and what was handed up. Always open rows, by their indexes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.core.communities.models import Building, Division, Dwelling
from shequtong.core.duties.models import OFFICES, Duty, HomeVisit, ReplyTemplate
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Post
from shequtong.lib import clock
from shequtong.lib.db import UtcDateTime, rows

MOST = 300
"""Rows of one list; what is due first comes first, so none is forgotten."""

HANDED_UP: Any = literal_column("duty.level > 1")
"""Word for word the predicate of the partial index: a bound parameter in it would hide it from the planner."""

EXPERTS = ("police", "doctor", "lawyer")
"""Desks of their own: what they were asked is theirs, and the committee's only once they are late with it."""


def _ours() -> Any:
    return or_(Post.handler.is_(None), Post.handler.not_in(EXPERTS), Duty.level > 0)


_author, _owner = aliased(Account), aliased(Account)
_COLUMNS: tuple[Any, ...] = (
    Duty.id.label("duty_id"),
    Duty.kind.label("duty_kind"),
    Duty.due_at,
    Duty.paused_at,
    Duty.level,
    Duty.owner_id,
    _owner.name.label("owner_name"),
    Post.id,
    Post.code,
    Post.board,
    Post.kind,
    Post.state,
    Post.title,
    Post.audience,
    Post.owed,
    Post.owed_at,
    Post.created_at,
    Post.author_id,
    Post.author_role,
    Post.assignee_id,
    Post.deputy_id,
    Post.handler,
    Post.building_id,
    Post.moderation,
    _author.name.label("author_name"),
    Building.name.label("building_name"),
    Division.name.label("community_name"),
    Division.roster,
)
_LISTED = (
    select(*_COLUMNS)
    .join(Post, Post.id == Duty.post_id)
    .join(Division, Division.code == Duty.code)
    .join(_author, _author.id == Post.author_id)
    .outerjoin(_owner, _owner.id == Duty.owner_id)
    .outerjoin(Building, Building.id == Post.building_id)
    .where(Duty.done_at.is_(None), Post.deleted_at.is_(None))
    .order_by(Duty.due_at.is_(None), Duty.due_at, Duty.paused_at, Duty.id)
    .limit(MOST)
)
_HERE = _LISTED.where(Duty.code == bindparam("code"))
_OF_COMMITTEE = _HERE.where(_ours())
_OF_OWNER = _HERE.where(Duty.owner_id == bindparam("me"))
_HANDED_UP = _LISTED.where(
    Duty.due_at.is_not(None),
    Duty.code >= bindparam("code"),
    Duty.code < bindparam("beyond"),
    Duty.level >= bindparam("level"),
    HANDED_UP,
)


@dataclass
class Lists:
    """What is owed, sorted as a day goes: each post once, by what is due first. `more` says that the list is cut."""

    overdue: list[Any] = field(default_factory=list)
    today: list[Any] = field(default_factory=list)
    later: list[Any] = field(default_factory=list)
    waiting: list[Any] = field(default_factory=list)
    more: bool = False

    @classmethod
    def of(cls, found: Iterable[Any]) -> Lists:
        lists, seen = cls(), set()
        now, tonight = clock.now(), clock.end_of(clock.today())
        for number, row in enumerate(found, 1):
            lists.more = number >= MOST
            if row.id not in seen:
                seen.add(row.id)
                lists._place(row.due_at, now, tonight).append(row)
        return lists

    def _place(self, due_at: datetime | None, now: datetime, tonight: datetime) -> list[Any]:
        if due_at is None:
            return self.waiting
        return self.overdue if due_at <= now else self.today if due_at < tonight else self.later


def of_committee(session: Session, code: str) -> Lists:
    """Everything that its committee owes, and what others are late with there."""
    return Lists.of(rows(session, _OF_COMMITTEE, code=code))


def of_owner(session: Session, code: str, account_id: int) -> Lists:
    """What one person looks after in a committee."""
    return Lists.of(rows(session, _OF_OWNER, code=code, me=account_id))


def handed_up(session: Session, code: str, office: str) -> Lists:
    """What is so late, in a division or below it, that this office was told."""
    level = OFFICES.index(office)
    return Lists.of(rows(session, _HANDED_UP, code=code, beyond=_beyond(code), level=level))


def _beyond(code: str) -> str:
    """The first code after all that begin with this one."""
    return code[:-1] + chr(ord(code[-1]) + 1)


_TONIGHT: Any = bindparam("tonight", type_=UtcDateTime())
_NOW: Any = bindparam("now", type_=UtcDateTime())


def _tally(*which: Any) -> Any:
    late = case((Duty.due_at <= _NOW, Duty.post_id))
    return (
        select(
            Duty.code,
            func.count(late.distinct()).label("overdue"),
            func.count(Duty.post_id.distinct()).label("due"),
        )
        .join(Post, Post.id == Duty.post_id)
        .where(Duty.done_at.is_(None), Duty.due_at < _TONIGHT, *which)
        .group_by(Duty.code)
    )


_TALLIES = _tally(
    Duty.code.in_(bindparam("codes", expanding=True)),
    or_(
        and_(Duty.code.in_(bindparam("staff_at", expanding=True)), _ours()), Duty.owner_id == bindparam("me")
    ),
)


def tallies(session: Session, actor: Any, staff_at: list[str], serves_at: list[str]) -> dict[str, Any]:
    """(overdue, due by tonight) by committee: all of it where one is staff, one's own where one serves otherwise."""
    codes = [*staff_at, *serves_at]
    if not codes:
        return {}
    values = {"now": clock.now(), "tonight": clock.end_of(clock.today()), "me": actor.id}
    found = rows(session, _TALLIES, codes=codes, staff_at=staff_at or [""], **values)
    return {row.code: row for row in found}


_TOLD = select(func.count(Duty.post_id.distinct())).where(
    Duty.done_at.is_(None),
    Duty.due_at.is_not(None),
    Duty.code >= bindparam("code"),
    Duty.code < bindparam("beyond"),
    Duty.level >= bindparam("level"),
    HANDED_UP,
)


def told(session: Session, code: str, office: str) -> int:
    """How many posts of a division are so late that this office was told."""
    level = OFFICES.index(office)
    return rows(session, _TOLD, code=code, beyond=_beyond(code), level=level).scalar() or 0


_TEMPLATES = (
    select(ReplyTemplate.id, ReplyTemplate.title, ReplyTemplate.words)
    .where(ReplyTemplate.code == bindparam("code"))
    .order_by(ReplyTemplate.title, ReplyTemplate.id)
)


def templates(session: Session, code: str) -> list[Any]:
    """A committee's reply templates, by title."""
    return list(rows(session, _TEMPLATES, code=code))


def _visits() -> Any:
    visitor = aliased(Account)
    return (
        select(
            HomeVisit.id,
            HomeVisit.visited_on,
            HomeVisit.note,
            HomeVisit.again_on,
            HomeVisit.again_done_at,
            visitor.name.label("visitor_name"),
            Dwelling.room,
            Building.name.label("building_name"),
        )
        .join(visitor, visitor.id == HomeVisit.by_id)
        .join(Dwelling, Dwelling.id == HomeVisit.dwelling_id)
        .join(Building, Building.id == Dwelling.building_id)
        .where(HomeVisit.code == bindparam("code"))
    )


_LATEST = _visits().order_by(HomeVisit.visited_on.desc(), HomeVisit.id.desc()).limit(MOST)
_AGAIN = (
    _visits()
    .where(
        HomeVisit.again_on.is_not(None),
        HomeVisit.again_done_at.is_(None),
        HomeVisit.again_on <= bindparam("today"),
    )
    .order_by(HomeVisit.again_on, HomeVisit.id)
    .limit(MOST)
)


def visits(session: Session, code: str) -> list[Any]:
    """The visits at people's doors, the last first."""
    return list(rows(session, _LATEST, code=code))


def visits_to_repeat(session: Session, code: str) -> list[Any]:
    """The doors to which somebody wanted to come back by today."""
    return list(rows(session, _AGAIN, code=code, today=clock.today()))
