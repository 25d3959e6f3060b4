"""Holds, reports, decisions and appeals. The queue is a query over these and over posts, never a copy."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, false, text
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime, primary_key


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Hold(Table, table=True):
    """Why a rule held a post or comment back: first_post, listed_word or reports. `words` are those it found.

    `unseen` until it is shown for the first time, of what was held before any neighbour saw it.
    """

    __tablename__ = "hold"
    __table_args__: ClassVar[Any] = (Index("ix_hold_post_id", "post_id"),)

    id: int = primary_key()
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE")
    comment_id: int | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE")
    why: str
    words: str = ""
    unseen: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    at: datetime = Field(sa_type=UtcDateTime)


class Report(Table, table=True):
    """Somebody finds a post or comment wrong. Open until a decision answers it; one of a person at a time."""

    __tablename__ = "report"
    __table_args__: ClassVar[Any] = (
        Index("ix_report_open", "code", "post_id", **_where("decision_id IS NULL")),
        Index("ix_report_post_id", "post_id"),
        Index(
            "uq_report_post",
            "post_id",
            "by_id",
            unique=True,
            **_where("decision_id IS NULL AND comment_id IS NULL"),
        ),
        Index(
            "uq_report_comment",
            "comment_id",
            "by_id",
            unique=True,
            **_where("decision_id IS NULL AND comment_id IS NOT NULL"),
        ),
    )

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE")
    comment_id: int | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE")
    by_id: int = Field(foreign_key="account.id")
    reason: str
    note: str = ""
    at: datetime = Field(sa_type=UtcDateTime)
    decision_id: int | None = Field(default=None, foreign_key="decision.id")


class Decision(Table, table=True):
    """What a moderator decided on a post or comment, with its reason. Never changed; an appeal adds another."""

    __tablename__ = "decision"
    __table_args__: ClassVar[Any] = (
        Index("ix_decision_code", "code", "at"),
        Index("ix_decision_post_id", "post_id", "id"),
        CheckConstraint(
            "action IN ('approve', 'hide', 'remove', 'warn', 'suspend', 'restore')", name="action"
        ),
    )

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE")
    comment_id: int | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE")
    author_id: int = Field(foreign_key="account.id")
    action: str
    reason: str
    note: str = ""
    days: int | None = None
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)


class Appeal(Table, table=True):
    """The author's one appeal against a decision, answered by another person: open > upheld | dismissed."""

    __tablename__ = "appeal"
    __table_args__: ClassVar[Any] = (Index("ix_appeal_code", "code", "state"),)

    decision_id: int = Field(primary_key=True, foreign_key="decision.id", ondelete="CASCADE")
    code: str = Field(foreign_key="division.code")
    by_id: int = Field(foreign_key="account.id")
    words: str
    state: str = "open"
    at: datetime = Field(sa_type=UtcDateTime)
    answer: str = ""
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ListedWord(Table, table=True):
    """A word that holds whatever contains it until somebody looks. Kept folded, as `holding.fold` folds text."""

    __tablename__ = "listed_word"

    code: str = Field(primary_key=True, foreign_key="division.code", ondelete="CASCADE")
    word: str = Field(primary_key=True, max_length=32)
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)
