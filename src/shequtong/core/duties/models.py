"""The clocks of posts, the times a committee gives itself, its reply templates, and its visits at people's doors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, false, text
from sqlmodel import Field

from shequtong.lib.crypto import EncryptedText
from shequtong.lib.db import Table, UtcDateTime, primary_key

OFFICES = ("", "secretary", "street", "district")
"""Whom lateness is told to, by level: nobody yet, then one after the other."""


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Duty(Table, table=True):
    """A first reply or an answer (`kind`) that is owed for a post, until `done_at`; `outcome` says how it ended.

    While the clock runs, `due_at` is the moment at which `left` seconds of duty time will have passed since
    `counted_from` (so many less when it is negative: it was late before). While it is `paused_at` there is no
    such moment. `owner_id` is who was asked first, until somebody else accepts. `level` is the highest office that
    was told of its lateness, `raise_at` when the next one is. `given` are the seconds it had; at `warn_at` four
    fifths of them have passed, and who looks after it is reminded, once (`warned`). `calendar` is the mark of the
    holidays it was reckoned by, `promised_on` the day that was promised.
    """

    __tablename__ = "duty"
    __table_args__: ClassVar[Any] = (
        Index("uq_duty_open", "post_id", "kind", unique=True, **_where("done_at IS NULL")),
        Index("ix_duty_desk", "code", "due_at", "id", **_where("done_at IS NULL")),
        Index("ix_duty_owner", "owner_id", "due_at", "id", **_where("done_at IS NULL")),
        Index("ix_duty_raise", "raise_at", **_where("done_at IS NULL AND raise_at IS NOT NULL")),
        Index("ix_duty_warn", "warn_at", **_where("done_at IS NULL AND warn_at IS NOT NULL")),
        Index("ix_duty_raised", "code", "level", **_where("done_at IS NULL AND level > 1")),
        Index("ix_duty_post_id", "post_id", "id"),
        CheckConstraint("kind IN ('first_reply', 'resolve')", name="kind"),
        CheckConstraint("level BETWEEN 0 AND 3", name="level"),
        CheckConstraint("outcome IN ('', 'kept', 'late', 'dropped')", name="outcome"),
        CheckConstraint("(due_at IS NULL) = (paused_at IS NOT NULL)", name="runs_or_rests"),
    )

    id: int = primary_key()
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE")
    code: str = Field(foreign_key="division.code")
    kind: str
    category: str = ""
    owner_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    started_at: datetime = Field(sa_type=UtcDateTime)
    counted_from: datetime = Field(sa_type=UtcDateTime)
    left: int
    given: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    promised_on: date | None = None
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str = ""
    level: int = 0
    raise_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    warn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    warned: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    calendar: str = ""


class DutyTime(Table, table=True):
    """Duty hours that a committee gives itself on a board, for one category or (empty) for all others."""

    __tablename__ = "duty_time"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("first_reply BETWEEN 1 AND 999 AND resolve BETWEEN 1 AND 999", name="hours"),
    )

    code: str = Field(primary_key=True, foreign_key="division.code")
    board: str = Field(primary_key=True)
    category: str = Field(primary_key=True)
    first_reply: int
    resolve: int


class ReplyTemplate(Table, table=True):
    """Words that the staff of a committee begin a reply with. `{name}` stands for whom they answer."""

    __tablename__ = "reply_template"
    __table_args__: ClassVar[Any] = (Index("ix_reply_template_code", "code", "title"),)

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    title: str
    words: str
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)


class HomeVisit(Table, table=True):
    """Somebody of the committee was at a door (走访): what they heard, and the day to come back, if any."""

    __tablename__ = "home_visit"
    __table_args__: ClassVar[Any] = (
        Index("ix_home_visit_code", "code", "visited_on", "id"),
        Index(
            "ix_home_visit_again",
            "code",
            "again_on",
            **_where("again_on IS NOT NULL AND again_done_at IS NULL"),
        ),
    )

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    dwelling_id: int = Field(foreign_key="dwelling.id", index=True)
    visited_on: date
    by_id: int = Field(foreign_key="account.id")
    note: str = Field(sa_type=EncryptedText)
    again_on: date | None = None
    again_done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    again_done_by_id: int | None = Field(default=None, foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)


class DutyLine(Table, table=True):
    """One line of the duty list of an office: what it must do, the board whose clocks belong to it, and a guide."""

    __tablename__ = "duty_line"
    __table_args__: ClassVar[Any] = (Index("ix_duty_line_code", "code", "office", "id"),)

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    office: str
    words: str
    board: str = ""
    post_id: int | None = Field(default=None, foreign_key="post.id", ondelete="SET NULL")
