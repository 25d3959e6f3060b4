"""What a person's pages load: posts wherever the reader may see them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlmodel import Session

from shequtong.core.feeds.reading import cards_anywhere
from shequtong.core.follows.following import number_of
from shequtong.core.follows.models import Follow
from shequtong.core.identity.actor import Actor
from shequtong.core.posts import seeing
from shequtong.core.posts.models import Post
from shequtong.lib.db import UtcDateTime, ask, at_most
from shequtong.lib.pagination import Page, before, decode, page

PAGE = 20

CURSOR: Any = (bindparam("cursor_at", type_=UtcDateTime()), bindparam("cursor_id"))


@lru_cache(maxsize=8)
def _posts_by(reach: seeing.Reach, cursor: bool) -> Select[Any]:
    return (
        cards_anywhere()
        .where(
            Post.author_id == bindparam("author_id"),
            seeing.visible(reach),
            seeing.named(reach),
            seeing.unmuted(reach),
            *before(Post.activity_at, Post.id, CURSOR if cursor else None),
        )
        .order_by(Post.activity_at.desc(), Post.id.desc())
        .limit(at_most(PAGE + 1))
    )


def posts_by(session: Session, author_id: int, actor: Actor, cursor: str | None = None) -> Page[Any]:
    """What somebody wrote, as far as the reader may see it and may know who wrote it."""
    after = decode(cursor)
    statement = _posts_by(seeing.reach(actor), after is not None)
    found = ask(session, statement, **seeing.reader(actor), author_id=author_id, **cursor_values(after))
    return page(found, PAGE, _key)


@lru_cache(maxsize=8)
def _followed_posts(reach: seeing.Reach, cursor: bool) -> Select[Any]:
    seen = and_(Post.id == number_of("post"), seeing.visible(reach), seeing.unmuted(reach))
    return (
        select(Follow.at, number_of("post").label("post_id"), Post.id, Post.code, Post.board, Post.title)
        .outerjoin(Post, seen)
        .where(
            Follow.account_id == bindparam("me"),
            Follow.kind == "post",
            *before(Follow.at, number_of("post"), CURSOR if cursor else None),
        )
        .order_by(Follow.at.desc(), number_of("post").desc())
        .limit(at_most(PAGE + 1))
    )


def followed_posts(session: Session, actor: Actor, cursor: str | None = None) -> Page[Any]:
    """The posts somebody follows, the last followed first; `id` is empty for one they may not see any more."""
    after = decode(cursor)
    statement = _followed_posts(seeing.reach(actor), after is not None)
    found = ask(session, statement, **seeing.reader(actor), **cursor_values(after))
    return page(found, PAGE, lambda row: (row.at, row.post_id))


def cursor_values(after: tuple[Any, int] | None) -> dict[str, Any]:
    return {"cursor_at": after[0], "cursor_id": after[1]} if after else {}


def _key(row: Any) -> tuple[Any, int]:
    return row.activity_at, row.id
