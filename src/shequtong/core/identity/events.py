"""What the rest of the town is asked about a person, or told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zipfile import ZipFile


@dataclass(frozen=True)
class Place:
    """Where somebody belongs: a name, where it leads, and what they are there; with the office, if it is one."""

    name: str
    href: str
    what: str
    office: str = ""


@dataclass(frozen=True)
class PlacesAsked:
    """Somebody opens their own page: where do they belong?"""

    account_id: int
    places: list[Place] = field(default_factory=list)


@dataclass(frozen=True)
class RowsAsked:
    """Somebody takes their own data along: rows about them that name no account are added, by table."""

    account_id: int
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class FilesAsked:
    """Somebody takes their own data along: the rows are found already, files are put into `into`."""

    account_id: int
    into: ZipFile


@dataclass(frozen=True)
class ErasureAsked:
    """Somebody wants to be forgotten: each reason why that cannot be now is added, with what to do first."""

    account_id: int
    obstacles: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class AccountErased:
    """Somebody is forgotten: each part drops what was only theirs. What others built on stays, without a name."""

    account_id: int
