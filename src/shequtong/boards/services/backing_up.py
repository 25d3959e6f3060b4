"""When whoever is on duty does not take a question, or is away, the back-up is told and may take it.

It is found by a query, so a worker that was down misses nothing.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlmodel import Session

from shequtong.boards.services import desks
from shequtong.boards.services.models import Service
from shequtong.core.duties import keeping, timing
from shequtong.core.notifications.telling import tell_about
from shequtong.core.posts.models import Post
from shequtong.core.posts.owing import Owed
from shequtong.lib import clock

SHARE = 2
"""The back-up is called when one part in so many of the hours for a first reply has passed."""
AT_ONCE = 50


def plan(session: Session, post: Post, question: Service, owes: Owed) -> None:
    """Say when the back-up is called, by the committee's own hours."""
    reply, _answer = timing.hours(session, post.code, post.board, owes, owes.category_of(post, question))
    roster = keeping.roster_of(session, post.code)
    question.call_backup_at = roster.after(clock.now(), timedelta(hours=reply) / SHARE)


def call_all(session: Session) -> None:
    """Call the back-up of every question whose time for it has come."""
    due = session.execute(
        select(Post, Service)
        .join(Service, Service.post_id == Post.id)
        .where(Service.call_backup_at.is_not(None), Service.call_backup_at <= clock.now())
        .order_by(Service.call_backup_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=Post)
    ).all()
    for post, question in due:
        question.call_backup_at = None
        if post.state == "new" and post.deleted_at is None:
            _call(session, post, question)


def _call(session: Session, post: Post, question: Service) -> None:
    desk = desks.find(session, post.code, question.desk)
    first, backup = desks.on_duty(session, desk, post.author_id) if desk else (None, None)
    called = next((one for one in (backup, first) if one and one not in question.asked), None)
    if called is None:
        return
    if desk is not None and post.assignee_id and not _is_there(desk, post.assignee_id):
        post.assignee_id = called
    else:
        post.deputy_id = called
    question.asked = [*question.asked, called]
    post.version += 1
    session.flush()
    tell_about(session, post, [called], "stands_in")


def _is_there(desk: desks.Staffed, account_id: int) -> bool:
    day = clock.local(desk.next_open(clock.now())).date()
    return any(one.account_id == account_id and desks.is_on(one, day) for one in desk.people)
