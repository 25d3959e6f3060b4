"""Giving a compound its plan."""

from __future__ import annotations

from sqlmodel import Session

from shequtong.core.communities.models import Compound
from shequtong.core.identity.actor import Actor
from shequtong.core.media import plans, storing
from shequtong.core.media.models import CompoundPlan
from shequtong.lib import clock


def hang(session: Session, by: Actor, compound: Compound, content: bytes, name: str) -> None:
    """Give a compound a plan, in the place of an earlier one. Pins stay where they are. Raises ImageRefused."""
    photo = storing.keep(session, by, content, name=name, alt=compound.name)
    plans.take_down(session, compound)
    session.add(CompoundPlan(compound_id=compound.id, code=compound.code, photo_id=photo.id, at=clock.now()))
