"""From board to board, downwards: what an office issues above becomes a post of a committee's own below.

A board names in `hears` the boards whose posts it takes over. Neither room knows the other: they meet here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS, is_open
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _

if TYPE_CHECKING:
    from shequtong.core.posts.board import Board


@dataclass(frozen=True)
class Passed:
    """What a committee passes on: the post from above, with its own `word` and for its own `places` (none is all).

    A `kind` of "must_read" asks each household to confirm, `until` a day.
    """

    source: Post
    kind: str = "info"
    word: str = ""
    places: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True)
class Mended:
    """How a post from above reads now, what was wrong with it in words, and the account that put it right."""

    title: str
    body: str
    correction: str
    by_id: int


@dataclass(frozen=True, slots=True)
class Reached:
    """Doors that a post is meant for, and how many of them confirmed, online and on `paper` only."""

    doors: int = 0
    online: int = 0
    paper: int = 0

    @property
    def all(self) -> int:
        return self.online + self.paper


def pass_on(session: Session, case: Case, passed: Passed) -> Post:
    """Make it a post of this committee's own. Raises Conflict where its board is closed."""
    room = _hearing(case.board.slug)
    if not is_open(room, case.community):
        raise Conflict(_("Your committee has closed the board on which this would stand."))
    return room.take_over(session, Case(case.actor, case.here, room, case.community), passed)


def mend(session: Session, slug: str, post: Post, mended: Mended) -> None:
    """The post of a committee's own reads as the one from board `slug` does now; its own word stays."""
    _hearing(slug).mend(session, post, mended)


def recall(session: Session, slug: str, post: Post) -> None:
    """The one from board `slug` is over: so is the committee's own."""
    _hearing(slug).recall(session, post)


def reached(session: Session, slug: str, post_ids: Collection[int]) -> Mapping[int, Reached]:
    """How far posts that were taken over from board `slug` have come; in a fixed number of queries."""
    return _hearing(slug).reached(session, post_ids) if post_ids else {}


def _hearing(slug: str) -> Board:
    return next(board for board in ROOMS.values() if slug in board.hears)
