"""What happens to gatherings, for those above who listen (see `main.SUBSCRIBERS`)."""

from __future__ import annotations

from dataclasses import dataclass

from shequtong.core.gatherings.models import Gathering
from shequtong.core.posts.models import Post


@dataclass(frozen=True)
class Planned:
    """A day and a place were set, or changed; `told` are the accounts that have signed up."""

    post: Post
    gathering: Gathering
    by_id: int
    told: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cancelled:
    """It will not take place; `told` are the accounts that had a place or stood in the queue."""

    post: Post
    gathering: Gathering
    by_id: int
    told: tuple[int, ...]


@dataclass(frozen=True)
class PlacesFound:
    """Places became free, and these accounts, who stood in the queue, have them now."""

    post: Post
    accounts: tuple[int, ...]


@dataclass(frozen=True)
class SoonDue:
    """It begins soon, and these accounts have a place."""

    post: Post
    gathering: Gathering
    accounts: tuple[int, ...]


@dataclass(frozen=True)
class Missed:
    """Somebody wrote down that these accounts had a place and did not come."""

    post: Post
    accounts: tuple[int, ...]
    by_id: int
