"""A committee's covenant: its articles, every version of each, and which homes have signed which version."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime, primary_key

_IN_FORCE = "ended_on IS NULL AND NOT reminded"


class Article(Table, table=True):
    """An article of the covenant of a committee. Its `number` is its for ever; `version` is the newest one.

    On `review_on` the committee looks at it again; `reminded` says that it was told so. Since `ended_on` it is no
    rule any more.
    """

    __tablename__ = "covenant_article"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("code", "number"),
        Index(
            "ix_covenant_article_review",
            "review_on",
            sqlite_where=text(_IN_FORCE),
            postgresql_where=text(_IN_FORCE),
        ),
    )

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    number: int
    title: str
    version: int = 1
    review_on: date
    reviewed_on: date | None = None
    reminded: bool = False
    ended_on: date | None = None


class Version(Table, table=True):
    """What an article says since a day, and where that came from: the topic and which of its votes.

    One without words ended the article. `signatures` is the kept number of homes that signed it.
    """

    __tablename__ = "covenant_version"
    __table_args__: ClassVar[Any] = (UniqueConstraint("article_id", "number"),)

    id: int = primary_key()
    article_id: int = Field(foreign_key="covenant_article.id")
    number: int
    title: str
    words: str
    post_id: int = Field(foreign_key="post.id", index=True)
    round_number: int
    in_force_on: date
    signatures: int = 0
    at: datetime = Field(sa_type=UtcDateTime)


class Signature(Table, table=True):
    """A home signed a version, once. `by_id` is who of the committee entered a signature given on paper."""

    __tablename__ = "covenant_signature"
    __table_args__: ClassVar[Any] = (Index("ix_covenant_signature_account_id", "account_id"),)

    version_id: int = Field(primary_key=True, foreign_key="covenant_version.id")
    dwelling_id: int = Field(primary_key=True, foreign_key="dwelling.id")
    account_id: int | None = Field(default=None, foreign_key="account.id")
    by_id: int | None = Field(default=None, foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)
