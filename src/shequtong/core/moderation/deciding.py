"""A moderator's decision: exactly one of two who press at the same time, with a reason, never on one's own words."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session

from shequtong.core.communities.models import Membership
from shequtong.core.identity.actor import Actor
from shequtong.core.moderation.events import Decided
from shequtong.core.moderation.models import Decision, Report
from shequtong.core.posts import hiding
from shequtong.core.posts.models import Comment, Post
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, Forbidden
from shequtong.lib.events import publish as tell
from shequtong.lib.i18n import gettext as _

AFTER = {"approve": "clear", "warn": "clear", "hide": "hidden", "remove": "removed", "suspend": "hidden"}
"""What each action leaves a post or comment in."""


def decide(
    session: Session,
    post: Post,
    comment: Comment | None,
    actor: Actor,
    *,
    action: str,
    reason: str,
    note: str = "",
    days: int | None = None,
    seen: str,
) -> Decision:
    """Decide on a post or comment that was in moderation state `seen` when the moderator looked.

    Answers all its open reports. Raises Conflict when another moderator was faster: then nothing is written.
    """
    item = comment or post
    if item.author_id == actor.id:
        raise Forbidden(_("Somebody else has to decide about your own words."))
    decision = Decision(
        code=post.code,
        post_id=post.id,
        comment_id=comment.id if comment else None,
        author_id=item.author_id,
        action=action,
        reason=reason,
        note=note,
        days=days,
        by_id=actor.id,
        at=clock.now(),
    )
    session.add(decision)
    session.flush()
    if not hiding.change(session, post, comment, seen, AFTER[action]):
        raise Conflict(_("Another moderator was faster. Reload the desk to see what was decided."))
    answered = _answer_reports(session, decision)
    if seen == "clear" and not answered:
        raise Conflict(_("Another moderator was faster. Reload the desk to see what was decided."))
    if action == "suspend":
        suspend(session, post.code, item.author_id, days or 7)
    tell(session, Decided(post, decision))
    return decision


def suspend(session: Session, code: str, account_id: int, days: int) -> None:
    """Let a member read but not write in this community for some days."""
    session.execute(
        update(Membership)
        .where(Membership.code == code, Membership.account_id == account_id, Membership.state == "approved")
        .values(suspended_until=clock.now() + timedelta(days=days))
    )


def _answer_reports(session: Session, decision: Decision) -> int:
    same = Report.comment_id == decision.comment_id if decision.comment_id else Report.comment_id.is_(None)
    return session.execute(
        update(Report)
        .where(Report.post_id == decision.post_id, same, Report.decision_id.is_(None))
        .values(decision_id=decision.id)
        .execution_options(synchronize_session=False)
    ).rowcount
