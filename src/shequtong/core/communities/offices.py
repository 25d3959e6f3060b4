"""Who serves where."""

from __future__ import annotations

from sqlalchemy import exists, or_, select
from sqlmodel import Session

from shequtong.core.communities.models import LEVELS, Appointment
from shequtong.lib import clock


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
