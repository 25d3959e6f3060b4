"""What many people are in one community at once: for telling them what concerns them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session

from shequtong.core.communities.models import Appointment, Membership
from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import Actor, Role
from shequtong.lib import clock
from shequtong.lib.db import rows

_LIVED: Any = select(
    Membership.account_id, Membership.kind, Membership.building_id, Membership.dwelling_id
).where(
    Membership.account_id.in_(bindparam("ids", expanding=True)),
    Membership.code == bindparam("code"),
    Membership.state == "approved",
)
_IN_OFFICE: Any = select(
    Appointment.account_id, Appointment.office, Appointment.code, Appointment.building_id
).where(
    Appointment.code.in_(bindparam("codes", expanding=True)),
    Appointment.since <= bindparam("today"),
    or_(Appointment.until.is_(None), Appointment.until >= bindparam("today")),
)
_OF_THESE: Any = _IN_OFFICE.where(Appointment.account_id.in_(bindparam("ids", expanding=True)))
_HOLDERS: Any = _IN_OFFICE.where(Appointment.office.in_(bindparam("offices", expanding=True)))


def standings(session: Session, code: str, account_ids: Collection[int]) -> dict[int, Standing]:
    """The standing of each of these accounts at a division; of those who hold nothing there, none."""
    roles: dict[int, list[Role]] = {}
    ids = list(account_ids)
    for row in rows(session, _LIVED, ids=ids, code=code):
        names = ("resident", row.kind)
        roles.setdefault(row.account_id, []).extend(
            Role(name, code, row.building_id, row.dwelling_id) for name in names
        )
    for row in rows(session, _OF_THESE, ids=ids, **_now_over(code)):
        roles.setdefault(row.account_id, []).append(Role(row.office, row.code, row.building_id))
    return {number: Standing.of(Actor(id=number, roles=tuple(held)), code) for number, held in roles.items()}


def holders(session: Session, code: str, offices: Collection[str]) -> list[int]:
    """The accounts that hold one of these offices over a division now."""
    held = rows(session, _HOLDERS, offices=list(offices), **_now_over(code))
    return sorted({row.account_id for row in held})


def holders_at(session: Session, codes: Collection[str], offices: Collection[str]) -> dict[str, list[int]]:
    """The accounts that hold one of these offices now, by the division they hold it over; none from above it."""
    held = rows(session, _HOLDERS, offices=list(offices), codes=list(codes), today=clock.today())
    found: dict[str, set[int]] = {}
    for row in held:
        found.setdefault(row.code, set()).add(row.account_id)
    return {code: sorted(accounts) for code, accounts in found.items()}


def members(session: Session, code: str, building_id: int | None = None) -> list[int]:
    """Everybody who lives in a community, or in one building of it."""
    there = [Membership.code == code, Membership.state == "approved"]
    if building_id is not None:
        there.append(Membership.building_id == building_id)
    return list(session.scalars(select(Membership.account_id).where(*there).distinct()))


def _now_over(code: str) -> dict[str, Any]:
    """Today, and the divisions whose offices reach this one."""
    above = [code[:length] for length in (2, 6, 9, 12) if length <= len(code)]
    return {"codes": above, "today": clock.local(clock.now()).date()}
