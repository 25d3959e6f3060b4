"""Neighbours ask about a line, one after the other, and every question gets an answer of its own.

A question is a comment with a place of its own, so it is held, reported, found and told like every word on a post;
its answer is a comment on it. An answer is owed to each within hours of duty, to whoever has waited longest first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.core.books.forms import QuestionForm, ReplyForm
from shequtong.core.follows import following
from shequtong.core.identity.models import Account
from shequtong.core.posts import commenting
from shequtong.core.posts.events import AnswersOwed, CommentDeleted, CommentEdited, VisibilityChanged
from shequtong.core.posts.models import Comment, Post, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib.db import ask as rows_of
from shequtong.lib.db import at_most
from shequtong.lib.errors import Conflict
from shequtong.lib.events import publish as tell
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _

QUESTION, ANSWER = "question", "answer"
"""Kinds of comments."""
MOST = 200
"""Questions of one line that a page shows."""

_reply, _asker, _replier = aliased(Comment), aliased(Account), aliased(Account)
_ASKED_HERE = (
    Comment.post_id == bindparam("post_id"),
    Comment.kind == QUESTION,
    Comment.deleted_at.is_(None),
)
_ITS_REPLY = and_(
    _reply.parent_id == Comment.id,
    _reply.kind == ANSWER,
    _reply.deleted_at.is_(None),
    _reply.moderation == "clear",
)
_ASKED = (
    select(
        Comment.id,
        Comment.body,
        Comment.author_id,
        Comment.moderation,
        Comment.created_at.label("at"),
        _asker.name.label("by_name"),
        _reply.id.label("reply_id"),
        _reply.body.label("reply"),
        _reply.author_id.label("reply_by_id"),
        _reply.created_at.label("reply_at"),
        _replier.name.label("reply_by"),
    )
    .join(_asker, _asker.id == Comment.author_id)
    .outerjoin(_reply, _ITS_REPLY)
    .outerjoin(_replier, _replier.id == _reply.author_id)
    .where(
        *_ASKED_HERE,
        or_(
            Comment.moderation == "clear",
            Comment.author_id == bindparam("me"),
            bindparam("staff", type_=Post.__table__.c.id.type) == 1,
        ),
    )
    .order_by(Comment.id)
    .limit(at_most(MOST))
)
_STANDS = (
    select(
        func.min(Comment.created_at)
        .filter(Comment.moderation == "clear", _reply.id.is_(None))
        .label("since"),
        func.min(Comment.id).filter(Comment.moderation == "clear", _reply.id.is_(None)).label("first"),
        func.count().filter(Comment.moderation == "held").label("held"),
        func.count().filter(_reply.id.is_not(None)).label("answered"),
    )
    .select_from(Comment)
    .outerjoin(_reply, _ITS_REPLY)
    .where(*_ASKED_HERE)
)


def asked(session: Session, case: Case) -> list[Any]:
    """What was asked about the case's post as far as this reader may see it, oldest first, each with its answer."""
    who = {"me": case.actor.id or 0, "staff": int(case.here.staff)}
    return rows_of(session, _ASKED, post_id=case.post.id, **who)


def ask(session: Session, case: Case, form: QuestionForm, record: PostTransition) -> None:
    """Ask; who asks follows the line. The words stand beside their answer, not in the record."""
    record.reason = ""
    said = commenting.comment(session, case, form.reason, kind=QUESTION)
    following.follow(session, said.author_id, "post", case.post.id)
    session.refresh(case.post, ["state"])
    if case.post.state != "questioned":  # an answer came at the same moment
        case.board.follow_up(session, case, "reopen")
    _wind_up(session, case.post)


def check(session: Session, case: Case, form: BoundForm[Any]) -> None:
    """There must be a question that waits; the one that is named, when one is."""
    wanted = form.value.question
    if wanted is None:
        if _stands(session, case.post).first is None:
            form.refuse("", _("No question waits for an answer."))
    elif not any(one.id == wanted and one.moderation == "clear" for one in asked(session, case)):
        form.refuse("", _("This question was taken back."))


def answer(session: Session, case: Case, form: ReplyForm, record: PostTransition) -> None:
    """Answer one question; who asked it is told. While others wait, the line stays questioned.

    Raises Conflict when a colleague has answered it meanwhile.
    """
    record.reason = ""
    number = form.question or _stands(session, case.post).first
    one = next((row for row in asked(session, case) if row.id == number), None)
    if one is None or one.reply_id is not None:
        raise Conflict(_("Somebody else was faster. Reload the page to see what happened."))
    commenting.comment(session, case, form.reason, parent_id=one.id, kind=ANSWER)
    if _since(session, case.post) is not None:
        case.board.follow_up(session, case, "reopen")
        _wind_up(session, case.post)


def on_comment_deleted(session: Session, event: CommentDeleted) -> None:
    """A question that is taken back waits no more; one whose answer is taken back waits again."""
    if event.comment.kind in (QUESTION, ANSWER):
        settle(session, event.post)


def on_visibility_changed(session: Session, event: VisibilityChanged) -> None:
    """What is hidden waits no more, and what is shown again waits from when it was asked."""
    if event.comment is None or event.comment.kind in (QUESTION, ANSWER):
        settle(session, event.post)


def on_comment_edited(_session: Session, event: CommentEdited) -> None:
    """Neighbours read what was asked and answered; other words would be another question."""
    if event.comment.kind in (QUESTION, ANSWER):
        raise Conflict(_("What was asked and answered stands. Take it back and write it anew."))


def settle(session: Session, post: Post) -> None:
    """Bring a line of books into the state that its questions ask for."""
    board = ROOMS.get(post.board)
    onward = board.workflow.transition("unask") if board else None
    if board is None or onward is None or post.moderation != "clear" or post.deleted_at is not None:
        return
    session.flush()
    stands = _stands(session, post)
    name = ""
    if post.state == "questioned" and stands.since is None and not stands.held:
        name = "settle" if stands.answered else "unask"
    elif post.state in ("live", "answered") and stands.since is not None:
        name = "reopen"
    if name:
        transition = board.workflow.transition(name)
        assert transition is not None
        board.move_by_clock(session, post, None, transition)
    _wind_up(session, post)


def _wind_up(session: Session, post: Post) -> None:
    """Say which question has waited longest, so that the clock of its answer runs."""
    tell(session, AnswersOwed(post, _since(session, post)))


def _since(session: Session, post: Post) -> datetime | None:
    session.flush()
    since: datetime | None = _stands(session, post).since
    return since


def _stands(session: Session, post: Post) -> Any:
    """Since when a question waits (`since`), which is `first`, how many are `held` or `answered`."""
    return rows_of(session, _STANDS, post_id=post.id)[0]
