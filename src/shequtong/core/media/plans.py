"""The plans of a community's compounds: drawn by the committee, seen by who belongs there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session

from shequtong.core.communities.models import Compound
from shequtong.core.media.models import CompoundPlan, Photo
from shequtong.lib.db import ask

_PLANS = (
    select(
        Compound.id.label("compound_id"), Compound.name, Photo.id.label("photo_id"), Photo.width, Photo.height
    )
    .join(CompoundPlan, CompoundPlan.compound_id == Compound.id)
    .join(Photo, Photo.id == CompoundPlan.photo_id)
    .where(Compound.code == bindparam("code"))
    .order_by(Compound.id)
)
_COMPOUNDS = (
    select(Compound.id, Compound.name).where(Compound.code == bindparam("code")).order_by(Compound.id)
)


def plans(session: Session, code: str) -> list[Any]:
    """The compounds of a community that have a plan: their number and name, and the picture with its size."""
    return ask(session, _PLANS, code=code)


def compounds(session: Session, code: str) -> list[Any]:
    """All compounds of a community."""
    return ask(session, _COMPOUNDS, code=code)


def find_picture(session: Session, code: str, compound_id: int) -> Photo | None:
    """The picture of a compound's plan; None when it has none, or is not of this community."""
    found = session.get(CompoundPlan, compound_id)
    return session.get(Photo, found.photo_id) if found is not None and found.code == code else None


def take_down(session: Session, compound: Compound) -> None:
    """Leave a compound without a plan; what has a pin is found by its building and its words."""
    session.execute(delete(CompoundPlan).where(CompoundPlan.compound_id == compound.id))
