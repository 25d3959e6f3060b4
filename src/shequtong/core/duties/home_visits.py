"""Visits at people's doors (走访): written down for the committee alone, with a day to come back."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import update
from sqlmodel import Session

from shequtong.core.communities.models import Dwelling
from shequtong.core.duties.models import HomeVisit
from shequtong.core.identity.actor import Actor
from shequtong.lib import clock


def record(
    session: Session, dwelling: Dwelling, by: Actor, visited_on: date, note: str, again_on: date | None
) -> HomeVisit:
    """Write a visit down. Whoever wanted to come back to this door by that day has been there now."""
    _settle(session, by, HomeVisit.dwelling_id == dwelling.id, HomeVisit.again_on <= visited_on)
    made = HomeVisit(
        code=dwelling.code,
        dwelling_id=dwelling.id,
        visited_on=visited_on,
        by_id=by.id,
        note=note,
        again_on=again_on,
        at=clock.now(),
    )
    session.add(made)
    session.flush()
    return made


def settle(session: Session, visit: HomeVisit, by: Actor) -> None:
    """There is no need to come back any more."""
    _settle(session, by, HomeVisit.id == visit.id)


def _settle(session: Session, by: Actor, *which: Any) -> None:
    session.execute(
        update(HomeVisit)
        .where(HomeVisit.again_on.is_not(None), HomeVisit.again_done_at.is_(None), *which)
        .values(again_done_at=clock.now(), again_done_by_id=by.id)
        .execution_options(synchronize_session=False)
    )
