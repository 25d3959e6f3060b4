"""Helping somebody back in who forgot their password.

Who makes such a link could use it. So a secretary may help members of the own community only, and nobody who
belongs to another community too or holds an office that this secretary could not give; an administrator may
help whoever serves in the own divisions and nowhere else. Helping must not lead to more than one has: an
administrator gets a new link from whoever runs the machine (`shequtong create-admin`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from shequtong.core.communities import appointing
from shequtong.core.communities.models import Appointment, Membership
from shequtong.core.communities.standing import Standing
from shequtong.core.identity import registering
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.lib import clock


def may_help(session: Session, by: Actor, claim: Membership) -> bool:
    """May this actor make a link for a new password for the person of this membership?"""
    if not Standing.of(by, claim.code).is_any("secretary"):
        return False
    if claim.state != "approved" or claim.account_id == by.id:
        return False
    elsewhere = select(Membership.id).where(
        Membership.account_id == claim.account_id,
        Membership.state == "approved",
        Membership.code != claim.code,
    )
    if session.scalar(elsewhere.limit(1)) is not None:
        return False
    return all(office in appointing.gives(by, code) for office, code in _offices(session, claim.account_id))


def staff_to_help(session: Session, by: Actor, login: str) -> Account | None:
    """Who serves under this login name, if this administrator may make a link for them."""
    account = registering.find_account(session, login)
    if account is None or account.disabled_at is not None or account.id == by.id:
        return None
    held = _offices(session, account.id)
    within = all(office != "admin" and Standing.of(by, code).is_any("admin") for office, code in held)
    return account if held and within else None


def _offices(session: Session, account_id: int) -> list[Any]:
    """The offices somebody holds or will hold, each with its division."""
    today = clock.local(clock.now()).date()
    held = select(Appointment.office, Appointment.code).where(
        Appointment.account_id == account_id,
        or_(Appointment.until.is_(None), Appointment.until >= today),
    )
    return list(session.execute(held).all())
