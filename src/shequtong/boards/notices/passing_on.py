"""Notices that a committee passes on from a street or district: the same words, and its own above them.

The words from above stay as they are above: nobody here edits them, a correction replaces them, the end ends them.
Everything else is a notice like any other, with its doors, its paper and its reminders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import String, bindparam, cast, func, literal, select
from sqlmodel import Session

from shequtong.boards.notices.forms import NoticeForm
from shequtong.boards.notices.models import Notice, PaperConfirmation
from shequtong.core.communities.models import Division, Dwelling
from shequtong.core.identity.actor import Actor
from shequtong.core.notifications.telling import tell_about
from shequtong.core.posts import changes, events, writing
from shequtong.core.posts.board import Board
from shequtong.core.posts.models import Participation, Post
from shequtong.core.posts.passing import Mended, Passed, Reached
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.db import ask, rows
from shequtong.lib.events import publish as tell
from shequtong.lib.policy import Rule

passed_on = Rule("passed on from above", lambda case: case.detail.source_id is not None)

_SOURCE: Any = (
    select(Post.id, Post.board, Post.state, Post.code, Division.name)
    .join(Division, Division.code == Post.code)
    .where(Post.id == bindparam("source_id"))
)
_ids: Any = bindparam("ids", expanding=True)
_ONLINE: Any = (
    select(Participation.post_id, Participation.building_id, func.count().label("number"))
    .where(Participation.post_id.in_(_ids), Participation.name == "confirm")
    .group_by(Participation.post_id, Participation.building_id)
)
_ON_PAPER: Any = (
    select(PaperConfirmation.post_id, func.count().label("number"))
    .outerjoin(
        Participation,
        (Participation.post_id == PaperConfirmation.post_id)
        & (Participation.name == "confirm")
        & (Participation.unit == literal("d") + cast(PaperConfirmation.dwelling_id, String)),
    )
    .where(PaperConfirmation.post_id.in_(_ids), Participation.unit.is_(None))
    .group_by(PaperConfirmation.post_id)
)
_MEANT: Any = (
    select(Notice.post_id, Notice.building_ids, Post.code, Post.kind)
    .join(Post, Post.id == Notice.post_id)
    .where(Notice.post_id.in_(_ids))
)
_WHOLE: Any = (
    select(Dwelling.code, func.count().label("number"))
    .where(Dwelling.code.in_(bindparam("codes", expanding=True)))
    .group_by(Dwelling.code)
)
_BY_BUILDING: Any = (
    select(Dwelling.building_id, func.count().label("number"))
    .where(Dwelling.building_id.in_(_ids))
    .group_by(Dwelling.building_id)
)


def take_over(board: Board, session: Session, case: Case, passed: Passed) -> Post:
    """Publish it here. The last day to confirm is never before the day on which it is passed on."""
    must_read = passed.kind == "must_read"
    form = NoticeForm(
        title=passed.source.title,
        kind=passed.kind,
        body=passed.source.body,
        places=list(passed.places),
        until=max(passed.until, clock.today()) if must_read and passed.until else None,
    )
    post = board.publish(session, case, form)
    notice = session.get_one(Notice, post.id)
    notice.source_id, notice.word = passed.source.id, passed.word
    return post


def mend(session: Session, post: Post, mended: Mended) -> None:
    """Let it read as above now, keep what it said, and tell those who confirmed or follow it."""
    writing.rewrite(session, post, Actor(id=mended.by_id), mended.title, mended.body)
    session.get_one(Notice, post.id).correction = mended.correction
    post.activity_at = clock.now()
    tell(session, events.PostEdited(post))
    confirmed = select(Participation.account_id).where(
        Participation.post_id == post.id, Participation.name == "confirm"
    )
    tell_about(session, post, {post.author_id, *session.scalars(confirmed)}, "corrected")


def recall(board: Board, session: Session, post: Post) -> None:
    """End it, unless it has ended here before."""
    transition = board.workflow.transition("recall")
    if transition is not None and post.state in transition.sources:
        board.move_by_clock(session, post, session.get_one(Notice, post.id), transition)


def origin(session: Session, case: Case) -> dict[str, Any]:
    """For the page of a notice: where it comes from, and what was put right there last."""
    notice = case.detail
    if notice.source_id is None:
        return {"source": None, "changes": []}
    return {
        "source": next(iter(ask(session, _SOURCE, source_id=notice.source_id)), None),
        "changes": changes.last_change(session, case.post) if notice.correction else [],
    }


def reached(session: Session, post_ids: Collection[int]) -> dict[int, Reached]:
    """Doors that these notices are meant for and that confirmed; five queries, however many notices.

    What is for information asks no door.
    """
    ids = list(post_ids)
    meant = [row for row in ask(session, _MEANT, ids=ids) if row.kind == "must_read"]
    whole = _numbers(session, _WHOLE, codes=[row.code for row in meant if not row.building_ids] or [""])
    parts = _numbers(session, _BY_BUILDING, ids=[b for row in meant for b in row.building_ids] or [0])
    paper, online = _numbers(session, _ON_PAPER, ids=ids), Counter[int]()
    chosen = {row.post_id: row.building_ids for row in meant}
    for row in ask(session, _ONLINE, ids=ids):
        # Who confirms does so for every home: those in other buildings count for nothing here.
        if not chosen.get(row.post_id) or row.building_id in chosen[row.post_id]:
            online[row.post_id] += row.number
    return {
        row.post_id: Reached(
            sum(parts.get(b, 0) for b in row.building_ids) if row.building_ids else whole.get(row.code, 0),
            online[row.post_id],
            paper.get(row.post_id, 0),
        )
        for row in meant
    }


def _numbers(session: Session, statement: Any, **values: Any) -> dict[Any, int]:
    found: Any = rows(session, statement, **values)
    return dict(found.all())
