"""Pieces of pages that are drawn once: the same row, shown the same way, looks the same.

Each function holds all that its macro shows, and so is its key (see `lib.templates.remember`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shequtong.core.posts import owing, queries
from shequtong.lib.templates import remember

OF_CARD = len(queries.cards().selected_columns)
"""A row of cards begins with so many columns; the facts of its board may follow, and what is not shown."""


def remember_all() -> None:
    """Say so to the templates."""
    remember("post_card", card)
    remember("said", said)
    remember("moved", moved)
    remember("board_strip", strip)
    remember("board_filters", filters)


def card(
    post: Any,
    board: Any,
    code: str,
    with_board: bool = False,
    named: bool = True,
    title: str = "",
    excerpt: str = "",
    where: str = "",
    roster: str = "",
) -> tuple[Any, ...]:
    facts = (getattr(post, name, None) for name in board.facts)
    due = owing.due(post, roster)
    return (
        code,
        with_board and (True, board.own_name),
        named,
        title,
        excerpt,
        where,
        due,
        post[:OF_CARD],
        *facts,
    )


def said(row: Any, here: str, mine: bool, member: bool, answers: bool) -> tuple[Any, ...]:
    return (here, mine, member, answers, *row)


def moved(row: Any, board: Any, kind: str, private: bool, who: str | None) -> tuple[Any, ...]:
    """The facts of a move are not on its line: the page of its board tells them."""
    return (board.slug, kind, private, who, *(part for part in row if not isinstance(part, dict)))


def strip(community: Any, boards: Any, current: Any = None) -> tuple[Any, ...]:
    return (community.code, current and current.slug, *[(board.slug, board.own_name) for board in boards])


def filters(board: Any, code: str, chosen: Mapping[str, Any], signed_in: bool) -> tuple[Any, ...] | None:
    """Only what can be chosen: an address may say anything, at any length."""
    state, kind = chosen["state"], chosen["kind"]
    if (state and not board.workflow.knows(state)) or (kind and kind not in dict(board.kinds)):
        return None
    return (board.slug, code, signed_in, state, kind, chosen["mine"], bool(chosen["building"]))
