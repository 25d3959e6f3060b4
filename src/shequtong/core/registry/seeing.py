"""From an address to a building, dwelling, person or list of the registry, for those whose duty needs it.

Whoever is not in the table of `policy` finds nothing. A list is different: somebody of the community who asks for one
without the duty is told so, and it is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy import select
from sqlmodel import Session

from shequtong.core.communities import places
from shequtong.core.communities.addressing import Entered, here
from shequtong.core.communities.models import Building, Dwelling
from shequtong.core.communities.visiting import Visit
from shequtong.core.identity.actor import Actor
from shequtong.core.registry import keeping, overlays, rounds
from shequtong.core.registry.models import Change, Person
from shequtong.core.registry.policy import Entry, allows
from shequtong.lib import clock
from shequtong.lib.errors import Forbidden, NotFound, SignInNeeded
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, permission

Staff = Annotated[Visit, here("clerk", "secretary")]
Near = Annotated[Visit, here("clerk", "secretary", "lead")]


@dataclass(frozen=True)
class Listed:
    """A list of the registry and where this visitor sees it: these buildings, or all for None."""

    kind: str
    buildings: frozenset[int] | None


def may(visit: Visit, action: str, building_id: int = 0, person: Person | None = None) -> bool:
    """Does the table allow this visitor the action here?"""
    return allows(Entry(visit.actor, visit.here, building_id, person), action)


@permission("clerk or secretary, or lead of that building")
def building_near(visit: Near, building_id: int, db: Db) -> Building:
    found = places.find_building(db, visit.community.code, building_id) if 0 < building_id < 2**63 else None
    if found is None or not may(visit, "show", found.id):
        raise NotFound
    return found


@permission("clerk or secretary, or lead of that building")
def dwelling_near(visit: Near, dwelling_id: int, db: Db) -> Dwelling:
    found = db.get(Dwelling, dwelling_id) if 0 < dwelling_id < 2**63 else None
    if found is None or found.code != visit.community.code or not may(visit, "show", found.building_id):
        raise NotFound
    return found


@permission("clerk or secretary, or lead of that building")
def person_near(visit: Near, person_id: int, db: Db) -> Person:
    found = find_person(db, visit, person_id)
    if not may(visit, "show", found.building_id, found):
        raise NotFound
    return found


@permission("clerk or secretary, about somebody else")
def person_written(visit: Staff, person_id: int, db: Db) -> Person:
    found = find_person(db, visit, person_id)
    if not may(visit, "write", found.building_id, found):
        raise Forbidden(_("This is about yourself. Somebody else has to decide it."))
    return found


@permission("an office that visits who lives alone, about somebody else")
def person_visited(visit: Near, person_id: int, db: Db) -> Person:
    found = find_person(db, visit, person_id)
    if not may(visit, "show", found.building_id, found) or not rounds.is_alone(db, found.id):
        raise NotFound
    if not may(visit, "visit", found.building_id, found):
        raise Forbidden(_("This is about yourself. Somebody else has to decide it."))
    return found


@permission("an office whose duty needs the list")
def list_near(visit: Entered, kind: str) -> Listed:
    if not visit.signed_in:
        raise SignInNeeded
    if kind not in overlays.OVERLAYS or not visit.here.member or visit.here.observer:
        raise NotFound
    reach = overlays.reach(visit.here, kind)
    if reach is not None and not reach:
        visit.notes.append(partial(_note_refusal, by=visit.actor, code=visit.community.code, kind=kind))
        raise Forbidden(
            _(
                "“%(list)s” is only for those whose duty needs it. Yours does not, and it was written down that "
                "you asked. Ask the secretary if you think that it should.",
                list=overlays.OVERLAYS[kind].label,
            )
        )
    return Listed(kind, reach)


Built = Annotated[Building, Depends(building_near)]
Housed = Annotated[Dwelling, Depends(dwelling_near)]
Known = Annotated[Person, Depends(person_near)]
Written = Annotated[Person, Depends(person_written)]
Visited = Annotated[Person, Depends(person_visited)]
Reading = Annotated[Listed, Depends(list_near)]


def find_person(session: Any, visit: Visit, person_id: int) -> Person:
    """A person of this community's registry. Raises NotFound."""
    found = session.get(Person, person_id) if 0 < person_id < 2**63 else None
    if found is None or found.code != visit.community.code:
        raise NotFound
    return found


def _note_refusal(session: Session, by: Actor, code: str, kind: str) -> None:
    """Once an hour: reloading the page is not asking again."""
    told = select(Change.id).where(
        Change.code == code,
        Change.name == "refuse_list",
        Change.overlay == kind,
        Change.by_id == by.id,
        Change.at > clock.now() - timedelta(hours=1),
    )
    if session.scalar(told.limit(1)) is None:
        keeping.record(session, by, "refuse_list", "", code=code, overlay=kind)
