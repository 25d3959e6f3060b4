"""On the last day to confirm, the homes that have not are reminded once, by a job that was written beforehand."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import update
from sqlmodel import Session

from shequtong.boards.notices import reaching
from shequtong.boards.notices.models import Notice
from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import VISITOR
from shequtong.core.notifications.telling import tell_about
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib import clock, jobs

JOB = "remind_on_last_day"
MORNING, EVENING = time(9, 30), time(20, 30)
"""Nobody is reminded before breakfast or at bedtime: what comes too late in the day is left out."""


def plan(session: Session, post: Post, notice: Notice) -> None:
    """Write the job for the morning of the last day, for a notice that asks doors to confirm from now on."""
    if post.state != "confirming" or notice.until is None:
        return
    morning = datetime.combine(notice.until, MORNING, clock.LOCAL)
    if morning > clock.now():
        jobs.enqueue(session, JOB, {"post_id": post.id}, delay=morning - clock.now())


def remind_on_last_day(session: Session, payload: dict[str, Any]) -> None:
    """Job: ask those behind the doors that have not confirmed, once, and in the hours of the day only."""
    post, notice = session.get(Post, payload["post_id"]), session.get(Notice, payload["post_id"])
    if post is None or notice is None or post.state != "confirming" or post.deleted_at is not None:
        return
    now = clock.local(clock.now())
    if post.moderation != "clear" or now.date() != notice.until or not MORNING <= now.time() <= EVENING:
        return
    if notice.reminded_at is not None and clock.local(notice.reminded_at).date() == now.date():
        return
    first = update(Notice).where(Notice.post_id == post.id, Notice.last_day_at.is_(None))
    if session.execute(first.values(last_day_at=clock.now())).rowcount == 1:
        case = Case(VISITOR, Standing(), ROOMS[post.board], None, post, notice)
        tell_about(session, post, reaching.people_left(session, case), "please_confirm")
