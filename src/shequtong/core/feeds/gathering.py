"""The home feed: what is new with whom and what somebody follows, in order of time, with an end.

Each thing one can follow is a source. The newest visible posts of every source, one page of each, hold the
newest page of all of them together; so the page is exact, in one query, however much is followed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, or_, select, union
from sqlmodel import Session

from shequtong.core.communities.models import Division
from shequtong.core.feeds.queries import CURSOR, PAGE, cursor_values
from shequtong.core.feeds.reading import cards_anywhere
from shequtong.core.follows.following import number_of
from shequtong.core.follows.models import Follow
from shequtong.core.identity.actor import Actor
from shequtong.core.posts import seeing
from shequtong.core.posts.models import Post
from shequtong.core.posts.queries import above
from shequtong.lib.db import rows
from shequtong.lib.pagination import Page, before, decode, page

PROCLAIMING = ("district", "notices")
"""Boards of one's own communities that reach everybody, followed or not."""


def gather(session: Session, actor: Actor, codes: list[str], cursor: str | None = None) -> Page[Any]:
    """One page for somebody whose communities are `codes`.

    Who follows nobody and nothing yet reads all of their own communities.
    """
    after = decode(cursor)
    statement = _feed(seeing.wide(actor), after is not None)
    reach = sorted({code for own in codes for code in above(own)})
    values = seeing.reader(actor) | cursor_values(after) | {"own": codes or [""], "reach": reach or [""]}
    found = rows(session, statement, **values).all()
    return page(found, PAGE, lambda row: (row.activity_at, row.id))


@lru_cache(maxsize=8)
def _feed(wide: bool, cursor: bool) -> Select[Any]:
    older = before(Post.activity_at, Post.id, CURSOR if cursor else None)
    newest_of_each = union(
        *(
            select(
                select(Post.id)
                .where(source, seeing.visible(wide), seeing.unmuted(wide), *older)
                .order_by(Post.activity_at.desc(), Post.id.desc())
                .limit(PAGE + 1)
                .subquery()
            )
            for source in _sources()
        )
    ).subquery()
    return (
        cards_anywhere()
        .where(Post.id.in_(select(newest_of_each.c.id)))
        .order_by(Post.activity_at.desc(), Post.id.desc())
        .limit(PAGE + 1)
    )


def _sources() -> list[Any]:
    """A condition for each thing one can follow, and for what reaches everybody at home."""
    own: Any = bindparam("own", expanding=True)
    follows_something = exists().where(Follow.account_id == bindparam("me"), Follow.kind != "post")
    homes = select(Division.code).where(Division.code.in_(own), ~follows_something)
    return [
        Post.author_id.in_(_followed("person", number_of())),
        Post.id.in_(_followed("post", number_of())),
        Post.building_id.in_(_followed("building", number_of())),
        or_(Post.code.in_(_followed("committee", Follow.target)), Post.code.in_(homes)),
        and_(Post.code.in_(own), (Post.code + "/" + Post.board).in_(_followed("board", Follow.target))),
        and_(Post.code.in_(bindparam("reach", expanding=True)), Post.board.in_(PROCLAIMING)),
    ]


def _followed(kind: str, target: Any) -> Any:
    return select(target).where(Follow.account_id == bindparam("me"), Follow.kind == kind)
