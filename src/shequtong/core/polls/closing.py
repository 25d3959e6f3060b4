"""When a poll is over: told once to who answered. What is due is found by a query, so a late worker misses none."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from shequtong.core.polls import events
from shequtong.core.polls.models import Poll, Sheet
from shequtong.core.posts.models import Post
from shequtong.lib import clock
from shequtong.lib.events import publish as tell

AT_ONCE = 50


def is_over(poll: Any) -> bool:
    """Is no sheet taken any more, by the server's clock?"""
    return bool(poll.state == "closed" or (poll.state == "open" and poll.closes_at <= clock.now()))


def close(session: Session, poll: Poll) -> None:
    """Note that a poll is over, and tell who answered and who asked."""
    poll.state = "closed"
    session.flush()
    post = session.get_one(Post, poll.post_id)
    if post.deleted_at is not None:
        return
    theirs = select(Sheet.account_id).where(Sheet.post_id == poll.post_id, Sheet.account_id.is_not(None))
    answered = {number for number in session.scalars(theirs) if number}
    tell(session, events.PollClosed(post, tuple(sorted(answered | {post.author_id}))))


def close_due(session: Session) -> None:
    """Close every poll whose time has come."""
    due = session.scalars(
        select(Poll)
        .where(Poll.state == "open", Poll.closes_at <= clock.now())
        .order_by(Poll.closes_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for poll in due:
        close(session, poll)
