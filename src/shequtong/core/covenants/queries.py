"""What the pages of the covenant read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlmodel import Session

from shequtong.core.communities.models import Dwelling
from shequtong.core.covenants.models import Article, Signature, Version
from shequtong.core.posts.models import Post
from shequtong.lib.db import ask

_MINE: Any = (
    select(func.count())
    .where(
        Signature.version_id == Version.id,
        Signature.dwelling_id.in_(bindparam("dwellings", expanding=True)),
    )
    .scalar_subquery()
)
_HOMES: Any = select(func.count()).where(Dwelling.code == bindparam("code")).scalar_subquery()
_ARTICLES: Any = (
    select(
        Article.number,
        Article.title,
        Article.version,
        Article.review_on,
        Article.reviewed_on,
        Article.ended_on,
        Version.id.label("version_id"),
        Version.words,
        Version.in_force_on,
        Version.signatures,
        Version.round_number,
        Version.post_id,
        Post.title.label("topic"),
        Post.board,
        _MINE.label("mine"),
        _HOMES.label("homes"),
    )
    .join(Version, and_(Version.article_id == Article.id, Version.number == Article.version))
    .join(Post, Post.id == Version.post_id)
    .where(Article.code == bindparam("code"))
    .order_by(Article.number)
)


def articles(session: Session, code: str, dwellings: frozenset[int]) -> list[Any]:
    """Every article with its newest version: `mine` is how many of these homes have signed it, of `homes` in all."""
    return ask(session, _ARTICLES, code=code, dwellings=sorted(dwellings) or [0])


_VERSIONS: Any = (
    select(
        Version.number,
        Version.title,
        Version.words,
        Version.in_force_on,
        Version.signatures,
        Version.round_number,
        Version.post_id,
        Post.title.label("topic"),
        Post.board,
    )
    .join(Article, Article.id == Version.article_id)
    .join(Post, Post.id == Version.post_id)
    .where(Article.code == bindparam("code"), Article.number == bindparam("number"))
    .order_by(Version.number.desc())
)


def versions(session: Session, code: str, number: int) -> list[Any]:
    """Everything an article has ever said, the newest first; empty for an article there is not."""
    return ask(session, _VERSIONS, code=code, number=number)
