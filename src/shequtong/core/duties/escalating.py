"""Who looks after something is reminded before its time is over; then lateness is told upwards: to the secretary,
the street and the district, each of them once.

It is found by a query, so a worker that was down misses nothing; and each step is taken from the level that was
seen, so two workers never take it twice.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from shequtong.core.duties import keeping, owning
from shequtong.core.duties.events import DutyEnding, DutyRaised
from shequtong.core.duties.models import OFFICES, Duty
from shequtong.core.posts.models import Post
from shequtong.lib import clock
from shequtong.lib.events import publish as tell

AT_ONCE = 100


def raise_overdue(session: Session) -> None:
    """Tell the next office of every duty whose time for it has come."""
    now = clock.now()
    late = session.execute(
        locked(Duty.raise_at.is_not(None), Duty.raise_at <= now)
        .order_by(Duty.raise_at, Duty.id)
        .limit(AT_ONCE)
    ).all()
    for duty, post in late:
        _raise(session, duty, post)


def remind(session: Session) -> None:
    """Tell whoever looks after something that the last part of its time has begun, once."""
    now = clock.now()
    soon = session.execute(
        locked(Duty.warn_at.is_not(None), Duty.warn_at <= now).order_by(Duty.warn_at, Duty.id).limit(AT_ONCE)
    ).all()
    for duty, post in soon:
        taken = session.execute(
            update(Duty)
            .where(Duty.id == duty.id, ~Duty.warned, Duty.done_at.is_(None), Duty.paused_at.is_(None))
            .values(warned=True, warn_at=None)
            .execution_options(synchronize_session=False)
        )
        session.refresh(duty)
        if taken.rowcount == 1 and duty.due_at and duty.due_at > now:
            tell(session, DutyEnding(post, duty))


def locked(*which: Any, wait: bool = False) -> Any:
    """Open duties with their posts, which are locked first, as everybody does.

    Those in other hands are left for the next round, or waited for.
    """
    return (
        select(Duty, Post)
        .join(Post, Post.id == Duty.post_id)
        .where(Duty.done_at.is_(None), *which)
        .with_for_update(skip_locked=not wait, of=Post)
    )


def _raise(session: Session, duty: Duty, post: Post) -> None:
    level = duty.level
    taken = session.execute(
        update(Duty)
        .where(Duty.id == duty.id, Duty.level == level, Duty.done_at.is_(None), Duty.paused_at.is_(None))
        .values(level=level + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        return
    session.refresh(duty)
    owning.ask_anew(session, post)  # an office may have run out, and nobody was told
    keeping.plan(duty, keeping.roster_of(session, duty.code))
    keeping.note(session, post)
    tell(session, DutyRaised(post, duty, OFFICES[duty.level]))
