"""Who serves where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, exists, or_, select
from sqlmodel import Session

from shequtong.core.communities.models import LEVELS, Appointment
from shequtong.core.identity.models import Account
from shequtong.lib import clock
from shequtong.lib.db import ask

_SERVING = (
    select(Appointment.office, Account.id, Account.name)
    .join(Account, Account.id == Appointment.account_id)
    .where(
        Appointment.code == bindparam("code"),
        Appointment.office.in_(bindparam("offices", expanding=True)),
        Appointment.since <= bindparam("today"),
        or_(Appointment.until.is_(None), Appointment.until >= bindparam("today")),
    )
    .order_by(Appointment.office, Appointment.id)
)


def is_held(session: Session, office: str, code: str) -> bool:
    """Does anybody hold this office today, in this division or for one above it?"""
    today = clock.local(clock.now()).date()
    over = [code[:length] for length in LEVELS if length <= len(code)]
    held = exists().where(
        Appointment.office == office,
        Appointment.code.in_(over),
        Appointment.since <= today,
        or_(Appointment.until.is_(None), Appointment.until >= today),
    )
    return bool(session.scalar(select(held)))


def serving(session: Session, offices: Iterable[str], code: str) -> list[Any]:
    """Who holds one of these offices in this very community today: rows of office, account's id and name."""
    today = clock.local(clock.now()).date()
    return ask(session, _SERVING, code=code, offices=list(offices), today=today)
