"""Compounds, buildings and dwellings: where people live."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from shequtong.core.communities.models import Building
from shequtong.lib.db import rows

_BUILDINGS = (
    select(Building.id, Building.name)
    .where(Building.code == bindparam("code"))
    .order_by(Building.sort, Building.id)
)


def buildings(session: Session, code: str) -> list[Any]:
    """The buildings of a community, in the order residents know."""
    return list(rows(session, _BUILDINGS, code=code).all())
