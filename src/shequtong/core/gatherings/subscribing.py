"""The secret address of one person's calendar: made on request, shown once, and closed by making another or none.

A calendar program cannot sign in, so the address is the key. Only its digest is kept. What it shows is decided anew
each time by what its owner may see then (A6).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, delete, or_, select
from sqlmodel import Session

from shequtong.core.communities.models import Appointment, Membership
from shequtong.core.gatherings.models import CalendarAddress
from shequtong.core.identity.actor import Actor, Role
from shequtong.core.identity.models import Account
from shequtong.lib import clock, crypto


def open_address(session: Session, account_id: int) -> str:
    """A new address, in the place of an earlier one; its token, which nobody can be told again."""
    session.scalar(select(Account.id).where(Account.id == account_id).with_for_update())  # pressed twice
    close_address(session, account_id)
    token = crypto.new_token()
    session.add(CalendarAddress(account_id=account_id, digest=crypto.digest(token), at=clock.now()))
    session.flush()
    return token


def close_address(session: Session, account_id: int) -> None:
    """Let nobody read it any more."""
    session.execute(delete(CalendarAddress).where(CalendarAddress.account_id == account_id))


def find_address(session: Session, account_id: int) -> CalendarAddress | None:
    return session.get(CalendarAddress, account_id)


def find_reader(session: Session, token: str) -> Actor | None:
    """Whose calendar this is, with the roles they hold now; None for an address that is closed or never was."""
    today = clock.today()
    found = session.execute(
        select(
            Account.id,
            Account.name,
            Account.locale,
            Membership.code,
            Membership.building_id,
            Membership.dwelling_id,
            Appointment.office,
            Appointment.code.label("office_code"),
            Appointment.building_id.label("office_building_id"),
        )
        .select_from(CalendarAddress)
        .join(Account, Account.id == CalendarAddress.account_id)
        .outerjoin(Membership, and_(Membership.account_id == Account.id, Membership.state == "approved"))
        .outerjoin(
            Appointment,
            and_(
                Appointment.account_id == Account.id,
                Appointment.since <= today,
                or_(Appointment.until.is_(None), Appointment.until >= today),
            ),
        )
        .where(CalendarAddress.digest == crypto.digest(token), Account.disabled_at.is_(None))
    ).all()
    if not found:
        return None
    roles: dict[Role, Any] = {}
    for row in found:
        if row.code:
            roles[Role("resident", row.code, row.building_id, row.dwelling_id)] = None
        if row.office:
            roles[Role(row.office, row.office_code, row.office_building_id)] = None
    return Actor(found[0].id, found[0].name, tuple(roles), locale=found[0].locale)
