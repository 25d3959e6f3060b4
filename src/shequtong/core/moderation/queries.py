"""The desk, the record of a post, and the public figures: queries over state, nothing kept twice."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select, tuple_, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.core.communities.models import Building, Membership
from shequtong.core.communities.standing import STAFF
from shequtong.core.identity.models import Account
from shequtong.core.moderation.models import Appeal, Decision, Hold, ListedWord, Report
from shequtong.core.posts.board import Board
from shequtong.core.posts.models import Comment, Post
from shequtong.core.posts.queries import CLEAR, KEPT
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib.db import ask, at_most

DESK = 50
"""Rows of each part of the desk; the oldest come first, so none is forgotten."""

HELD: Any = literal_column("'held'")
"""Written out, as the partial indexes say it: see `CLEAR`."""

SMALL = 5
"""Counts under this are shown as "<5"."""


def queue(session: Session, code: str) -> list[Any]:
    """Posts and comments that wait for a decision: held ones and reported ones, each once, oldest first."""
    return ask(session, _queue(), code=code)


@lru_cache(maxsize=1)
def _queue() -> Select[Any]:
    here: Any = bindparam("code")
    held_posts: Any = select(Post.id.label("post_id"), literal_column("0").label("comment_id")).where(
        Post.code == here, Post.moderation == HELD, KEPT
    )
    held_comments = (
        select(Comment.post_id, Comment.id)
        .join(Post, Post.id == Comment.post_id)
        .where(Post.code == here, Comment.moderation == HELD, Comment.deleted_at.is_(None))
    )
    reported = select(Report.post_id, func.coalesce(Report.comment_id, 0)).where(
        Report.code == here, Report.decision_id.is_(None)
    )
    waiting = union_all(held_posts, held_comments, reported).subquery()
    each = select(waiting.c.post_id, waiting.c.comment_id).distinct().subquery()
    author = aliased(Account)
    return (
        select(
            Post.id,
            Post.code,
            Post.board,
            Post.title,
            Post.excerpt,
            each.c.comment_id,
            Comment.body.label("comment_body"),
            func.coalesce(Comment.moderation, Post.moderation).label("moderation"),
            func.coalesce(Comment.created_at, Post.created_at, type_=Post.__table__.c.created_at.type).label(
                "at"
            ),
            author.id.label("author_id"),
            author.name.label("author_name"),
            Building.name.label("building_name"),
        )
        .select_from(each)
        .join(Post, Post.id == each.c.post_id)
        .outerjoin(Comment, Comment.id == each.c.comment_id)
        .join(author, author.id == func.coalesce(Comment.author_id, Post.author_id))
        .outerjoin(Building, Building.id == Post.building_id)
        .where(KEPT)
        .order_by(Post.id, each.c.comment_id)
        .limit(at_most(DESK))
    )


def grounds(session: Session, items: list[tuple[int, int]]) -> dict[tuple[int, int], dict[str, list[Any]]]:
    """Why each (post id, comment id or 0) waits: its last holds and its open reports."""
    why: dict[tuple[int, int], dict[str, list[Any]]] = {item: {"holds": [], "reports": []} for item in items}
    if not items:
        return why
    for kind, table, more in (("holds", Hold, ()), ("reports", Report, (Report.decision_id.is_(None),))):
        found = session.scalars(
            select(table)
            .where(tuple_(table.post_id, func.coalesce(table.comment_id, 0)).in_(items), *more)
            .order_by(table.id)
        )
        for row in found:
            why[row.post_id, row.comment_id or 0][kind].append(row)
    return why


def joins_waiting(session: Session, code: str) -> int:
    """How many people wait to be let in."""
    return int(ask(session, _JOINS, code=code)[0].waiting)


_JOINS = select(func.count().label("waiting")).where(
    Membership.code == bindparam("code"), Membership.state.in_(("applied", "conflict"))
)


def appeals(session: Session, code: str) -> list[Any]:
    """Open appeals with what they are about, oldest first."""
    return list(session.execute(_APPEALS, {"code": code}))


_DECIDER = aliased(Account)
_APPEALS = (
    select(Appeal, Decision, Post.title, Post.board, _DECIDER.name.label("decider_name"))
    .join(Decision, Decision.id == Appeal.decision_id)
    .join(Post, Post.id == Decision.post_id)
    .join(_DECIDER, _DECIDER.id == Decision.by_id)
    .where(Appeal.code == bindparam("code"), Appeal.state == "open")
    .order_by(Appeal.at)
    .limit(at_most(DESK))
)


def due(session: Session, code: str) -> list[Any]:
    """Posts without a clock that wait for the committee's move, as each board declares in `desk`; oldest first."""
    statement = _due(tuple(ROOMS.values()))
    return [] if statement is None else ask(session, statement, code=code)


@lru_cache(maxsize=8)
def _due(boards: tuple[Board, ...]) -> Select[Any] | None:
    """The oldest of each state of each board, from the index of states; of these the oldest of all."""
    every = [_oldest(board, state) for board in boards for state in board.desk]
    every += [
        _oldest(board, state, Post.handler.in_(sorted(STAFF)))
        for board in boards
        for state in board.desk_if_handed
    ]
    if not every:
        return None
    oldest = union_all(*every).subquery()
    return (
        select(
            Post.id,
            Post.code,
            Post.board,
            Post.state,
            Post.title,
            Post.created_at,
            Account.name.label("author_name"),
        )
        .join(oldest, oldest.c.id == Post.id)
        .join(Account, Account.id == Post.author_id)
        .order_by(Post.activity_at, Post.id)
        .limit(at_most(DESK))
    )


def _oldest(board: Board, state: str, *more: Any) -> Any:
    some = (
        select(Post.id)
        .where(Post.code == bindparam("code"), Post.board == board.slug, Post.state == state, KEPT, *more)
        .where(Post.moderation == CLEAR, Post.owed == "")
        .order_by(Post.activity_at, Post.id)
        .limit(at_most(DESK))
        .subquery()
    )
    return select(some.c.id)


def record(session: Session, post_id: int) -> list[Any]:
    """Every decision on a post and its comments with its appeal, oldest first."""
    decider = aliased(Account)
    return list(
        session.execute(
            select(Decision, Appeal, decider.name.label("decider_name"))
            .outerjoin(Appeal, Appeal.decision_id == Decision.id)
            .join(decider, decider.id == Decision.by_id)
            .where(Decision.post_id == post_id)
            .order_by(Decision.id)
        )
    )


def figures(session: Session, code: str, since: datetime) -> dict[str, dict[str, str]]:
    """Public counts of decisions since a moment: by action, by reason, and of appeals by outcome."""
    recent = (Decision.code == code, Decision.at >= since)
    return {
        "actions": _counted(session, Decision.action, *recent),
        "reasons": _counted(session, Decision.reason, *recent, Decision.action != "restore"),
        "appeals": _counted(session, Appeal.state, Appeal.code == code, Appeal.at >= since),
    }


def _counted(session: Session, column: Any, *where: Any) -> dict[str, str]:
    found = session.execute(select(column, func.count()).where(*where).group_by(column)).all()
    return {key: f"<{SMALL}" if count < SMALL else str(count) for key, count in found}


def listed_words(session: Session, code: str) -> list[str]:
    return list(
        session.scalars(select(ListedWord.word).where(ListedWord.code == code).order_by(ListedWord.word))
    )
