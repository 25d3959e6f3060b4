"""Whom a notice reached: doors, building by building. A door counts once, online or on paper."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import String, and_, bindparam, cast, func, literal, or_, select
from sqlalchemy import case as either
from sqlmodel import Session

from shequtong.boards.notices.models import NOT_OUT, Notice, PaperConfirmation
from shequtong.core.communities import places
from shequtong.core.communities.models import Building, Dwelling, Membership
from shequtong.core.posts import objecting
from shequtong.core.posts.models import Participation
from shequtong.core.posts.policy import Case
from shequtong.lib.db import ask, rows
from shequtong.lib.i18n import gettext as _

_online = and_(
    Participation.post_id == bindparam("post_id"),
    Participation.name == "confirm",
    Participation.unit == literal("d") + cast(Dwelling.id, String),
)
_on_paper = and_(
    PaperConfirmation.post_id == bindparam("post_id"), PaperConfirmation.dwelling_id == Dwelling.id
)
_lives: Any = select(Membership.id).where(
    Membership.dwelling_id == Dwelling.id, Membership.state == "approved", Membership.kind == "tenant"
)
_LEFT: Any = (
    select(Dwelling.id, Dwelling.room, PaperConfirmation.at.label("on_paper"))
    .outerjoin(PaperConfirmation, _on_paper)
    .outerjoin(Participation, _online)
    .where(
        Dwelling.building_id == bindparam("building_id"),
        or_(Participation.unit.is_(None), PaperConfirmation.at.is_not(None)),
    )
)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a notice came in one building: its doors, and how many of them confirmed online and on paper only."""

    id: int
    name: str
    doors: int
    online: int
    on_paper: int

    @property
    def reached(self) -> int:
        return self.online + self.on_paper

    @property
    def left(self) -> int:
        return self.doors - self.reached


def reach(session: Session, case: Case) -> dict[str, Any]:
    """For a notice that must be read, of how many doors of each building; for a public notice, the objections."""
    post, buildings, objections = case.post, [], []
    if post.kind == "must_read" and post.state not in NOT_OUT:
        buildings = coverage(session, case)
    elif post.kind == "public_notice" and post.state in ("open", "final", "archived"):
        objections = objecting.objections(session, case)
    return {
        "buildings": buildings,
        "doors": sum(row.doors for row in buildings),
        "reached": sum(row.reached for row in buildings),
        "on_paper": sum(row.on_paper for row in buildings),
        "where": _several(session, case),
        "who": {"owner": _("Owners"), "tenant": _("Tenants")}.get(case.detail.concerns, ""),
        "objections": objections,
    }


def _several(session: Session, case: Case) -> str:
    """The buildings it is meant for, by name; "" when that is one, which the post names, or all."""
    chosen = case.detail.building_ids
    return places.in_words(session, case.post.code, chosen) if len(chosen) > 1 else ""


def coverage(session: Session, case: Case) -> list[Reach]:
    """Every building this notice is meant for that has a door it concerns, in the order residents know."""
    notice = case.detail
    statement = _coverage(bool(notice.building_ids), notice.concerns == "tenant")
    found = ask(
        session, statement, code=case.post.code, post_id=case.post.id, building_ids=notice.building_ids
    )
    return [Reach(*row) for row in found]


@lru_cache(maxsize=4)
def _coverage(some: bool, tenants: bool) -> Any:
    """The statement for some buildings or all, and for doors where a tenant lives or all."""
    paper_only = and_(Participation.unit.is_(None), PaperConfirmation.at.is_not(None))
    statement = (
        select(
            Building.id,
            Building.name,
            func.count().label("doors"),
            func.count(Participation.unit).label("online"),
            func.coalesce(func.sum(either((paper_only, 1), else_=0)), 0).label("on_paper"),
        )
        .join(Dwelling, Dwelling.building_id == Building.id)
        .outerjoin(Participation, _online)
        .outerjoin(PaperConfirmation, _on_paper)
        .where(Building.code == bindparam("code"))
        .group_by(Building.id, Building.name, Building.sort)
        .order_by(Building.sort, Building.id)
    )
    if some:
        statement = statement.where(Building.id.in_(bindparam("building_ids", expanding=True)))
    return statement.where(_lives.exists()) if tenants else statement


def doors(session: Session, case: Case, building_id: int) -> tuple[list[Any], list[Any]]:
    """The doors of a building, by room: those that have not confirmed, and those that did on paper."""
    statement = _LEFT.where(_lives.exists()) if case.detail.concerns == "tenant" else _LEFT
    found = rows(session, statement, post_id=case.post.id, building_id=building_id).all()
    found.sort(key=lambda row: places.by_number(row.room))
    return [row for row in found if row.on_paper is None], [row for row in found if row.on_paper]


def count_doors(session: Session, code: str, building_ids: Collection[int], concerns: str) -> int:
    """How many doors a notice would be meant for."""
    there: Any = select(func.count()).select_from(Dwelling).where(Dwelling.code == code)
    if building_ids:
        there = there.where(Dwelling.building_id.in_(building_ids))
    return int(session.scalar(there.where(_lives.exists()) if concerns == "tenant" else there) or 0)


def people(session: Session, code: str, notice: Notice) -> set[int]:
    """Accounts that live behind the doors a notice is meant for, and whom it concerns."""
    wanted: Any = select(Membership.account_id).where(Membership.code == code, Membership.state == "approved")
    if notice.building_ids:
        wanted = wanted.where(Membership.building_id.in_(notice.building_ids))
    if notice.concerns:
        wanted = wanted.where(Membership.kind.in_(CONCERNED[notice.concerns]))
    return set(session.scalars(wanted))


CONCERNED = {"owner": ("owner", "family"), "tenant": ("tenant",)}
"""Who may confirm for a door, by whom a notice concerns."""


def people_left(session: Session, case: Case) -> set[int]:
    """Accounts behind the doors that have not confirmed yet."""
    confirmed = select(Dwelling.id).where(
        or_(
            select(Participation.unit).where(_online).exists(),
            select(PaperConfirmation.at).where(_on_paper).exists(),
        ),
        Dwelling.code == case.post.code,
    )
    done = set(session.scalars(confirmed, {"post_id": case.post.id}))
    lived = select(Membership.account_id, Membership.dwelling_id).where(
        Membership.code == case.post.code, Membership.state == "approved"
    )
    homes: dict[int, set[int]] = {}
    for account_id, dwelling_id in session.execute(lived):
        homes.setdefault(account_id, set()).add(dwelling_id)
    return {who for who in people(session, case.post.code, case.detail) if homes[who].isdisjoint(done)}
