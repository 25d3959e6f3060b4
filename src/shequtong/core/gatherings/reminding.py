"""Telling those who come, once, that it is soon. What is due is found by a query, so a late worker misses none."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session

from shequtong.core.gatherings import events
from shequtong.core.gatherings.models import Gathering, SignUp
from shequtong.core.posts.models import Post
from shequtong.lib import clock
from shequtong.lib.events import publish as tell

AT_ONCE = 50


def remind_all(session: Session) -> None:
    """Remind of every gathering whose reminder is due; that it was done is written in the same transaction."""
    now = clock.now()
    due = session.scalars(
        select(Gathering)
        .where(Gathering.remind_at.is_not(None), Gathering.remind_at <= now)
        .order_by(Gathering.remind_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for gathering in due:
        gathering.remind_at = None
        post = session.get_one(Post, gathering.post_id)
        if gathering.state != "planned" or gathering.starts_at <= now or post.deleted_at is not None:
            continue
        coming = session.scalars(
            select(SignUp.account_id)
            .where(SignUp.post_id == gathering.post_id, SignUp.state == "in")
            .order_by(SignUp.number)
        ).all()
        if coming:
            tell(session, events.SoonDue(post, gathering, tuple(coming)))
