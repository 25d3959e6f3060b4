"""Compounds, buildings and dwellings: where people live."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from shequtong.core.communities.models import Building, Division
from shequtong.lib.db import rows

CITY = 2
"""Digits of a city's code; a city has no page of its own."""

_BUILDINGS = (
    select(Building.id, Building.name)
    .where(Building.code == bindparam("code"))
    .order_by(Building.sort, Building.id)
)


_DIVISIONS = select(Division.__table__).where(
    Division.code.in_(bindparam("codes", expanding=True)), Division.ended_at.is_(None)
)


def own_communities(session: Session, visit: Any) -> list[Any]:
    """The communities where this visitor lives or serves, home first; the visit then stands in the first.

    For pages that belong to a person and not to a place: their way back leads home.
    """
    codes = list(dict.fromkeys(role.code for role in visit.actor.roles if len(role.code) > CITY))
    codes.sort(key=len, reverse=True)
    found = {row.code: row for row in rows(session, _DIVISIONS, codes=codes)} if codes else {}
    own = [found[code] for code in codes if code in found]
    if own and visit.community is None:
        visit.enter(own[0])
    return own


def buildings(session: Session, code: str) -> list[Any]:
    """The buildings of a community, in the order residents know."""
    return list(rows(session, _BUILDINGS, code=code).all())
