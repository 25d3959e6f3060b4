"""The matters that programs may read: of committees that share them, open to all neighbours, and nobody's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, or_, select
from sqlmodel import Session

from shequtong.boards.matters.models import Matter
from shequtong.core.communities.models import Building, Division
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.queries import CLEAR, KEPT
from shequtong.lib.db import ask, at_most

MOST = 1000
"""Requests in one answer, as the specification has it."""

_PLACES = select(Division.code, Division.name, Division.level, Division.shares_matters).where(
    Division.ended_at.is_(None),
    or_(
        Division.code.in_(bindparam("above", expanding=True)),
        and_(
            func.substr(Division.code, 1, bindparam("length")) == bindparam("code"),
            or_(Division.level != "committee", Division.shares_matters),
        ),
    ),
)

_MATTERS = (
    select(
        Post.id,
        Post.code,
        Post.state,
        Post.title,
        Post.handler,
        Post.owed,
        Post.owed_at,
        Post.created_at,
        Post.building_id,
        Matter.category,
        Matter.promised_on,
        Building.name.label("building"),
        select(func.max(PostTransition.at))
        .where(PostTransition.post_id == Post.id)
        .scalar_subquery()
        .label("moved_at"),
    )
    .join(Matter, Matter.post_id == Post.id)
    .outerjoin(Building, Building.id == Post.building_id)
    .where(
        KEPT,
        Post.board == literal_column("'matters'"),
        Post.audience.in_(("public", "community")),
        Post.moderation == CLEAR,
        Post.code.in_(bindparam("codes", expanding=True)),
    )
    .order_by(Post.created_at.desc(), Post.id.desc())
    .limit(at_most(MOST))
)
_BY_NUMBER = _MATTERS.where(Post.id.in_(bindparam("ids", expanding=True)))
_BY_TIME = _MATTERS.where(
    Post.created_at >= bindparam("start"),
    Post.created_at <= bindparam("end"),
    Matter.category.in_(bindparam("categories", expanding=True)),
    Post.state.in_(bindparam("states", expanding=True)),
)


@dataclass(frozen=True)
class Jurisdiction:
    """A committee, or a street, district or city with those of its committees that share their matters.

    `names` are those of all divisions that an address may name, by code.
    """

    code: str
    level: str
    sharing: list[str]
    names: dict[str, str]

    def address(self, code: str, building: str | None) -> str:
        """Where a matter is, the smallest place first; never nearer than the building."""
        within = [self.names.get(code[:length], "") for length in (12, 9, 6, 2)]
        return ", ".join(filter(None, (building, *within)))


def jurisdiction(session: Session, code: str) -> Jurisdiction | None:
    """The place that programs call by its code; None when there is none, or it is a committee that shares nothing."""
    if not (code.isascii() and code.isdigit() and len(code) in (2, 6, 9, 12)):
        return None
    above = [code[:length] for length in (2, 6, 9, 12) if length <= len(code)]
    found = ask(session, _PLACES, above=above, length=len(code), code=code)
    place = next((row for row in found if row.code == code), None)
    if place is None or (place.level == "committee" and not place.shares_matters):
        return None
    sharing = sorted(row.code for row in found if row.level == "committee" and row.shares_matters)
    return Jurisdiction(code, place.level, sharing, {row.code: row.name for row in found})


def by_number(session: Session, place: Jurisdiction, ids: Sequence[int]) -> list[Any]:
    """Those of these matters that may be read."""
    return ask(session, _BY_NUMBER, codes=place.sharing or [""], ids=list(ids) or [0])


def by_time(
    session: Session,
    place: Jurisdiction,
    start: datetime,
    end: datetime,
    categories: Sequence[str],
    states: Sequence[str],
) -> list[Any]:
    """Matters reported in this span, the newest first, at most `MOST`."""
    return ask(
        session,
        _BY_TIME,
        codes=place.sharing or [""],
        start=start,
        end=end,
        categories=list(categories),
        states=list(states),
    )
