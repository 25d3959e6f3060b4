"""Who acts: a person with the roles they hold right now, or a visitor who holds none."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Role:
    """A role somebody holds somewhere: `code` is a division's code, whose prefixes are its parents."""

    name: str
    code: str
    building_id: int | None = None
    dwelling_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at the door. `id` is None for a visitor who has not signed in."""

    id: int | None = None
    name: str = ""
    roles: tuple[Role, ...] = ()
    sign_in: str = ""
    unread: int = 0
    locale: str | None = None
    theme: str = "auto"
    text: str = "normal"

    @property
    def signed_in(self) -> bool:
        return self.id is not None

    @property
    def roles_sum(self) -> str:
        """A short sum of all their roles: it changes when one is given or taken."""
        told = sorted(f"{r.name} {r.code} {r.building_id} {r.dwelling_id}" for r in self.roles)
        return blake2b("\n".join(told).encode(), digest_size=8).hexdigest()

    def has(self, name: str) -> bool:
        """Do they hold this role anywhere?"""
        return any(role.name == name for role in self.roles)


VISITOR = Actor()
