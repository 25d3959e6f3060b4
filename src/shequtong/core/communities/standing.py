"""What an actor is in one community."""

from __future__ import annotations

from dataclasses import dataclass

from shequtong.core.communities.models import OFFICES
from shequtong.core.identity.actor import Actor

STAFF = frozenset({"clerk", "secretary"})
OFFICERS = frozenset({"street", "district"})
COMMITTEE = 12
"""Length of a committee's code; those above have shorter ones."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an actor is in one community: role names, and the buildings and dwellings they belong to or lead.

    `office` is the code of the street or district whose page an officer of it is on; empty in a committee below.
    """

    names: frozenset[str] = frozenset()
    buildings: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    dwellings: frozenset[int] = frozenset()
    office: str = ""

    @classmethod
    def of(cls, actor: Actor, code: str) -> Standing:
        """Roles held at `code` or at a division above it."""
        held = [role for role in actor.roles if code.startswith(role.code)]
        names = frozenset(role.name for role in held)
        return cls(
            names,
            frozenset(role.building_id for role in held if role.building_id and role.name != "applicant"),
            frozenset(role.building_id for role in held if role.building_id and role.name == "lead"),
            frozenset(role.dwelling_id for role in held if role.dwelling_id and role.name == "resident"),
            code if len(code) < COMMITTEE and not names.isdisjoint(OFFICERS) else "",
        )

    def is_any(self, *names: str) -> bool:
        return not self.names.isdisjoint(names)

    @property
    def staff(self) -> bool:
        return not self.names.isdisjoint(STAFF)

    @property
    def serves(self) -> bool:
        """Holds an office here, of any kind."""
        return not self.names.isdisjoint(OFFICES)

    @property
    def observer(self) -> bool:
        """A street or district officer: reads, and acts only on what is handed up."""
        return not self.names.isdisjoint(OFFICERS)

    @property
    def member(self) -> bool:
        """Has any approved place in this community, as resident or in an office."""
        return bool(self.names - {"applicant"})
