"""Helping a member back in who forgot their password, at the committee's office.

Who makes such a link could use it. So a secretary may help members of the own community only, and nobody who
belongs to another community too or holds an office that this secretary could not give: helping must not lead
to more than one has.
"""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlmodel import Session

from shequtong.core.communities import appointing
from shequtong.core.communities.models import Appointment, Membership
from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import Actor
from shequtong.lib import clock


def may_help(session: Session, by: Actor, claim: Membership) -> bool:
    """May this actor make a link for a new password for the person of this membership?"""
    if not Standing.of(by, claim.code).is_any("secretary"):
        return False
    if claim.state != "approved" or claim.account_id == by.id:
        return False
    today = clock.local(clock.now()).date()
    held = session.execute(
        select(Appointment.office, Appointment.code).where(
            Appointment.account_id == claim.account_id,
            or_(Appointment.until.is_(None), Appointment.until >= today),
        )
    ).all()
    elsewhere = select(Membership.id).where(
        Membership.account_id == claim.account_id,
        Membership.state == "approved",
        Membership.code != claim.code,
    )
    if session.scalar(elsewhere.limit(1)) is not None:
        return False
    return all(office in appointing.gives(by, code) for office, code in held)
