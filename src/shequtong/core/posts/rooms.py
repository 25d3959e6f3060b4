"""The boards of this house, in menu order, as `main` furnished it; which a community has open, and by which name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from shequtong.core.posts.board import Board

ROOMS: dict[str, Board] = {}


def furnish(boards: Iterable[Board]) -> None:
    """Say which boards there are. Called once, by the composition root."""
    ROOMS.clear()
    ROOMS.update({board.slug: board for board in boards})
    _called.cache_clear()


def rooms_of(division: Any) -> list[Board]:
    """The boards that are open in this division, as they are named there."""
    return [named(board, division) for board in ROOMS.values() if is_open(board, division)]


def rooms_in(division: Any) -> dict[str, Board]:
    """Every board by its slug, open or not, as it is named in this division."""
    if not division.board_names:
        return ROOMS
    return {slug: named(board, division) for slug, board in ROOMS.items()}


def named(board: Board, division: Any) -> Board:
    """The board as this division calls it: itself, or a copy that differs in its name alone.

    `division` is a row that has `board_names`, of the place where the board stands.
    """
    own = division.board_names.get(board.slug) if division.board_names else None
    return _called(board, own) if own and not board.essential else board


@lru_cache(maxsize=4_000)
def _called(board: Board, name: str) -> Board:
    return replace(board, name=name, own_name=name)


def is_open(board: Board, division: Any) -> bool:
    wanted = not board.optional or board.slug in division.boards_on
    return division.level in board.levels and wanted and board.slug not in division.boards_off
