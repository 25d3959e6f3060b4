"""What a post weighs in the figures: read from its duties and ratings alone, the same today and in a year.

Each weight is (measure, day, category) and how often. The day is the Monday of the week in which it happened; of
`open` it is the day on which the next clock runs out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, cast, select
from sqlmodel import Session

from shequtong.core.duties.models import Duty
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib import clock
from shequtong.lib.db import rows

MEASURES = (
    "received",
    "replied_in_time",
    "replied_late",
    "answered_in_time",
    "answered_late",
    "reopened",
    "ratings",
    "rating_sum",
)
OPEN = "open"
NO_DAY = date(9999, 12, 31)
"""The day of what waits for somebody else: it is not due before the clock runs again."""

_ENDS = {("first_reply", "kept"): "replied_in_time", ("first_reply", "late"): "replied_late",
         ("resolve", "kept"): "answered_in_time", ("resolve", "late"): "answered_late"}  # fmt: skip

Weight = tuple[str, date, str]
Weights = Counter[Weight]


class Weighed(NamedTuple):
    """A post where it stands, with what it weighs."""

    id: int
    code: str
    board: str
    weights: Weights


_ids: Any = bindparam("ids", expanding=True)
_POSTS = select(Post.id, Post.code, Post.board).where(Post.id.in_(_ids)).order_by(Post.id)
_DUTIES = (
    select(Duty.post_id, Duty.kind, Duty.category, Duty.started_at, Duty.due_at, Duty.done_at, Duty.outcome)
    .where(Duty.post_id.in_(_ids))
    .order_by(Duty.post_id, Duty.id)
)
_RATINGS = (
    select(PostTransition.post_id, PostTransition.at, PostTransition.facts)
    .where(PostTransition.post_id.in_(_ids), cast(PostTransition.facts, String).contains('"rating"'))
    .order_by(PostTransition.post_id, PostTransition.id)
)


def weigh(session: Session, post_ids: Collection[int]) -> Iterator[Weighed]:
    """These posts as their rows say now, in the order of their numbers; of boards that owe nothing, none."""
    ids = list(post_ids)
    duties = _by_post(rows(session, _DUTIES, ids=ids))
    ratings = _by_post(rows(session, _RATINGS, ids=ids))
    for post in rows(session, _POSTS, ids=ids).all():
        board = ROOMS.get(post.board)
        if board is not None and board.owes:
            weights = weights_of(duties.get(post.id, []), ratings.get(post.id, []))
            yield Weighed(post.id, post.code, post.board, weights)


def weights_of(duties: list[Any], ratings: list[Any]) -> Weights:
    """What one post weighs. What was dropped (held, taken back) before it was late was never received."""
    weights: Weights = Counter()
    answers = [duty for duty in duties if duty.kind == "resolve" and duty.outcome != "dropped"]
    replies = [duty for duty in duties if duty.kind == "first_reply" and duty.outcome != "dropped"]
    if answers:
        weights["received", week_of(answers[0].started_at), answers[0].category] += 1
    for reply in replies[1:]:
        weights["reopened", week_of(reply.started_at), reply.category] += 1
    for duty in (*answers, *replies):
        if duty.done_at is not None:
            weights[_ENDS[duty.kind, duty.outcome], week_of(duty.done_at), duty.category] += 1
    for answer in answers:
        if answer.done_at is None:
            due = [duty.due_at for duty in duties if duty.done_at is None and duty.due_at is not None]
            weights[OPEN, day_of(min(due)) if due else NO_DAY, answer.category] += 1
    category = answers[-1].category if answers else ""
    for rated in ratings:
        week = week_of(rated.at)
        weights["ratings", week, category] += 1
        weights["rating_sum", week, category] += int(rated.facts["rating"])
    return weights


def day_of(moment: datetime) -> date:
    """The calendar day of the community."""
    return clock.local(moment).date()


def week_of(moment: datetime) -> date:
    """The Monday of a moment's week, by the calendar of the community."""
    day = day_of(moment)
    return day - timedelta(days=day.weekday())


def written(weights: Weights) -> list[list[Any]]:
    """Weights as they are kept."""
    return [[what, day.isoformat(), category, n] for (what, day, category), n in sorted(weights.items()) if n]


def read(kept: Iterable[Any]) -> Weights:
    """Weights as they were kept."""
    return Counter({(what, date.fromisoformat(day), category): n for what, day, category, n in kept})


def _by_post(found: Iterable[Any]) -> dict[int, list[Any]]:
    return {number: list(group) for number, group in groupby(found, key=lambda row: row.post_id)}
