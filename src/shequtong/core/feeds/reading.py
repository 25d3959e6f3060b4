"""Posts of several boards and communities in one list: each with its board, and the address where it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from shequtong.core.communities.models import Building, Division
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.core.posts.board import Board
from shequtong.core.posts.models import Post
from shequtong.core.posts.queries import cards
from shequtong.core.posts.rooms import ROOMS, is_open, named


@dataclass(frozen=True, slots=True)
class Item:
    """A card: its row, its board, the community it is read in (`code`), and that one's name when it is far.

    Residents' names are for neighbours: `named` says whether the reader may know this author's.
    """

    post: Any
    board: Board
    code: str
    community: str
    named: bool


def cards_anywhere() -> Select[Any]:
    """Cards with what must be known of the division they were posted in."""
    return cards_from(Post.__table__).where(Division.ended_at.is_(None))


def cards_from(source: Any) -> Select[Any]:
    """The same of the posts in a join that holds the table of posts, and may hold rows without one."""
    return select(
        *cards().selected_columns,
        Division.name.label("community"),
        Division.level,
        Division.roster,
        Division.boards_on,
        Division.boards_off,
        Division.board_names,
        Division.ended_at,
    ).select_from(
        source.outerjoin(Account, Account.id == Post.author_id)
        .outerjoin(Building, Building.id == Post.building_id)
        .outerjoin(Division, Division.code == Post.code)
    )


def items(found: Iterable[Any], actor: Actor, own: list[Any]) -> list[Item]:
    """The rows whose board is open where they stand. `own` are the reader's communities."""
    near = own[0].code if own else ""
    member_at = tuple(role.code for role in actor.roles if role.name != "applicant")
    settled = []
    for row in found:
        board = ROOMS.get(row.board)
        if board is not None and row.ended_at is None and is_open(board, row):
            code = _read_in(row, board, own)
            knows = bool(row.author_role or row.author_id == actor.id or row.code.startswith(member_at))
            far = "" if code == near else row.community
            settled.append(Item(row, named(board, row), code, far, knows))
    return settled


def _read_in(row: Any, board: Board, own: list[Any]) -> str:
    """What comes from above is read in one's own community, where its notes and answers are."""
    if not board.from_above:
        return str(row.code)
    inside = (c for c in own if c.code.startswith(row.code) and is_open(board, c))
    return str(next((c.code for c in inside), row.code))
