"""When neighbours meet, who has signed up, and at which secret addresses calendars are read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime

_REMIND = {"sqlite_where": text("remind_at IS NOT NULL"), "postgresql_where": text("remind_at IS NOT NULL")}


class Gathering(Table, table=True):
    """A day and a place that hang on a post.

    `places` is how many can come, guests included, and empty where nobody counts; `guests` how many one person may
    bring. `taken` are the places taken, a kept sum; `last_number` is the last number given in the queue.
    `remind_at` is when those who come are reminded, and empty once they were. `version` grows with each change of
    the day, the hour, the place or the state, as calendars want it (RFC 5545, 3.8.7.4).
    """

    __tablename__ = "gathering"
    __table_args__: ClassVar[Any] = (
        Index("ix_gathering_code", "code", "starts_at", "post_id"),
        Index("ix_gathering_remind_at", "remind_at", **_REMIND),
        CheckConstraint("ends_at > starts_at", name="ends_at"),
        CheckConstraint("places > 0", name="places"),
        CheckConstraint("taken >= 0 AND (places IS NULL OR taken <= places)", name="taken"),
        CheckConstraint("guests >= 0", name="guests"),
        CheckConstraint("state IN ('planned', 'cancelled')", name="state"),
    )

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    code: str = Field(foreign_key="division.code")
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    place: str
    places: int | None = None
    guests: int = 0
    taken: int = 0
    last_number: int = 0
    state: str = "planned"
    reason: str = ""
    remind_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 0
    changed_at: datetime = Field(sa_type=UtcDateTime)


class SignUp(Table, table=True):
    """Somebody wants to come, with so many guests.

    States: `in` has a place; `waiting` stands in the queue by `number`; `left` has given it back; `extra` came
    without a place and was written down. `ticket` are the six characters that check them in. `late` when they were
    written down after it was over. `came_by_id` and `missed_by_id` are who wrote it down.
    """

    __tablename__ = "gathering_sign_up"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("post_id", "ticket"),
        Index("ix_gathering_sign_up_account_id", "account_id", "post_id"),
        Index("ix_gathering_sign_up_post_id", "post_id", "state", "number"),
        CheckConstraint("state IN ('in', 'waiting', 'left', 'extra')", name="state"),
        CheckConstraint("guests >= 0", name="guests"),
        CheckConstraint("came_at IS NULL OR missed_at IS NULL", name="came_or_missed"),
    )

    post_id: int = Field(primary_key=True, foreign_key="gathering.post_id", ondelete="CASCADE")
    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    state: str
    number: int
    guests: int = 0
    ticket: str
    at: datetime = Field(sa_type=UtcDateTime)
    came_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    came_by_id: int | None = Field(default=None, foreign_key="account.id")
    late: bool = False
    missed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    missed_by_id: int | None = Field(default=None, foreign_key="account.id")

    @property
    def seats(self) -> int:
        """Themselves and whom they bring."""
        return 1 + self.guests


class CalendarAddress(Table, table=True):
    """The secret address at which somebody's calendar program reads their gatherings; only its digest is kept."""

    __tablename__ = "calendar_address"

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    digest: str = Field(unique=True)
    at: datetime = Field(sa_type=UtcDateTime)
