"""What happens to claims and offices, for those above who listen (see `main.SUBSCRIBERS`)."""

from __future__ import annotations

from dataclasses import dataclass, field

from shequtong.core.communities.models import Appointment, Membership


@dataclass(frozen=True)
class Applied:
    """Somebody asked to join a dwelling; `claim.state` is conflict when it is owned already."""

    claim: Membership


@dataclass(frozen=True)
class Joined:
    """A claim was approved."""

    claim: Membership
    by_id: int


@dataclass(frozen=True)
class Refused:
    """A claim was refused; `claim.decision` says why."""

    claim: Membership
    by_id: int


@dataclass(frozen=True)
class Left:
    """A member left, or was ended by the committee; a claim nobody had decided was taken back."""

    claim: Membership
    by_id: int
    source: str


@dataclass(frozen=True)
class Represents:
    """A member speaks for the household now."""

    claim: Membership
    by_id: int | None


@dataclass(frozen=True)
class Appointed:
    """Somebody was given an office."""

    appointment: Appointment


@dataclass(frozen=True)
class OfficeEnded:
    """Somebody's office was ended."""

    appointment: Appointment


@dataclass(frozen=True)
class WhoStays:
    """Nobody with an account belongs to a dwelling any more: who knows that people live on there adds how many."""

    dwelling_id: int
    stays: list[int] = field(default_factory=list)
