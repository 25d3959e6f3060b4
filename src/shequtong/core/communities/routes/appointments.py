"""What the pages of committees and of officers do alike with appointments."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from shequtong.core.communities import appointing
from shequtong.core.communities.models import Appointment
from shequtong.core.communities.visiting import Visit
from shequtong.core.identity import registering, resetting
from shequtong.core.identity.models import Account
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, Forbidden, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _


def give_office(session: Session, visit: Visit, form: BoundForm[Any], code: str) -> str:
    """Do what the form asks, or mark it wrong; the path of a link when an account had to be made."""
    asked = form.value
    account = _holder(session, visit, form)
    if form.errors:
        return ""
    link = ""
    if account is None:
        account, link = appointing.invite(session, asked.login, asked.name)
    try:
        appointing.appoint(
            session,
            visit.actor,
            account,
            asked.office,
            code,
            building_id=getattr(asked, "building_id", None) or None,
            title=asked.title,
            since=asked.since or None,
            until=asked.until or None,
        )
    except Conflict as conflict:
        form.refuse("login", conflict.message)
    return link


def _holder(session: Session, visit: Visit, form: BoundForm[Any]) -> Account | None:
    """Who shall hold the office; None for somebody who still needs an account. Marks what is wrong."""
    asked = form.value
    today = clock.local(clock.now()).date()
    if asked.until and asked.until < max(asked.since or today, today):
        form.refuse("until", _("The last day is before the first, or over"))
        return None
    account = registering.find_account(session, asked.login)
    if account is not None and account.disabled_at is not None:
        form.refuse("login", _("This account is closed."))
    elif account is not None and account.id == visit.actor.id:
        form.refuse("login", _("Nobody gives an office to themselves. Ask somebody else who may."))
    elif account is None and not asked.name:
        form.refuse("login", _("Nobody has this login name. Write their name too, and an account is made."))
    elif account is None and (wrong := registering.login_mistake(registering.fold_login(asked.login))):
        form.refuse("login", wrong)
    return account


def appointment_within(session: Session, code: str, appointment_id: int) -> Appointment:
    """An appointment in this division or below it. Raises NotFound."""
    found = session.get(Appointment, appointment_id) if 0 < appointment_id < 2**63 else None
    if found is None or not found.code.startswith(code):
        raise NotFound
    return found


def renew_link(session: Session, visit: Visit, appointment: Appointment) -> tuple[Account, str]:
    """A new link for a holder who never set a password. Raises Forbidden for anybody else's account."""
    if appointment.office not in appointing.gives(visit.actor, appointment.code):
        raise Forbidden
    account = session.get_one(Account, appointment.account_id)
    if account.password != registering.NO_PASSWORD:
        raise Forbidden(_("This account has a password. Its owner can make a new one when signing in."))
    return account, resetting.make_link(session, account.id)
