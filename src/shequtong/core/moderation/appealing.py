"""One appeal against a decision, decided by another person."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session

from shequtong.core.communities.models import Membership
from shequtong.core.identity.actor import Actor
from shequtong.core.moderation.deciding import AFTER
from shequtong.core.moderation.events import AppealDecided, Appealed
from shequtong.core.moderation.models import Appeal, Decision
from shequtong.core.posts import hiding
from shequtong.core.posts.models import Comment, Post
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Conflict, Forbidden
from shequtong.lib.events import publish as tell
from shequtong.lib.i18n import gettext as _

APPEALABLE = ("hide", "remove", "warn", "suspend")


def appeal(session: Session, post: Post, decision: Decision, actor: Actor, words: str) -> Appeal:
    """Ask another person to look again. Only the author may, once."""
    if decision.author_id != actor.id or decision.action not in APPEALABLE:
        raise Forbidden
    new = insert_or_nothing(
        session,
        Appeal,
        decision_id=decision.id,
        code=decision.code,
        by_id=actor.id,
        words=words,
        at=clock.now(),
    )
    if not new:
        raise Conflict(_("You have appealed against this decision already."))
    made = session.get_one(Appeal, decision.id)
    tell(session, Appealed(post, decision, made))
    return made


def answer(
    session: Session,
    post: Post,
    comment: Comment | None,
    decision: Decision,
    actor: Actor,
    *,
    uphold: bool,
    words: str,
) -> Appeal:
    """Uphold (the post is shown again, a suspension ends) or dismiss an appeal, in another person's name."""
    if actor.id in (decision.by_id, decision.author_id):
        raise Forbidden(_("Somebody else has to decide this appeal."))
    state = "upheld" if uphold else "dismissed"
    taken = session.execute(
        update(Appeal)
        .where(Appeal.decision_id == decision.id, Appeal.state == "open")
        .values(state=state, answer=words, decided_by_id=actor.id, decided_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        raise Conflict(_("This appeal is decided already."))
    if uphold:
        _restore(session, post, comment, decision, actor, words)
    made = session.get_one(Appeal, decision.id, populate_existing=True)
    tell(session, AppealDecided(post, decision, made))
    return made


def _restore(
    session: Session, post: Post, comment: Comment | None, decision: Decision, actor: Actor, words: str
) -> None:
    hiding.change(session, post, comment, AFTER[decision.action], "clear")
    if decision.action == "suspend":
        session.execute(
            update(Membership)
            .where(Membership.code == decision.code, Membership.account_id == decision.author_id)
            .values(suspended_until=None)
        )
    session.add(
        Decision(
            code=decision.code,
            post_id=decision.post_id,
            comment_id=decision.comment_id,
            author_id=decision.author_id,
            action="restore",
            reason="appeal",
            note=words,
            by_id=actor.id,
            at=clock.now(),
        )
    )
