"""What an offer, a question or a booking has that other posts lack, and the desks with those who answer at them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Index, Numeric, UniqueConstraint, false, text
from sqlmodel import Field

from shequtong.lib.db import BigId, Table, UtcDateTime, primary_key

_CALLED = {
    "sqlite_where": text("call_backup_at IS NOT NULL"),
    "postgresql_where": text("call_backup_at IS NOT NULL"),
}


class Service(Table, table=True):
    """An offer's kind of service, hours, place and fee in yuan; a question's desk and whether its author lets it be
    published; a booking's offer and the time its author would like.

    `desk` is the key of a desk, which keeps its name here as `desk_name`. A question may be taken by the accounts
    `asked`; the back-up is called at `call_backup_at`, unless somebody has taken it by then. Its author asks further
    once (`asked_again`). What shall be published of it is kept as `draft_title` and `draft_body`, by `drafter_id` and
    with what was pointed out (`draft_found`, [words, what]), until its author has agreed to these very words; then it
    is the post `answer_id`.
    """

    __tablename__ = "service"
    __table_args__: ClassVar[Any] = (Index("ix_service_call_backup_at", "call_backup_at", **_CALLED),)

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    desk: str = "other"
    hours: str = ""
    place: str = ""
    fee: Decimal | None = Field(default=None, sa_type=Numeric(12, 2))
    consent: bool = False
    offer_id: int | None = Field(default=None, foreign_key="post.id", index=True, ondelete="SET NULL")
    preferred: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rating: int | None = None
    desk_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    asked: list[int] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": text("'[]'")}
    )
    call_backup_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    offered_to: str = Field(default="", sa_column_kwargs={"server_default": ""})
    offered_id: int | None = Field(default=None, sa_type=BigId)
    asked_again: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    draft_title: str = Field(default="", sa_column_kwargs={"server_default": ""})
    draft_body: str = Field(default="", sa_column_kwargs={"server_default": ""})
    draft_found: list[Any] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": text("'[]'")}
    )
    drafter_id: int | None = Field(default=None, sa_type=BigId)
    answer_id: int | None = Field(default=None, sa_type=BigId)


class Desk(Table, table=True):
    """A desk of a committee at which residents ask, known by its `key`. `hours` are written as `lib.rosters` reads
    them, empty for the usual ones; `closed` desks take no questions.
    """

    __tablename__ = "service_desk"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("code", "key"),
        CheckConstraint("kind IN ('police', 'doctor', 'lawyer', 'property', 'other')", name="kind"),
    )

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    key: str
    kind: str
    name: str
    about: str = ""
    place: str = ""
    phone: str = ""
    hours: str = ""
    closed: bool = False


class DeskPerson(Table, table=True):
    """Somebody who answers at a desk, first or as `backup`: on these days of the week (1 is Monday; none is all of
    them), in odd or even weeks of the year (ISO 8601) or in all, but not from one day to another.
    """

    __tablename__ = "service_desk_person"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("desk_id", "account_id"),
        CheckConstraint("weeks IN ('', 'odd', 'even')", name="weeks"),
        CheckConstraint("away_until IS NULL OR away_until >= away_from", name="away"),
    )

    id: int = primary_key()
    desk_id: int = Field(foreign_key="service_desk.id", ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    backup: bool = False
    weekdays: list[int] = Field(default_factory=list, sa_type=JSON)
    weeks: str = ""
    away_from: date | None = None
    away_until: date | None = None
