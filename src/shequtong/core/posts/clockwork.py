"""What happens to posts by the clock alone. Due posts are found by a query, so a late worker misses none."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session

from shequtong.core.posts.models import Post
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib import clock

AT_ONCE = 200


def move_due_posts(session: Session) -> None:
    """Take the clock's transition for every post whose time has come."""
    due = session.scalars(
        select(Post)
        .where(Post.due_at.is_not(None), Post.due_at <= clock.now(), Post.deleted_at.is_(None))
        .order_by(Post.due_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for post in due:
        board = ROOMS.get(post.board)
        detail = session.get(board.detail, post.id) if board and board.detail else None
        transition = board.by_clock(post, detail) if board else None
        if board is None or transition is None:
            post.due_at = None
            continue
        board.move_by_clock(session, post, detail, transition)
