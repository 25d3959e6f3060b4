"""What the pages of the handbook read: what a class holds, what is asked about an item, and what needs mending."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, case, cast, func, literal, select, union_all
from sqlmodel import Session

from shequtong.boards.guides.models import Guide
from shequtong.core.posts.models import Participation, Post
from shequtong.core.posts.queries import CLEAR, above
from shequtong.lib.db import ask, at_most

MOST = 400
"""Items of one class, and as many questions, that a page lists."""
_SHOWN = ("live", "stale", "faq")
_code: Any = bindparam("codes", expanding=True)
_OPEN = (
    Post.board == "guides",
    Post.code.in_(_code),
    Post.state.in_(_SHOWN),
    Post.moderation == CLEAR,
    Post.deleted_at.is_(None),
)

_OF_CLASS = (
    select(Post.id, Post.kind, Post.state, Post.title, Post.excerpt, Guide.checked_on)
    .join(Guide, Guide.post_id == Post.id)
    .where(*_OPEN, Guide.category == bindparam("category"))
    .order_by(Post.kind, Post.title, Post.id)
    .limit(at_most(2 * MOST))
)
_HOW_MANY = (
    select(Guide.category, func.count().label("many"))
    .join(Post, Post.id == Guide.post_id)
    .where(*_OPEN, Post.kind == "item")
    .group_by(Guide.category)
)
_ASKED = (
    select(
        Post.id,
        Post.title,
        Guide.answer.label("words"),
        cast(literal(None), Participation.__table__.c.at.type).label("at"),
    )
    .join(Guide, Guide.post_id == Post.id)
    .where(*_OPEN, Post.kind == "question", Guide.item_id == bindparam("item_id"))
    .order_by(Post.id)
    .limit(at_most(50))
)
_MISSING = (
    select(
        literal(0).label("id"),
        literal("").label("title"),
        Participation.note.label("words"),
        Participation.at,
    )
    .where(
        Participation.post_id == bindparam("item_id"),
        Participation.name == "unhelpful",
        Participation.note != "",
    )
    .order_by(Participation.at.desc())
    .limit(at_most(20))
)
_ABOUT_FOR_KEEPERS = union_all(select(_ASKED.subquery("asked")), select(_MISSING.subquery("missing")))
_TITLES = (
    select(Post.id, Post.title, Post.code)
    .where(*_OPEN, Post.kind == "item")
    .order_by(Post.title, Post.id)
    .limit(at_most(2_000))
)
_ITEM = (
    Post.board == "guides",
    Post.kind == "item",
    Post.code == bindparam("code"),
    Post.deleted_at.is_(None),
)
_KEYED = (
    select(Post.id)
    .join(Guide, Guide.post_id == Post.id)
    .where(*_ITEM, Guide.item_key == bindparam("key"))
    .limit(at_most(1))
)
_EVERY = (
    select(Post, Guide)
    .join(Guide, Guide.post_id == Post.id)
    .where(*_ITEM, Post.state != "retired")
    .order_by(Guide.category, Guide.item_key, Post.id)
)
_FAILED = func.sum(case((Participation.name == "unhelpful", 1), else_=0))
_TO_MEND = (
    select(
        Post.id,
        Post.title,
        Post.state,
        Guide.review_on,
        Guide.checked_on,
        func.coalesce(_FAILED, 0).label("failed"),
    )
    .join(Guide, Guide.post_id == Post.id)
    .outerjoin(
        Participation, (Participation.post_id == Post.id) & Participation.name.in_(("helpful", "unhelpful"))
    )
    .where(
        Post.board == "guides",
        Post.kind == "item",
        Post.code == bindparam("code"),
        Post.state.in_(("live", "stale")),
        Post.deleted_at.is_(None),
    )
    .group_by(Post.id, Post.title, Post.state, Guide.review_on, Guide.checked_on)
    .having((_FAILED > 0) | (Guide.review_on <= bindparam("until")))
    .order_by(Guide.review_on, Post.id)
    .limit(at_most(200))
)


def keyed(session: Session, code: str, key: str) -> int:
    """The item of a place that has this name in its spreadsheet; 0 for none."""
    found = ask(session, _KEYED, code=code, key=key)
    return found[0].id if found else 0


def every_item(session: Session, code: str) -> list[Any]:
    """(post, guide) of every item of a place, as a table of it is written and compared; retired ones are left out."""
    return list(session.execute(_EVERY, {"code": code}))


def of_class(session: Session, code: str, category: str) -> list[Any]:
    """The items and frequent questions of one class that everybody in a community reads."""
    return ask(session, _OF_CLASS, codes=above(code), category=category)


def how_many(session: Session, code: str) -> dict[str, int]:
    """Items by class."""
    return {row.category: row.many for row in ask(session, _HOW_MANY, codes=above(code))}


def about(session: Session, code: str, item_id: int, *, keeper: bool) -> tuple[list[Any], list[Any]]:
    """The frequent questions about an item with their answers; and for its keepers, without their names, what was
    missing for those for whom it did not work, the newest first."""
    statement = _ABOUT_FOR_KEEPERS if keeper else _ASKED
    rows = ask(session, statement, codes=above(code), item_id=item_id)
    return [row for row in rows if row.id], [row for row in rows if not row.id]


def titles(session: Session, code: str) -> list[Any]:
    """(id, title, code) of every item that is read in a community, by title."""
    return ask(session, _TITLES, codes=above(code))


def to_mend(session: Session, code: str, until: Any) -> list[Any]:
    """Items of a community that did not work for somebody, or whose review is due by that day."""
    return ask(session, _TO_MEND, code=code, until=until)
