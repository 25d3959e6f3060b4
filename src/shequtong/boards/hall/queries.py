"""What the discussion's pages read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.boards.hall.models import Amendment, Answer, Remark
from shequtong.core.posts import objecting
from shequtong.core.posts.models import Comment
from shequtong.core.posts.policy import Case
from shequtong.lib.db import ask, at_most

MOST = 500
"""Statements on one page; a discussion with more is one that nobody reads."""

_reply = aliased(Comment)
_READABLE = or_(
    Comment.moderation == "clear",
    Comment.author_id == bindparam("me"),
    and_(bindparam("staff") == 1, Comment.moderation != "removed"),
)
_REMARKS = (
    select(
        Comment.id,
        Comment.kind,
        Comment.body,
        Comment.author_id,
        Comment.author_role,
        Comment.moderation,
        Comment.created_at.label("at"),
        Remark.option,
        Remark.answers,
        _reply.body.label("reply"),
        Answer.choice,
    )
    .join(Remark, Remark.comment_id == Comment.id)
    .outerjoin(_reply, and_(_reply.id == Remark.reply_id, _reply.deleted_at.is_(None)))
    .outerjoin(Answer, and_(Answer.comment_id == Comment.id, Answer.account_id == bindparam("me")))
    .where(
        Remark.post_id == bindparam("post_id"),
        Comment.kind.in_(bindparam("kinds", expanding=True)),
        Comment.deleted_at.is_(None),
        _READABLE,
    )
    .order_by(Remark.answers, Comment.id)
    .limit(at_most(MOST))
)


def remarks(session: Session, case: Case, *kinds: str) -> list[Any]:
    """What was said of these kinds, as far as this reader may read it, with the reader's own answer.

    Statements that few have answered come first, so that each gets its answers.
    """
    values = {"me": case.actor.id or 0, "staff": int(case.here.staff), "post_id": case.post.id}
    return ask(session, _REMARKS, kinds=list(kinds), **values)


def to_answer(statements: list[Any]) -> Any:
    """The next statement that this reader has not answered yet; None when there is none left."""
    waiting = (s for s in statements if s.choice is None and s.moderation == "clear" and s.reply is None)
    return next(waiting, None)


_STATEMENT = and_(Comment.kind == "statement", Comment.moderation == "clear", Remark.reply_id.is_(None))
_CHANGE = and_(Comment.kind == "amendment", Comment.moderation.in_(("clear", "held")), ~Amendment.accepted)
_COUNTS = (
    select(
        func.count().filter(_STATEMENT).label("statements"),
        func.count().filter(_STATEMENT, Answer.choice.is_(None)).label("left"),
        objecting.COUNTED.label("objections"),
        objecting.WAITING.label("waiting"),
        func.count().filter(_CHANGE, _reply.id.is_(None)).label("amendments"),
    )
    .select_from(Remark)
    .join(Comment, Comment.id == Remark.comment_id)
    .outerjoin(_reply, and_(_reply.id == Remark.reply_id, _reply.deleted_at.is_(None)))
    .outerjoin(Answer, and_(Answer.comment_id == Comment.id, Answer.account_id == bindparam("me")))
    .outerjoin(Amendment, Amendment.comment_id == Comment.id)
    .where(Remark.post_id == bindparam("post_id"), Comment.deleted_at.is_(None))
)


def counts(session: Session, case: Case) -> Any:
    """How many `statements` stand and are `left` for this reader; how many `objections` there are, and `waiting`.

    `amendments` are the proposed changes of the text that nobody has answered.
    """
    return ask(session, _COUNTS, me=case.actor.id or 0, post_id=case.post.id)[0]


_counted, _reasons = _COUNTS.subquery(), _REMARKS.subquery()
_OVERVIEW = select(_counted, _reasons).outerjoin(_reasons, true())


def overview(session: Session, case: Case, *kinds: str) -> tuple[Any, list[Any]]:
    """`counts` and the `remarks` of these kinds in one question, for the topic's own page."""
    values = {"me": case.actor.id or 0, "staff": int(case.here.staff), "post_id": case.post.id}
    found = ask(session, _OVERVIEW, kinds=list(kinds), **values)
    return found[0], [row for row in found if row.id is not None]


_WORDS = (
    select(Comment.id, Comment.body)
    .join(Remark, Remark.comment_id == Comment.id)
    .where(
        Comment.id.in_(bindparam("ids", expanding=True)),
        Comment.moderation == "clear",
        Comment.deleted_at.is_(None),
        Remark.reply_id.is_(None),
    )
)


def words(session: Session, ids: list[int]) -> dict[int, str]:
    """What these statements say, as far as they still stand."""
    return {row.id: row.body for row in ask(session, _WORDS, ids=sorted(set(ids)) or [0])}
