"""What somebody in office must do today, for the first page they see: one query, and none for residents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from shequtong.core.communities.models import OFFICES
from shequtong.core.communities.standing import OFFICERS, STAFF
from shequtong.core.duties import queries
from shequtong.core.identity.actor import Actor

WITHOUT_DESK = {"lead", "admin"} | OFFICERS


@dataclass(frozen=True)
class Today:
    """What is due by tonight in one place, so much of it overdue; `office` was told of what is handed up."""

    code: str
    name: str
    due: int
    overdue: int = 0
    staff: bool = False
    office: str = ""


def duties_of(session: Session, actor: Actor, own: list[Any]) -> list[Today]:
    """Where something is due for this person, home first."""
    names = {community.code: community.name for community in own}
    above = next((role for role in actor.roles if role.name in OFFICERS and role.code in names), None)
    if above is not None:
        handed_up = queries.told(session, above.code, above.name)
        return [Today(above.code, names[above.code], handed_up, office=above.name)] if handed_up else []
    staff_at = {role.code for role in actor.roles if role.name in STAFF}
    desks = set(OFFICES) - STAFF - WITHOUT_DESK
    serves_at = {role.code for role in actor.roles if role.name in desks} - staff_at
    found = queries.tallies(session, actor, sorted(staff_at), sorted(serves_at))
    return [
        Today(code, name, found[code].due, found[code].overdue, staff=code in staff_at)
        for code, name in names.items()
        if code in found
    ]
