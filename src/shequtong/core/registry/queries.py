"""What pages of the registry read. What is protected comes out of here as it is kept; pages show it masked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, case, func, select
from sqlmodel import Session

from shequtong.core.communities.models import Building, Compound, Dwelling, Membership
from shequtong.core.communities.places import by_number
from shequtong.core.identity.models import Account
from shequtong.core.registry import finding
from shequtong.core.registry.models import GONE, LIVING, Change, Overlay, Person
from shequtong.lib.db import ask

PAGE = 30

_LIVES = and_(Person.building_id == Building.id, Person.state == LIVING)
_BUILDINGS = (
    select(
        Building.id,
        Building.name,
        Compound.name.label("compound"),
        Compound.id.label("compound_id"),
        func.count(Person.id).label("people"),
        func.count(Person.household_id.distinct()).label("households"),
    )
    .join(Compound, Compound.id == Building.compound_id)
    .outerjoin(Person, _LIVES)
    .where(Building.code == bindparam("code"))
    .group_by(Building.id, Building.name, Building.sort, Compound.id, Compound.name)
    .order_by(Compound.id, Building.sort, Building.id)
)
_DWELLINGS = (
    select(
        Dwelling.id,
        Dwelling.room,
        func.sum(case((Person.state == LIVING, 1), else_=0)).label("people"),
        func.sum(case((Person.state == "owner", 1), else_=0)).label("owners"),
    )
    .outerjoin(Person, Person.dwelling_id == Dwelling.id)
    .where(Dwelling.building_id == bindparam("building_id"))
    .group_by(Dwelling.id, Dwelling.room)
)


def buildings(session: Session, code: str, only: frozenset[int] | None = None) -> list[Any]:
    """The buildings of a community (`only` these, if given) with how many people and households live there."""
    found = ask(session, _BUILDINGS, code=code)
    return [row for row in found if only is None or row.id in only]


def dwellings(session: Session, building_id: int) -> list[Any]:
    """The dwellings of a building by their rooms, with how many live there, or own it and live elsewhere."""
    found = ask(session, _DWELLINGS, building_id=building_id)
    return sorted(found, key=lambda row: by_number(row.room))


def behind(session: Session, dwelling_id: int) -> list[Any]:
    """Everybody of a dwelling: who lives there, who owns it, and who has gone, in this order."""
    order = case((Person.state == LIVING, 0), (Person.state.in_(GONE), 2), else_=1)
    head = case((Person.relation == "head", 0), else_=1)
    there = finding.people().where(Person.dwelling_id == dwelling_id).order_by(order, head, Person.id)
    return list(session.execute(there).all())


def lives_behind(session: Session, dwelling_id: int, account_id: int) -> bool:
    """Is somebody of this dwelling tied to this account?"""
    tied = select(Person.id).where(Person.dwelling_id == dwelling_id, Person.account_id == account_id)
    return session.scalar(tied.limit(1)) is not None


def person(session: Session, person_id: int) -> Any:
    """One person with their door, and the account they are tied to."""
    return session.execute(
        finding.people()
        .add_columns(Account.name.label("account"))
        .outerjoin(Account, Account.id == Person.account_id)
        .where(Person.id == person_id)
    ).one()


def members(session: Session, dwelling_id: int) -> list[tuple[str, str]]:
    """Accounts that belong to a dwelling and are tied to nobody of it, for a form."""
    tied = select(Person.account_id).where(Person.dwelling_id == dwelling_id, Person.account_id.is_not(None))
    found = session.execute(
        select(Account.id, Account.name)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.dwelling_id == dwelling_id,
            Membership.state == "approved",
            Account.id.not_in(tied),
        )
        .order_by(Membership.id)
    )
    return [(str(row.id), row.name) for row in found]


def overlays_of(session: Session, person_id: int, kinds: tuple[str, ...]) -> list[Any]:
    """The lists somebody is on today, as far as they may be seen."""
    if not kinds:
        return []
    mine = select(Overlay).where(Overlay.person_id == person_id, Overlay.kind.in_(kinds), finding.runs())
    return list(session.scalars(mine.order_by(Overlay.id)))


def listed(session: Session, code: str, kind: str, within: frozenset[int] | None) -> list[Any]:
    """Who is on a list today, by building, in these buildings or in all."""
    there = (
        finding.people()
        .add_columns(Overlay.id.label("overlay_id"), Overlay.until, Overlay.review_on)
        .join(Overlay, Overlay.person_id == Person.id)
        .where(Overlay.code == code, Overlay.kind == kind, finding.runs())
        .order_by(Building.sort, Building.id, Person.id)
    )
    if within is not None:
        there = there.where(Person.building_id.in_(within))
    return list(session.execute(there).all())


def figures(session: Session, code: str, within: dict[str, frozenset[int] | None]) -> dict[str, int]:
    """Of each list that may be seen how many are on it, in the buildings where it may."""
    if not within:
        return {}
    found = session.execute(
        select(Overlay.kind, Person.building_id, func.count())
        .join(Person, Person.id == Overlay.person_id)
        .where(Overlay.code == code, Overlay.kind.in_(within), finding.runs())
        .group_by(Overlay.kind, Person.building_id)
    )
    told = dict.fromkeys(within, 0)
    for kind, building_id, number in found:
        reach = within[kind]
        if reach is None or building_id in reach:
            told[kind] += number
    return told


@dataclass(frozen=True)
class Step:
    """A line of the history: what was done, by whom, when and why. `facts` are (field, before, after)."""

    id: int
    name: str
    overlay: str
    reason: str
    by_name: str | None
    at: Any
    facts: list[tuple[str, str, str]]
    person_id: int | None
    dwelling_id: int | None


def history(session: Session, *, kinds: tuple[str, ...], most: int = 100, **which: int) -> list[Step]:
    """What was written about a person (`person_id=`) or a door (`dwelling_id=`), the last first.

    Lines about a list are for those who see that list (`kinds`).
    """
    about = [getattr(Change, name) == value for name, value in which.items()]
    if "dwelling_id" in which:
        about.append(Change.person_id.is_(None))
    return _steps(session, most, Change.overlay.in_(("", *kinds)), *about)


def record(session: Session, code: str, kinds: tuple[str, ...], before: int = 0) -> list[Step]:
    """What was done in the registry of a community, the last first; one more than a page."""
    older = [Change.id < before] if before else []
    mine = Change.overlay.in_(("", *kinds)) | (Change.name == "refuse_list")
    return _steps(session, PAGE + 1, Change.code == code, mine, *older)


def _steps(session: Session, most: int, *which: Any) -> list[Step]:
    found = session.execute(
        select(
            Change.id,
            Change.name,
            Change.overlay,
            Change.reason,
            Change.facts,
            Change.person_id,
            Change.dwelling_id,
            Change.at,
            Account.name.label("by_name"),
        )
        .outerjoin(Account, Account.id == Change.by_id)
        .where(*which)
        .order_by(Change.id.desc())
        .limit(most)
    )
    return [
        Step(
            row.id,
            row.name,
            row.overlay,
            row.reason,
            row.by_name,
            row.at,
            [tuple(fact) for fact in json.loads(row.facts)],
            row.person_id,
            row.dwelling_id,
        )
        for row in found
    ]
