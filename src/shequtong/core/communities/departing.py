"""What the town knows of one person's places, and how they leave all of them at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlmodel import Session

from shequtong.core.communities import joining, keys
from shequtong.core.communities.forms import KINDS, OFFICES
from shequtong.core.communities.models import Appointment, Building, Division, Membership
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.events import AccountErased, ErasureAsked, Place, PlacesAsked
from shequtong.lib import clock
from shequtong.lib.i18n import gettext as _

LAST = ("secretary", "admin")
"""Offices that somebody must hold."""


def tell_places(session: Session, asked: PlacesAsked) -> None:
    """Homes first, then offices."""
    homes = session.execute(
        select(
            Division.code, Division.name, Building.name.label("building"), Membership.kind, Membership.state
        )
        .join(Division, Division.code == Membership.code)
        .join(Building, Building.id == Membership.building_id)
        .where(Membership.account_id == asked.account_id, Membership.state.in_(joining.LIVE))
        .order_by(Membership.id)
    )
    for row in homes:
        waiting = "" if row.state == "approved" else _("your request is being looked at")
        what = " · ".join(filter(None, (row.building, str(KINDS[row.kind]), waiting)))
        asked.places.append(Place(row.name, f"/c/{row.code}", what))
    for row in session.execute(_offices(asked.account_id)):
        href = f"/c/{row.code}" if row.level == "committee" else ""
        asked.places.append(Place(row.name, href, row.title or str(OFFICES[row.office]), row.office))


def find_obstacles(session: Session, asked: ErasureAsked) -> None:
    """The only secretary or administrator of a place hands over first."""
    for row in session.execute(_offices(asked.account_id)):
        if row.office in LAST and not _others_hold(session, row.office, row.code, asked.account_id):
            asked.obstacles.append(
                _(
                    "You are the only %(office)s of %(place)s. Have somebody else appointed first.",
                    office=OFFICES[row.office],
                    place=row.name,
                )
            )


def leave_everything(session: Session, erased: AccountErased) -> None:
    """Give back every home, every office and every key."""
    claims = session.scalars(
        select(Membership).where(
            Membership.account_id == erased.account_id, Membership.state.in_(joining.LIVE)
        )
    ).all()
    for claim in claims:
        joining.leave(session, claim, Actor(erased.account_id))
    session.execute(update(Membership).where(Membership.account_id == erased.account_id).values(note=""))
    session.execute(
        update(Appointment)
        .where(Appointment.account_id == erased.account_id, _runs())
        .values(until=_today() - timedelta(days=1), ended_at=clock.now(), ended_by_id=erased.account_id)
    )
    keys.withdraw_all(session, erased.account_id)


def _offices(account_id: int) -> Any:
    return (
        select(Appointment.office, Appointment.title, Division.code, Division.name, Division.level)
        .join(Division, Division.code == Appointment.code)
        .where(Appointment.account_id == account_id, Appointment.since <= _today(), _runs())
        .order_by(Appointment.id)
    )


def _others_hold(session: Session, office: str, code: str, account_id: int) -> bool:
    others = select(func.count()).where(
        Appointment.office == office,
        Appointment.code == code,
        Appointment.account_id != account_id,
        Appointment.since <= _today(),
        _runs(),
    )
    return bool(session.scalar(others))


def _runs() -> Any:
    return or_(Appointment.until.is_(None), Appointment.until >= _today())


def _today() -> date:
    return clock.local(clock.now()).date()
