"""Households: who lives in a dwelling together, from one day to another, with accounts or only in the registry."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlmodel import Session

from shequtong.core.communities.events import WhoStays
from shequtong.core.communities.models import Dwelling, Household, Membership
from shequtong.lib import clock
from shequtong.lib.events import publish


def lock(session: Session, *dwelling_ids: int) -> None:
    """Decide about dwellings one after the other, always in one order (SQLite has one writer anyway)."""
    chosen = Dwelling.id.in_(set(dwelling_ids))
    session.execute(select(Dwelling.id).where(chosen).order_by(Dwelling.id).with_for_update())


def present(session: Session, dwelling_id: int) -> Household | None:
    """The household that lives there now, if any."""
    lives = select(Household).where(Household.dwelling_id == dwelling_id, Household.until.is_(None))
    return session.scalar(lives)


def open_at(session: Session, dwelling_id: int) -> Household:
    """The household that lives there now; a new one when nobody does."""
    found = present(session, dwelling_id)
    if found is None:
        found = Household(dwelling_id=dwelling_id, since=clock.today())
        session.add(found)
        session.flush()
    return found


def close_if_empty(session: Session, dwelling_id: int) -> None:
    """End the household of a dwelling to which nobody with an account belongs, unless somebody else lives there."""
    belongs = select(Membership.id).where(
        Membership.dwelling_id == dwelling_id, Membership.state == "approved"
    )
    if session.scalar(belongs.limit(1)) is not None:
        return
    asked = WhoStays(dwelling_id)
    publish(session, asked)
    if not asked.stays:
        session.execute(
            update(Household)
            .where(Household.dwelling_id == dwelling_id, Household.until.is_(None))
            .values(until=clock.today())
        )
