"""While something is public, readers object to it; each objection gets an answer of its own.

A board takes part by its rules `object` and `reply`, and says in `owes.asked` in which states the answers are owed
within hours of duty: the clock is that of the objection that has waited longest.
An objection is a comment of this kind, and its answer a comment below it of the kind `reply`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.core.communities.models import Building, Membership
from shequtong.core.identity.models import Account
from shequtong.core.posts import commenting
from shequtong.core.posts.events import AnswersOwed, CommentDeleted, CommentEdited, VisibilityChanged
from shequtong.core.posts.models import Comment, Post
from shequtong.core.posts.policy import Case, allows
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib import clock, dates
from shequtong.lib.db import ask, at_most
from shequtong.lib.errors import Conflict, Forbidden, NotFound
from shequtong.lib.events import publish as tell
from shequtong.lib.i18n import gettext as _

MOST = 500
"""Objections on one page."""

_said, _reply = aliased(Comment), aliased(Comment)
_speaker, _answerer = aliased(Account), aliased(Account)
_BELOW = and_(
    _reply.post_id == _said.post_id,
    _reply.parent_id == _said.id,
    _reply.kind == "reply",
    _reply.deleted_at.is_(None),
)
_STANDS = and_(
    _said.post_id == bindparam("post_id"),
    _said.kind == "objection",
    _said.deleted_at.is_(None),
    _said.moderation.in_(("clear", "held")),
)
_WAITS = and_(_STANDS, ~select(_reply.id).where(_BELOW).exists())

COUNTED = select(func.count(_said.id)).where(_STANDS).scalar_subquery()
"""How many objections there are to the post of the parameter `post_id`."""
WAITING = select(func.count(_said.id)).where(_WAITS).scalar_subquery()
"""How many of them nobody has answered yet."""

_WAITS_SINCE = select(func.min(_said.created_at)).where(_WAITS)
_UNANSWERED = select(_said.id, _said.body).where(_WAITS).order_by(_said.id).limit(at_most(MOST))
_HOME = (
    select(func.min(Building.name))
    .join(Membership, Membership.building_id == Building.id)
    .where(
        Membership.account_id == _said.author_id, Membership.code == Post.code, Membership.state == "approved"
    )
    .scalar_subquery()
)
_OBJECTIONS = (
    select(
        _said.id,
        _said.body,
        _said.author_id,
        _said.author_role,
        _said.moderation,
        _said.created_at.label("at"),
        _speaker.name.label("by_name"),
        _HOME.label("building_name"),
        _reply.body.label("reply"),
        _reply.moderation.label("reply_moderation"),
        _reply.created_at.label("replied_at"),
        _reply.author_role.label("reply_role"),
        _answerer.name.label("replied_by"),
    )
    .join(Post, Post.id == _said.post_id)
    .join(_speaker, _speaker.id == _said.author_id)
    .outerjoin(_reply, _BELOW)
    .outerjoin(_answerer, _answerer.id == _reply.author_id)
    .where(
        _said.post_id == bindparam("post_id"),
        _said.kind == "objection",
        _said.deleted_at.is_(None),
        or_(
            _said.moderation == "clear",
            _said.author_id == bindparam("me"),
            and_(bindparam("staff") == 1, _said.moderation != "removed"),
        ),
    )
    .order_by(_said.id)
    .limit(at_most(MOST))
)


def object_to(session: Session, case: Case, words: str) -> Comment:
    """Say what is wrong with what is public."""
    if not allows(case, "object"):
        raise Forbidden
    said = commenting.comment(session, case, words, kind="objection")
    wind_up(session, case.post)
    return said


def answer(session: Session, case: Case, objection_id: int, words: str) -> Comment:
    """Answer one objection, once; whoever objected is told. Nobody answers their own.

    Raises NotFound for what is no objection here, Conflict when it has its answer already.
    """
    if not allows(case, "reply"):
        raise Forbidden
    said = commenting.find(session, case.post, objection_id)
    if said.kind != "objection" or said.deleted_at is not None:
        raise NotFound
    if said.author_id == case.actor.id:
        raise Forbidden
    session.refresh(said, with_for_update=True)
    if _is_answered(session, said):
        raise Conflict(_("Somebody else was faster. Reload the page to see what happened."))
    written = commenting.comment(session, case, words, parent_id=said.id, kind="reply")
    wind_up(session, case.post)
    return written


def objections(session: Session, case: Case) -> list[Any]:
    """What this reader may read of the objections, in the order they were made, each with its answer."""
    return ask(
        session,
        _OBJECTIONS,
        post_id=case.post.id,
        me=case.actor.id or 0,
        staff=int(case.here.staff),
    )


def unanswered(session: Session, post_id: int) -> list[Any]:
    """The objections that wait for their answer (id, body), the oldest first."""
    return ask(session, _UNANSWERED, post_id=post_id)


def waits_since(session: Session, post_id: int) -> datetime | None:
    """When the objection was made that has waited longest for its answer; None when none waits."""
    return session.scalar(_WAITS_SINCE, {"post_id": post_id})


def answer_due(case: Case) -> Any:
    """By when the objection that has waited longest is to be answered, in words; "" when none waits."""
    post = case.post
    if not _asks(post) or post.owed != "resolve":
        return ""
    words = dates.when(post.owed_at)
    return _("%(moment)s, overdue", moment=words) if post.owed_at < clock.now() else words


def wind_up(session: Session, post: Post) -> None:
    """Say which objection has waited longest, so that the clock of its answer runs."""
    if _asks(post) and post.moderation == "clear":
        session.flush()
        tell(session, AnswersOwed(post, waits_since(session, post.id)))


def on_comment_edited(session: Session, event: CommentEdited) -> None:
    """What was answered was these words and no others; and what an answer said, stays said."""
    said = event.comment
    if said.kind == "reply" or (said.kind == "objection" and _is_answered(session, said)):
        raise Conflict(_("What others have answered cannot be changed. Take it back and write another one."))


def on_comment_deleted(session: Session, event: CommentDeleted) -> None:
    """An objection that is taken back waits no more; one whose answer is taken back waits again."""
    wind_up(session, event.post)


def on_visibility_changed(session: Session, event: VisibilityChanged) -> None:
    """What is hidden waits no more, an objection or the whole post."""
    wind_up(session, event.post)


def _asks(post: Post) -> bool:
    """Does this post rest where answers to objections are owed?"""
    board = ROOMS.get(post.board)
    owes = board.owes if board and "object" in board.rules else None
    return bool(owes and owes.covers(post.kind) and post.state in owes.asked)


def _is_answered(session: Session, said: Comment) -> bool:
    there = select(Comment.id).where(
        Comment.post_id == said.post_id,
        Comment.parent_id == said.id,
        Comment.kind == "reply",
        Comment.deleted_at.is_(None),
    )
    return session.scalar(there) is not None
