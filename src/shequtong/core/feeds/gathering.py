"""The home feed in one query, in order of time, whatever the number of posts.

Each thing somebody follows is a source whose posts an index holds in order of time. The page's edge is found
first, from the indexes alone: no page needs anything older than the WINDOW-th newest post of any one source.
What is newer than the edge, in all sources, makes up the pool; the POOL newest of it are filtered by what the
reader may see. Where much is filtered a page is short; its cursor is then the end of the pool, so nothing is missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union,
    union_all,
)
from sqlmodel import Session

from shequtong.core.communities.models import Division
from shequtong.core.feeds.queries import CURSOR, cursor_values
from shequtong.core.feeds.reading import cards_from
from shequtong.core.follows.following import board_of, number_of
from shequtong.core.follows.models import Follow
from shequtong.core.identity.actor import Actor
from shequtong.core.posts import seeing
from shequtong.core.posts.models import BoardTally, Post
from shequtong.core.posts.queries import KEPT, above
from shequtong.lib.db import UtcDateTime, ask, at_most
from shequtong.lib.pagination import before, decode, encode

PAGE = 20
WINDOW = 40
"""Posts looked at in one source: a page, and as many again for those that are not for this reader."""
POOL = 60
WATCHED = 60
"""Of the posts somebody follows, the last so many are watched here; of every one the inbox tells."""

PROCLAIMING = ("district", "notices")
"""Boards of one's own communities that reach everybody, followed or not."""

BEGINNING = literal(datetime(2000, 1, 1, tzinfo=UTC), UtcDateTime())
END = literal(datetime(3000, 1, 1, tzinfo=UTC), UtcDateTime())


@dataclass(frozen=True, slots=True)
class Gathered:
    """A page of the feed: rows of `cards_anywhere`, and the cursor of what is older, if there may be any."""

    rows: Sequence[Any]
    next: str | None


def gather(session: Session, actor: Actor, codes: list[str], cursor: str | None = None) -> Gathered:
    """What is new with whom and what somebody follows, and the notices of their own communities (`codes`).

    Who follows nobody and nothing yet reads all of their own communities.
    """
    after = decode(cursor)
    statement = _feed(seeing.reach(actor), after is not None)
    reach = sorted({code for own in codes for code in above(own)})
    values = seeing.reader(actor) | cursor_values(after) | {"own": codes or [""], "reach": reach or [""]}
    found = ask(session, statement, **values)
    posts = [row for row in found if row.shown_id is not None]
    if len(posts) > PAGE:
        last = posts[PAGE - 1]
        return Gathered(posts[:PAGE], encode(last.activity_at, last.id))
    return Gathered(posts, _beyond(found[-1]) if found else None)


def _beyond(row: Any) -> str | None:
    """Where a short page goes on: below the end of a full pool, below its edge, or nowhere."""
    if row.pooled == POOL:
        return encode(row.pool_at, row.pool_id)
    return encode(row.edge, 0) if row.edge else None


# The query ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _feed(reach: seeing.Reach, cursor: bool) -> Select[Any]:
    older = before(Post.activity_at, Post.id, CURSOR if cursor else None)
    places = [_communities(), _boards(), _buildings()]
    near = _cte("near", select(func.max(_nth_of_each(places, older).c.at).label("at")))
    active = _active(near, older)
    edge = _edge(near, active, older)
    pool = _pool([active, *places], edge, older)
    seen = (
        select(Post.id)
        .where(Post.id.in_(select(pool.c.id)), seeing.visible(reach), seeing.unmuted(reach))
        .order_by(Post.activity_at.desc(), Post.id.desc())
        .limit(at_most(PAGE + 1))
    )
    shown = _cte("shown", seen)
    last = select(pool.c.id).order_by(pool.c.activity_at, pool.c.id).limit(at_most(1)).scalar_subquery()
    return (
        cards_from(pool.outerjoin(shown, shown.c.id == pool.c.id).outerjoin(Post, Post.id == shown.c.id))
        .add_columns(
            select(edge.c.at).scalar_subquery().label("edge"),
            select(func.count()).select_from(pool).scalar_subquery().label("pooled"),
            pool.c.activity_at.label("pool_at"),
            pool.c.id.label("pool_id"),
            shown.c.id.label("shown_id"),
        )
        .where(or_(shown.c.id.is_not(None), pool.c.id == last))
        .order_by(pool.c.activity_at.desc(), pool.c.id.desc())
    )


def _active(near: CTE, older: list[Any]) -> CTE:
    """The people somebody follows who wrote since the places' edge, and when last."""
    people = select(number_of("person").label("author_id")).where(_mine("person")).cte("people")
    last = _nth(0, people, [*older, _since(near)]).label("at")
    each = select(people.c.author_id, last).subquery()
    return _cte("active", select(each.c.author_id, each.c.at).where(each.c.at.is_not(None)))


def _edge(near: CTE, active: CTE, older: list[Any]) -> CTE:
    """One row: the moment before which no post is needed, empty when all there are fit into one page."""
    newest = select(active).order_by(active.c.at.desc())
    among_many = select(newest.limit(at_most(1)).offset(at_most(WINDOW)).subquery().c.at).scalar_subquery()
    few = _cte("few", newest.limit(at_most(WINDOW)))
    among_few = select(func.max(_nth(WINDOW, few, [*older, _since(near)]))).select_from(few).scalar_subquery()
    of_places = select(near.c.at).scalar_subquery()
    return _cte(
        "edge", select(func.coalesce(among_many, among_few, of_places, type_=UtcDateTime()).label("at"))
    )


def _pool(sources: list[CTE], edge: CTE, older: list[Any]) -> CTE:
    """The newest posts of all sources, seen or not."""
    newer = [KEPT, _since(edge), *older]
    watched = (
        select(number_of("post").label("id"))
        .where(_mine("post"))
        .order_by(Follow.at.desc())
        .limit(at_most(WATCHED))
        .cte("watched")
    )
    every = union(
        *(select(Post.activity_at, Post.id).where(_is_in(source), *newer) for source in sources),
        select(Post.activity_at, Post.id).where(Post.id.in_(select(watched.c.id)), *newer),
    ).subquery()
    newest = select(every).order_by(every.c.activity_at.desc(), every.c.id.desc()).limit(at_most(POOL))
    return _cte("pool", newest)


def _nth_of_each(sources: list[CTE], older: list[Any]) -> Any:
    return union_all(
        *(select(_nth(WINDOW, source, older).label("at")).select_from(source) for source in sources)
    ).subquery()


def _nth(n: int, source: CTE, conditions: list[Any]) -> Any:
    """When the n-th newest post of each row of a source was last active."""
    return (
        select(Post.activity_at)
        .where(KEPT, _is_of(source), *conditions)
        .order_by(Post.activity_at.desc(), Post.id.desc())
        .limit(at_most(1))
        .offset(at_most(n))
        .correlate(source)
        .scalar_subquery()
    )


def _since(edge: CTE) -> Any:
    """Newer than an edge. Said as a range with an end, which PostgreSQL takes to be narrow, as it is."""
    start = func.coalesce(select(edge.c.at).scalar_subquery(), BEGINNING)
    return and_(Post.activity_at >= start, Post.activity_at <= END)


def _cte(name: str, statement: Any) -> CTE:
    """Computed once and by itself: neither planner may unfold it into the rest."""
    return statement.cte(name).prefix_with("MATERIALIZED")


# The sources --------------------------------------------------------------------------------------------


def _is_of(source: CTE) -> Any:
    """A post belongs to a row of a source; each condition is the beginning of an index that ends in time."""
    return and_(*(getattr(Post, column.name) == column for column in _keys(source)))


def _is_in(source: CTE) -> Any:
    """The same for all rows of a source."""
    keys = _keys(source)
    columns = [getattr(Post, key.name) for key in keys]
    return (tuple_(*columns) if len(columns) > 1 else columns[0]).in_(select(*keys))


def _keys(source: CTE) -> list[Any]:
    return [column for column in source.c if column.name != "at"]


def _mine(kind: str) -> Any:
    return and_(Follow.account_id == bindparam("me"), Follow.kind == kind)


def _communities() -> CTE:
    """Communities somebody follows; their own, when they follow nobody and nothing."""
    followed = select(Follow.target.label("code")).where(_mine("committee"))
    chosen = exists().where(Follow.account_id == bindparam("me"), Follow.kind != "post")
    own = select(Division.code).where(Division.code.in_(bindparam("own", expanding=True)), ~chosen)
    return _cte("communities", union(followed, own))


def _boards() -> CTE:
    """Boards somebody follows, and those of their own communities that reach everybody.

    Each with and without pins, which is how the index of boards is ordered.
    """
    code, slug = board_of()
    followed = select(code.label("code"), slug.label("board")).where(_mine("board"))
    proclaiming = select(BoardTally.code, BoardTally.board).where(
        BoardTally.code.in_(bindparam("reach", expanding=True)),
        or_(*(BoardTally.board == slug for slug in PROCLAIMING)),
    )
    each = union(followed, proclaiming).subquery()
    pins = union_all(select(false().label("pinned")), select(true().label("pinned"))).subquery()
    return _cte(
        "boards", select(each.c.code, each.c.board, pins.c.pinned).select_from(each.join(pins, true()))
    )


def _buildings() -> CTE:
    return _cte("buildings", select(number_of("building").label("building_id")).where(_mine("building")))
