"""Telling the committee that something is wrong."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session

from shequtong.core.communities.models import Division
from shequtong.core.identity.actor import Actor
from shequtong.core.moderation import holding
from shequtong.core.moderation.models import Report
from shequtong.core.posts.models import Comment, Post
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing


def report(
    session: Session, post: Post, comment: Comment | None, actor: Actor, reason: str, note: str
) -> bool:
    """Report a post or comment; False when the same person's report on it is still open.

    Enough reports of different people hold it until the committee has decided; but a few cannot take from all what
    concerns all, such as a vote that is open.
    """
    comment_id = comment.id if comment else None
    new = insert_or_nothing(
        session,
        Report,
        code=post.code,
        post_id=post.id,
        comment_id=comment_id,
        by_id=actor.id,
        reason=reason,
        note=note,
        at=clock.now(),
    )
    if not new:
        return False
    same = Report.comment_id == comment_id if comment_id else Report.comment_id.is_(None)
    count = session.scalar(
        select(func.count(Report.by_id.distinct())).where(
            Report.post_id == post.id, same, Report.decision_id.is_(None)
        )
    )
    stays = comment is None and ROOMS[post.board].concerns_all
    if not stays and (count or 0) >= session.get_one(Division, post.code).report_threshold:
        holding.hold(session, post, comment, "reports")
    return True
