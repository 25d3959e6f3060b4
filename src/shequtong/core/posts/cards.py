"""Cards are drawn once: the same row, shown the same way on the same day, is the same card."""

from __future__ import annotations

from typing import Any

from shequtong.core.posts import owing, queries
from shequtong.lib import clock, dates

READ_AT = [column.name for column in queries.cards().selected_columns].index("read_at")
"""Its place in every row of cards; of it a card only shows whether something came after."""


def key(
    post: Any,
    board: Any,
    code: str,
    with_board: bool = False,
    named: bool = True,
    title: str = "",
    excerpt: str = "",
    where: str = "",
    roster: str = "",
) -> tuple[Any, ...] | None:
    """All that `ui.post_card` shows. A card with words of its own, as in a search, is not worth keeping."""
    if title or excerpt:
        return None
    read_at, activity_at = post[READ_AT], post.activity_at
    shown = [str(value) if type(value) is list else value for value in post]
    shown[READ_AT] = read_at is not None and activity_at > read_at
    due = owing.due(post, roster)
    return (code, with_board, named, where, due, clock.today(), dates.ago(activity_at), *shown)
