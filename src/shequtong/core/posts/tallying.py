"""Kept counters of a board, changed in the transaction that changes what they count."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session

from shequtong.core.posts.models import BoardTally, Post
from shequtong.lib.db import insert_or_nothing

NOTHING = (0, 0)


def count(session: Session, post: Post, before: tuple[int, int], after: tuple[int, int]) -> None:
    """Keep the number of posts and of open ones of a board, from what this post added to what it adds now."""
    if before == after:
        return
    add(session, post.code, post.board, after[0] - before[0], after[1] - before[1], post.activity_at)


def add(session: Session, code: str, board: str, posts: int, open_posts: int, activity_at: datetime) -> None:
    """Change the counters of a board by so many posts and open ones; its row is made when it is the first."""
    change = (
        update(BoardTally)
        .where(BoardTally.code == code, BoardTally.board == board)
        .values(
            posts=BoardTally.posts + posts,
            open_posts=BoardTally.open_posts + open_posts,
            activity_at=activity_at,
        )
        .execution_options(synchronize_session=False)
    )
    if session.execute(change).rowcount == 0:
        insert_or_nothing(session, BoardTally, code=code, board=board, activity_at=activity_at)
        session.execute(change)
