"""The clocks themselves: wound up, stopped, let go on, ended; and what a post's card knows of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from shequtong.core.communities.models import Division
from shequtong.core.duties import owning
from shequtong.core.duties.events import DutiesChanged
from shequtong.core.duties.models import OFFICES, Duty
from shequtong.core.posts.models import Post
from shequtong.lib import clock, rosters
from shequtong.lib.db import rows
from shequtong.lib.events import publish as tell
from shequtong.lib.rosters import Roster

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

STEPS = (1 * HOUR, 8 * HOUR, 24 * HOUR)
"""Duty time after which lateness is told to the secretary, the street and the district.

The first hour is a grace: a machine whose clock stands an hour fast tells nobody too early (quality R6).
"""

LAST_PART = 5
"""Who looks after something is reminded when the last part of so many of its time begins."""

_ROSTER = select(Division.roster).where(Division.code == bindparam("code"))
_OPEN = select(Duty).where(Duty.post_id == bindparam("post_id"), Duty.done_at.is_(None)).order_by(Duty.id)


def roster_of(session: Session, code: str) -> Roster:
    """The hours of duty of a committee."""
    return rosters.read(rows(session, _ROSTER, code=code).scalar() or "")


def open_duties(session: Session, post_id: int) -> dict[str, Duty]:
    """What is owed for a post now, by kind."""
    return {duty.kind: duty for duty in session.scalars(_OPEN, {"post_id": post_id})}


def was_replied_to(session: Session, post_id: int) -> bool:
    """Did a post have a first reply, in time or late?"""
    replied = Duty.kind == "first_reply", Duty.outcome.in_(("kept", "late"))
    return session.scalar(select(Duty.id).where(Duty.post_id == post_id, *replied).limit(1)) is not None


def start(
    session: Session,
    post: Post,
    kind: str,
    category: str,
    hours: tuple[int, int],
    roster: Roster,
    since: datetime | None = None,
) -> Duty:
    """Wind up a clock of (first reply, answer) `hours`, for whoever looks after the post or is asked first.

    It counts from `since`, where what is owed was asked before.
    """
    now = since or clock.now()
    post.owed_by_id = post.owed_by_id or owning.first_asked(session, post)
    given = 3600 * (hours[0] if kind == "first_reply" else hours[1])
    duty = Duty(
        post_id=post.id,
        code=post.code,
        kind=kind,
        category=category,
        owner_id=post.owed_by_id,
        started_at=now,
        counted_from=now,
        left=given,
        given=given,
    )
    run(duty, roster, now)
    session.add(duty)
    return duty


def run(duty: Duty, roster: Roster, since: datetime) -> None:
    """Count what is left from this moment on."""
    duty.counted_from, duty.paused_at = since, None
    duty.due_at = roster.after(since, timedelta(seconds=duty.left))
    if (
        duty.promised_on is not None
    ):  # a day that was promised lasts until midnight, also for those not on duty
        last_minute = clock.end_of(duty.promised_on) - MINUTE
        if duty.due_at < last_minute and not roster.between(duty.due_at, last_minute):
            duty.due_at = last_minute
    duty.calendar = roster.calendar.mark
    used = duty.left - duty.given // LAST_PART
    duty.warn_at = None if duty.warned else roster.after(since, timedelta(seconds=max(used, 0)))
    plan(duty, roster)


def plan(duty: Duty, roster: Roster) -> None:
    """Say when the next office is told."""
    duty.raise_at = None
    if duty.due_at is not None and duty.level < len(STEPS):
        duty.raise_at = roster.after(duty.due_at, STEPS[duty.level])


def settle_up(duty: Duty, roster: Roster, now: datetime) -> None:
    """Take from what is left the time that has passed; a clock that was set back takes nothing."""
    if duty.due_at is not None:
        duty.left -= int(roster.between(duty.counted_from, now).total_seconds())
        duty.counted_from = max(now, duty.counted_from)


def pause(duty: Duty, roster: Roster) -> None:
    """It is somebody else's turn: the clock stands still."""
    if duty.paused_at is None:
        now = clock.now()
        settle_up(duty, roster, now)
        duty.paused_at, duty.due_at, duty.raise_at, duty.warn_at = now, None, None, None


def resume(duty: Duty, roster: Roster) -> None:
    """Our turn again: what was left counts from now."""
    if duty.paused_at is not None:
        run(duty, roster, clock.now())


def promise(duty: Duty, day: Any, roster: Roster) -> None:
    """Whoever has it in hand named a day: the answer is owed by its end, whatever was left before."""
    if day is not None and duty.due_at is not None:
        now = clock.now()
        duty.left, duty.promised_on = int(roster.between(now, clock.end_of(day)).total_seconds()), day
        duty.given, duty.warned = duty.left, False
        run(duty, roster, now)


def finish(duty: Duty, roster: Roster, *, kept: bool = True, dropped: bool = False) -> None:
    """Nothing is owed any more: in time or late; or it was not `kept` at all before its time; or it is `dropped`."""
    now = clock.now()
    settle_up(duty, roster, now)
    in_time = "kept" if kept else "dropped"
    duty.outcome = "dropped" if dropped else in_time if duty.left >= 0 else "late"
    duty.done_at, duty.raise_at, duty.warn_at = now, None, None


def note(session: Session, post: Post, known: Iterable[Duty] | None = None) -> None:
    """Copy what is owed onto the post, where every list reads it without another query; and tell of the change.

    `known` are its duties, when they are at hand.
    """
    if known is None:
        session.flush()
        known = open_duties(session, post.id).values()
    still = [duty for duty in known if duty.done_at is None]
    running = sorted((d for d in still if d.due_at is not None), key=lambda d: d.due_at or clock.now())
    first = running[0] if running else None
    told = {
        "owed": first.kind if first else "waiting" if still else "",
        "owed_at": first.due_at if first else None,
        "owed_by_id": still[0].owner_id if still else None,
        "raised": OFFICES[max((d.level for d in running), default=0)],
    }
    if any(getattr(post, name) != value for name, value in told.items()):
        for name, value in told.items():
            setattr(post, name, value)
        post.version += 1
        session.flush()
    tell(session, DutiesChanged(post))
