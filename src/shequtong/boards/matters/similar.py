"""Open matters like the one somebody is about to report, so that ten neighbours make one matter and not ten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, bindparam, cast, func, literal_column, select
from sqlmodel import Session

from shequtong.boards.matters.models import Matter
from shequtong.core.communities.models import Building
from shequtong.core.posts.models import Participation, Post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.queries import CLEAR, reader, unblocked, visible
from shequtong.lib.bigrams import pairs
from shequtong.lib.db import ask, at_most

MOST = 5
"""Similar matters shown at once."""

NEWEST = 300
"""Open matters looked at, those with the last activity first."""

ALIKE = 0.5
"""Share of the typed pairs of characters that a matter holds, from which words alone make it similar."""

A_LITTLE = 0.2
"""The same where the category or the building is the same too."""

_OPEN = (
    select(
        Post.id,
        Post.title,
        Post.excerpt,
        Post.state,
        Post.author_id,
        Post.building_id,
        Post.created_at,
        cast(Post.photos[(0, 0)].as_string(), BigInteger).label("photo_id"),
        Matter.category,
        Matter.place,
        Building.name.label("building_name"),
    )
    .join(Matter, Matter.post_id == Post.id)
    .outerjoin(Building, Building.id == Post.building_id)
    .where(
        visible(),
        unblocked(),
        Post.code == bindparam("code"),
        Post.board == literal_column("'matters'"),
        Post.state.in_(bindparam("states", expanding=True)),
        Post.audience == literal_column("'community'"),
        Post.moderation == CLEAR,
    )
    .order_by(Post.activity_at.desc(), Post.id.desc())
    .limit(at_most(NEWEST))
)

_ME_TOO = (
    select(
        Participation.post_id,
        func.count().label("number"),
        func.count().filter(Participation.account_id == bindparam("me")).label("mine"),
    )
    .where(
        Participation.post_id.in_(bindparam("ids", expanding=True)),
        Participation.name == literal_column("'me_too'"),
    )
    .group_by(Participation.post_id)
)


@dataclass(frozen=True)
class Similar:
    """An open matter, with how many neighbours have the trouble too, and whether this reader has said so."""

    post: Any
    neighbours: int
    mine: bool
    reported: bool


def find(
    session: Session, case: Case, states: list[str], title: str, category: str, building_id: int | None
) -> list[Similar]:
    """At most `MOST` open matters of this community that this reader may see, the most similar first."""
    typed = pairs(title)
    if not (typed or (category and building_id)):
        return []
    values = reader(case.actor, case.here) | {"code": case.community.code, "states": states}
    judged = ((_alike(row, typed, category, building_id), row) for row in ask(session, _OPEN, **values))
    best = sorted((pair for pair in judged if pair[0] > 0), key=lambda pair: -pair[0])[:MOST]
    if not best:
        return []
    ids = [row.id for _likeness, row in best]
    said = {row.post_id: row for row in ask(session, _ME_TOO, ids=ids, me=case.actor.id or 0)}
    return [
        Similar(
            row,
            said[row.id].number if row.id in said else 0,
            row.id in said and said[row.id].mine > 0,
            row.author_id == case.actor.id,
        )
        for _likeness, row in best
    ]


def _alike(row: Any, typed: frozenset[str], category: str, building_id: int | None) -> float:
    """How much a matter is like what is being typed; 0 when it is another one."""
    words = pairs(f"{row.title} {row.place} {row.excerpt}")
    share = len(typed & words) / len(typed) if typed else 0.0
    same_kind = category == row.category and category != "other"
    same_place = building_id is not None and building_id == row.building_id
    elsewhere = building_id is not None and row.building_id is not None and not same_place
    if elsewhere:
        similar = False
    elif same_kind and same_place:
        similar = True
    else:
        similar = share >= (A_LITTLE if same_kind or same_place else ALIKE)
    return share + 0.5 * same_kind + 0.5 * same_place if similar else 0.0
