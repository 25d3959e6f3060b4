"""Kept counters of a board, changed in the transaction that changes what they count."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session

from shequtong.core.posts.models import BoardTally, Post
from shequtong.lib.db import insert_or_nothing

NOTHING = (0, 0)


def count(session: Session, post: Post, before: tuple[int, int], after: tuple[int, int]) -> None:
    """Keep the number of posts and of open ones of a board, from what this post added to what it adds now."""
    if before == after:
        return
    posts, open_posts = after[0] - before[0], after[1] - before[1]
    change = (
        update(BoardTally)
        .where(BoardTally.code == post.code, BoardTally.board == post.board)
        .values(
            posts=BoardTally.posts + posts,
            open_posts=BoardTally.open_posts + open_posts,
            activity_at=post.activity_at,
        )
        .execution_options(synchronize_session=False)
    )
    if session.execute(change).rowcount == 0:
        insert_or_nothing(session, BoardTally, code=post.code, board=post.board, activity_at=post.activity_at)
        session.execute(change)
