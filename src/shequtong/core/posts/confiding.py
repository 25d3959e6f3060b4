"""What was said while a post was between its parties, a draft or one that waited for a second look.

Once it is out, its readers read what is out: earlier words, reasons and talk stay with its author and the committee.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session

from shequtong.core.posts.board import Board
from shequtong.core.posts.models import Comment, Post, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib.db import ask, at_most

_STEPS: Any = (
    select(PostTransition.source, PostTransition.target, PostTransition.at)
    .where(
        PostTransition.post_id == bindparam("post_id"),
        or_(PostTransition.source.is_(None), PostTransition.source != PostTransition.target),
    )
    .order_by(PostTransition.id)
)

Time = tuple[datetime, datetime | None]
"""From when to when; without an end until now."""


def open_versions(session: Session, case: Case, earlier: Sequence[Any]) -> list[Any]:
    """Those of a post's earlier versions, newest first, that stood there when this reader could read them."""
    if _was_there(case) or not earlier:
        return list(earlier)
    closed = list(_closed_times(case.board, case.post, ask(session, _STEPS, post_id=case.post.id)))
    began = [*(version.at for version in earlier[1:]), case.post.created_at]
    return [
        version
        for version, since in zip(earlier, began, strict=True)
        if not any(start <= since and (end is None or version.at <= end) for start, end in closed)
    ]


def open_timeline(case: Case, timeline: Sequence[Any]) -> list[Any]:
    """A post's timeline without what was said, and the reasons that were given, while it was not out."""
    if _was_there(case):
        return list(timeline)
    steps = [row for row in timeline if row.what == "move" and row.source != row.target]
    closed = list(_closed_times(case.board, case.post, steps))
    return [row for row in timeline if not any(_confided(case.board, row, time) for time in closed)]


def said_in_the_open() -> Any:
    """The same for comments in a statement that joins their post: those of a time when it was out, and all of them
    for its author, the committee and its parties. Takes the parameters of `queries.reader`."""
    then = (
        select(PostTransition.source)
        .where(
            PostTransition.post_id == Comment.post_id,
            PostTransition.at > Comment.created_at,
            PostTransition.source != PostTransition.target,
        )
        .order_by(PostTransition.id)
        .limit(at_most(1))
        .correlate(Comment)
        .scalar_subquery()
    )
    closed = [
        f"{board.slug}/{state.name}"
        for board in ROOMS.values()
        for state in board.workflow.states
        if _is_closed(board, state.name)
    ]
    return or_(
        func.coalesce(Post.board + "/" + then, "").not_in(closed),
        Post.audience == "parties",
        Post.author_id == bindparam("me"),
        bindparam("staff", type_=Post.__table__.c.id.type) == 1,
    )


def _was_there(case: Case) -> bool:
    mine = case.post.author_id == case.actor.id
    return mine or case.here.staff or case.post.audience == "parties"


def _confided(board: Board, row: Any, time: Time) -> bool:
    start, end = time
    if row.what == "move":
        return bool(row.text and _is_closed(board, row.source) and _is_closed(board, row.target))
    return start <= row.at and (end is None or row.at < end)


def _closed_times(board: Board, post: Post, steps: Iterable[Any]) -> Iterator[Time]:
    """When the post was between its parties, by the steps of its record."""
    since, state = post.created_at, ""
    for step in steps:
        if _is_closed(board, state or step.source or "") and since < step.at:
            yield since, step.at
        since, state = step.at, step.target
    if _is_closed(board, state):
        yield since, None


def _is_closed(board: Board, state: str | None) -> bool:
    flow = board.workflow
    return bool(state) and flow.knows(state) and (flow.state(state).audience or board.audience) == "parties"
