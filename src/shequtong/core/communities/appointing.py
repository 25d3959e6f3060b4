"""Offices: who gives which, to whom, from one day to another; and how one is ended at once.

A secretary fills the offices of the committee, an administrator those of secretaries and officers. Nobody
gives or ends an office of their own, so nobody climbs by their own hand and the last administrator stays.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlmodel import Session

from shequtong.core.communities.events import Appointed, OfficeEnded
from shequtong.core.communities.models import LEVELS, Appointment
from shequtong.core.communities.standing import Standing
from shequtong.core.identity import registering, resetting
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, Forbidden
from shequtong.lib.events import publish
from shequtong.lib.i18n import gettext as _

BY_SECRETARY = (
    "clerk",
    "lead",
    "property",
    "owners_committee",
    "organisation",
    "party_branch",
    "police",
    "doctor",
    "lawyer",
)
BY_ADMIN = {"city": ("admin",), "district": ("district",), "street": ("street",), "committee": ("secretary",)}
"""Level of a division to the offices an administrator gives there."""


def gives(actor: Actor, code: str) -> tuple[str, ...]:
    """The offices this actor may give and end in a division."""
    here = Standing.of(actor, code)
    level = LEVELS.get(len(code), "")
    given = BY_SECRETARY if level == "committee" and here.is_any("secretary") else ()
    return (BY_ADMIN.get(level, ()) if here.is_any("admin") else ()) + given


def appoint(
    session: Session,
    by: Actor,
    account: Account,
    office: str,
    code: str,
    *,
    building_id: int | None = None,
    title: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Appointment:
    """Give somebody an office. Raises Forbidden, or Conflict when they hold it already."""
    if office not in gives(by, code) or account.id == by.id:
        raise Forbidden
    session.execute(select(Account.id).where(Account.id == account.id).with_for_update())
    if session.scalar(_present(account.id, office, code, building_id).limit(1)):
        raise Conflict(_("%(name)s holds this office already.", name=account.name))
    appointment = Appointment(
        account_id=account.id,
        office=office,
        code=code,
        building_id=building_id,
        title=title,
        since=since or _today(),
        until=until,
        by_id=by.id,
    )
    session.add(appointment)
    session.flush()
    publish(session, Appointed(appointment))
    return appointment


def end(session: Session, by: Actor, appointment: Appointment) -> None:
    """End an office now: its holder is without it from their next request on (A6)."""
    if appointment.office not in gives(by, appointment.code) or appointment.account_id == by.id:
        raise Forbidden
    today = _today()
    ended = session.execute(
        update(Appointment)
        .where(
            Appointment.id == appointment.id,
            Appointment.ended_at.is_(None),
            or_(Appointment.until.is_(None), Appointment.until >= today),
        )
        .values(until=today - timedelta(days=1), ended_at=clock.now(), ended_by_id=by.id)
        .execution_options(synchronize_session=False)
    )
    if ended.rowcount != 1:
        raise Conflict(_("This office has ended already."))
    session.refresh(appointment)
    publish(session, OfficeEnded(appointment))


def invite(session: Session, login: str, name: str) -> tuple[Account, str]:
    """An account for somebody who will hold an office, and the path of the link that sets its password.

    The link is shown once, to be handed over. Raises Conflict when somebody has the login name.
    """
    account = registering.open_account(session, login, name)
    if account is None:
        raise Conflict(_("Somebody has this login name already."))
    return account, resetting.make_link(session, account.id)


def _present(account_id: int, office: str, code: str, building_id: int | None) -> Any:
    return select(Appointment.id).where(
        Appointment.account_id == account_id,
        Appointment.office == office,
        Appointment.code == code,
        Appointment.building_id == building_id if building_id else Appointment.building_id.is_(None),
        or_(Appointment.until.is_(None), Appointment.until >= _today()),
    )


def _today() -> date:
    return clock.local(clock.now()).date()
