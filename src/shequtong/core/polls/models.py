"""The questions of a poll, and the sheets on which they are answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime, primary_key

_OPEN = {"sqlite_where": text("state = 'open'"), "postgresql_where": text("state = 'open'")}


class Poll(Table, table=True):
    """A poll that hangs on a post; with several questions it is a survey.

    `unit` is who fills in one sheet: a person or a household. `shows` is when its results can be read: by those who
    have `answered`, or by everybody once it is `closed`. Its questions never change after it opened. `answered` is
    how many sheets there are, a kept sum. From `closes_at` on no sheet is taken; `state` follows with the clock.
    """

    __tablename__ = "poll"
    __table_args__: ClassVar[Any] = (
        Index("ix_poll_due", "closes_at", **_OPEN),
        CheckConstraint("state IN ('draft', 'open', 'closed')", name="state"),
        CheckConstraint("unit IN ('person', 'household')", name="unit"),
        CheckConstraint("shows IN ('answered', 'closed')", name="shows"),
        CheckConstraint("state = 'draft' OR closes_at IS NOT NULL", name="closes_at"),
    )

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    code: str = Field(foreign_key="division.code")
    state: str = "draft"
    unit: str = "person"
    shows: str = "closed"
    closes_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered: int = 0


class Question(Table, table=True):
    """One question. `kind` is single, several, ranked or text; `options` are words, in order."""

    __tablename__ = "poll_question"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("post_id", "number"),
        CheckConstraint("kind IN ('single', 'several', 'ranked', 'text')", name="kind"),
    )

    id: int = primary_key()
    post_id: int = Field(foreign_key="poll.post_id", ondelete="CASCADE")
    number: int
    kind: str
    words: str
    options: list[str] = Field(default_factory=list, sa_type=JSON)


class Sheet(Table, table=True):
    """What one person (`unit` a4) or one household (d17) answered; of somebody who is forgotten, x and a lot.

    `answers` are by the number of the question: places of options, in order where they are ranked, or words.
    `building_id` and `tenure` (owner, tenant, family, or nothing) are what results are broken down by.
    """

    __tablename__ = "poll_sheet"
    __table_args__: ClassVar[Any] = (Index("ix_poll_sheet_account_id", "account_id"),)

    post_id: int = Field(primary_key=True, foreign_key="poll.post_id", ondelete="CASCADE")
    unit: str = Field(primary_key=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    building_id: int | None = Field(default=None, foreign_key="building.id")
    tenure: str = ""
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(sa_type=UtcDateTime)
