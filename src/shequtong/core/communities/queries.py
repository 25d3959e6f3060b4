"""Claims, members and offices, as the pages of staff and households show them.

What is protected comes out of here as it is kept; pages show it masked (`identity.looking`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.core.communities.joining import UNDECIDED
from shequtong.core.communities.models import (
    Appointment,
    Building,
    Compound,
    Division,
    Dwelling,
    Membership,
    MembershipTransition,
)
from shequtong.core.identity.models import Account
from shequtong.core.identity.registering import NO_PASSWORD
from shequtong.lib import clock

PAGE = 30

_other, _theirs = aliased(Account), aliased(Membership)

_same_phone = (
    select(func.count(_other.id.distinct()))
    .join(_theirs, _theirs.account_id == _other.id)
    .where(
        Account.phone_index.is_not(None),
        _other.phone_index == Account.phone_index,
        _other.id != Account.id,
        _theirs.code == Membership.code,
    )
    .correlate(Account, Membership)
    .scalar_subquery()
)
"""Other accounts with the same phone, as far as they have asked to join this very community."""

_same_door = (
    select(func.count())
    .where(
        _theirs.dwelling_id == Membership.dwelling_id,
        _theirs.state == "approved",
        _theirs.id != Membership.id,
    )
    .correlate(Membership)
    .scalar_subquery()
)


def claims() -> Select[Any]:
    """Claims with their person and their door."""
    decider = aliased(Account)
    return (
        select(
            Membership.id,
            Membership.account_id,
            Membership.code,
            Membership.building_id,
            Membership.dwelling_id,
            Membership.kind,
            Membership.state,
            Membership.note,
            Membership.representative,
            Membership.co_owner,
            Membership.applied_at,
            Membership.decided_at,
            Membership.decision,
            Account.name,
            Account.real_name,
            Account.phone,
            Building.name.label("building"),
            Compound.name.label("compound"),
            Dwelling.room,
            decider.name.label("decided_by"),
            _same_phone.label("same_phone"),
            _same_door.label("same_door"),
        )
        .join(Account, Account.id == Membership.account_id)
        .join(Building, Building.id == Membership.building_id)
        .join(Compound, Compound.id == Building.compound_id)
        .join(Dwelling, Dwelling.id == Membership.dwelling_id)
        .outerjoin(decider, decider.id == Membership.decided_by_id)
    )


def waiting(session: Session, code: str, after: int = 0) -> list[Any]:
    """Claims that nobody has decided, oldest first, from the one after `after`; one more than a page."""
    undecided = claims().where(
        Membership.code == code, Membership.state.in_(UNDECIDED), Membership.id > after
    )
    return list(session.execute(undecided.order_by(Membership.id).limit(PAGE + 1)).all())


def waiting_count(session: Session, code: str) -> int:
    """How many claims wait for a decision."""
    undecided = select(func.count()).where(Membership.code == code, Membership.state.in_(UNDECIDED))
    return session.scalar(undecided) or 0


def decided(session: Session, code: str) -> list[Any]:
    """The claims decided last, newest first."""
    done = claims().where(Membership.code == code, Membership.decided_at.is_not(None))
    return list(session.execute(done.order_by(Membership.decided_at.desc()).limit(PAGE)).all())


def claim(session: Session, claim_id: int) -> Any | None:
    """One claim with its person and its door."""
    return session.execute(claims().where(Membership.id == claim_id)).first()


def household(session: Session, dwelling_id: int) -> list[Any]:
    """Everybody who belongs to a dwelling or asks to, those who belong first."""
    live = claims().where(
        Membership.dwelling_id == dwelling_id, Membership.state.in_(("approved", "applied", "conflict"))
    )
    return list(session.execute(live.order_by(Membership.state != "approved", Membership.id)).all())


def own_claims(session: Session, account_id: int) -> list[Any]:
    """A person's claims: the live ones, and a refusal as long as nothing came after it, newest first."""
    mine = (
        claims()
        .add_columns(Division.name.label("community"))
        .join(Division, Division.code == Membership.code)
    )
    found = session.execute(
        mine.where(Membership.account_id == account_id).order_by(Membership.id.desc())
    ).all()
    shown: dict[int, Any] = {}
    for row in found:
        shown.setdefault(row.dwelling_id, row)
    return [row for row in shown.values() if row.state not in ("left", "ended")]


def steps(session: Session, claim_id: int) -> list[Any]:
    """What became of a claim, oldest first."""
    recorded = (
        select(
            MembershipTransition.name,
            MembershipTransition.target,
            MembershipTransition.reason,
            MembershipTransition.at,
            Account.name.label("by_name"),
        )
        .outerjoin(Account, Account.id == MembershipTransition.by_id)
        .where(MembershipTransition.membership_id == claim_id)
        .order_by(MembershipTransition.id)
    )
    return list(session.execute(recorded).all())


def buildings_with_members(session: Session, code: str) -> list[Any]:
    """The buildings of a community with how many people belong to each."""
    belongs = and_(Membership.building_id == Building.id, Membership.state == "approved")
    counted = (
        select(
            Building.id,
            Building.name,
            Compound.name.label("compound"),
            func.count(Membership.account_id.distinct()).label("people"),
        )
        .join(Compound, Compound.id == Building.compound_id)
        .outerjoin(Membership, belongs)
        .where(Building.code == code)
        .group_by(Building.id, Building.name, Building.sort, Compound.id, Compound.name)
        .order_by(Compound.id, Building.sort, Building.id)
    )
    return list(session.execute(counted).all())


def members(session: Session, code: str, building_id: int) -> list[Any]:
    """The people of a building by name: no phone, no room, no real name among the columns."""
    belonging = (
        select(
            Membership.id,
            Membership.account_id,
            Membership.dwelling_id,
            Membership.kind,
            Membership.co_owner,
            Membership.representative,
            Account.name,
        )
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.code == code, Membership.building_id == building_id, Membership.state == "approved")
        .order_by(Account.name, Membership.id)
    )
    return list(session.execute(belonging).all())


def offices(session: Session, codes: list[str]) -> list[Any]:
    """Who holds an office in these divisions today or will; `waits` until they have set a password."""
    holder, giver = aliased(Account), aliased(Account)
    held = (
        select(
            Appointment.id,
            Appointment.account_id,
            Appointment.office,
            Appointment.code,
            Appointment.building_id,
            Appointment.title,
            Appointment.since,
            Appointment.until,
            holder.name,
            holder.login,
            (holder.password == NO_PASSWORD).label("waits"),
            giver.name.label("by_name"),
            Building.name.label("building"),
            Division.name.label("division"),
        )
        .join(holder, holder.id == Appointment.account_id)
        .join(Division, Division.code == Appointment.code)
        .outerjoin(giver, giver.id == Appointment.by_id)
        .outerjoin(Building, Building.id == Appointment.building_id)
        .where(
            Appointment.code.in_(codes),
            (Appointment.until.is_(None)) | (Appointment.until >= clock.local(clock.now()).date()),
        )
        .order_by(Appointment.code, Appointment.office, Appointment.id)
    )
    return list(session.execute(held).all())
