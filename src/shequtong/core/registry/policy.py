"""Who may do what with the registry of residents: one table, read aloud. What is not in it nobody may.

Nobody looks at, changes or ties their own row, nor decides about it. Officers of street and district are not in the
table: they read figures, never people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import Actor
from shequtong.core.registry.models import Person
from shequtong.lib.policy import Rule, nobody


@dataclass(frozen=True, slots=True)
class Entry:
    """What a rule judges: this actor, with their standing here, a building, and a person if it is about one."""

    actor: Actor
    here: Standing
    building_id: int = 0
    person: Person | None = None


staff = Rule("clerk or secretary", lambda entry: entry.here.staff)
lead = Rule("lead of that building", lambda entry: entry.building_id in entry.here.leads)
own = Rule(
    "about oneself",
    lambda entry: entry.person is not None and entry.person.account_id == (entry.actor.id or 0),
)

TABLE: Mapping[str, Rule] = {
    "show": staff | lead,
    "look": staff & ~own,
    "write": staff & ~own,
    "tie": staff & ~own,
    "visit": (staff | lead) & ~own,
    "import": staff,
    "export": staff,
    "figures": staff,
    "reconcile": staff,
}


def allows(entry: Entry, action: str) -> bool:
    """Does the table allow this actor the action?"""
    return TABLE.get(action, nobody)(entry)
