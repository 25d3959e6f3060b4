"""What a deed has that other posts lack: places and claims, what was done and for whom, and whose wish it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field

from shequtong.lib.crypto import EncryptedText
from shequtong.lib.db import Table, UtcDateTime, primary_key


class Deed(Table, table=True):
    """When, where, for how many, how many have claimed a place, and what came of it.

    `unconfirmed` counts the works that the planner has not looked at. Of a wish: `whose` it is, who asked
    (`asked_by_id`, themselves or for somebody who cannot), and who has adopted it.
    """

    __tablename__ = "party_deed"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("places IS NULL OR claimed <= places", name="places"),
        Index("ix_party_deed_asked_by_id", "asked_by_id"),
        Index("ix_party_deed_adopter_id", "adopter_id"),
    )

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    place: str = ""
    places: int | None = None
    contact: str = ""
    claimed: int = 0
    report: str = ""
    came: int | None = None
    unconfirmed: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    whose: str = Field(default="", sa_column_kwargs={"server_default": ""})
    asked_by_id: int | None = Field(default=None, foreign_key="account.id")
    adopter_id: int | None = Field(default=None, foreign_key="account.id")


class Wisher(Table, table=True):
    """Whose wish it is and at which door: for staff, and for who adopts it if the wisher agrees (`shares`).

    `account_id` is the wisher's own, and empty when somebody asked for them. It has an id of its own, so that no
    archive of the post's author holds it.
    """

    __tablename__ = "party_wisher"

    id: int = primary_key()
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE", unique=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True, ondelete="SET NULL")
    person: str = Field(sa_type=EncryptedText)
    door: str = Field(sa_type=EncryptedText)
    shares: bool = False


class Claim(Table, table=True):
    """Somebody has claimed a place in a pledge. `badge` says whether they show themselves there as a Party member.

    That is a sensitive matter (PIPL art. 28), so each claim holds one of two words of one length, encrypted: neither
    a column nor a row that is there or not tells it to who reads the database. Nothing else of it is kept.
    """

    __tablename__ = "party_claim"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    account_id: int = Field(primary_key=True, foreign_key="account.id", index=True, ondelete="CASCADE")
    badge: str = Field(sa_type=EncryptedText)


class Work(Table, table=True):
    """What somebody who claimed a place did on a day, and whether the planner has confirmed it.

    States: noted > confirmed | returned, with the planner's word in `answer`. `photos` as in `Post`.
    """

    __tablename__ = "party_work"
    __table_args__: ClassVar[Any] = (
        Index("ix_party_work_post_id", "post_id", "id"),
        Index("ix_party_work_account_id", "account_id"),
        CheckConstraint("state IN ('noted', 'confirmed', 'returned')", name="state"),
    )

    id: int = primary_key()
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    done_on: date
    words: str
    photos: list[Any] = Field(default_factory=list, sa_type=JSON)
    state: str = "noted"
    answer: str = ""
    at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")


class Served(Table, table=True):
    """A neighbour for whom a work was done, as who did it says. Once it is confirmed, they may thank for it."""

    __tablename__ = "party_served"

    work_id: int = Field(primary_key=True, foreign_key="party_work.id", ondelete="CASCADE")
    account_id: int = Field(primary_key=True, foreign_key="account.id", index=True, ondelete="CASCADE")


class Thanks(Table, table=True):
    """A neighbour's thanks, and 1 to 5 stars that others only see as an average of many."""

    __tablename__ = "party_thanks"
    __table_args__: ClassVar[Any] = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),)

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    account_id: int = Field(primary_key=True, foreign_key="account.id", index=True, ondelete="CASCADE")
    stars: int
    words: str = ""
    at: datetime = Field(sa_type=UtcDateTime)
