"""The boards of this house, in menu order, as `main` furnished it; and which of them a community has open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shequtong.core.posts.board import Board

ROOMS: dict[str, Board] = {}


def furnish(boards: Iterable[Board]) -> None:
    """Say which boards there are. Called once, by the composition root."""
    ROOMS.clear()
    ROOMS.update({board.slug: board for board in boards})


def rooms_of(division: Any) -> list[Board]:
    """The boards that are open in this division."""
    return [board for board in ROOMS.values() if is_open(board, division)]


def is_open(board: Board, division: Any) -> bool:
    wanted = not board.optional or board.slug in division.boards_on
    return division.level in board.levels and wanted and board.slug not in division.boards_off
