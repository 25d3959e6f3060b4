"""What boards lay on the desk, besides what the desk knows by itself. `main` says which trays there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from shequtong.core.communities.visiting import Visit


@dataclass(frozen=True)
class Tray:
    """Something that waits for the committee, as `template` shows its `rows`."""

    name: str
    template: str
    find: Callable[[Session, Visit], Sequence[Any]]


@dataclass(frozen=True)
class Filled:
    """A tray with what lies in it."""

    name: str
    template: str
    rows: Sequence[Any]


TRAYS: list[Tray] = []


def furnish(*trays: Tray) -> None:
    """Say which trays there are. Called once, by the composition root."""
    TRAYS[:] = trays


def on_desk(session: Session, visit: Visit) -> list[Filled]:
    """The trays in which something lies, for who is at this desk."""
    filled = (Filled(tray.name, tray.template, tray.find(session, visit)) for tray in TRAYS)
    return [tray for tray in filled if tray.rows]
