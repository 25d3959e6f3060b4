"""What a guide says, what it said before, and what somebody asks and is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime, primary_key

_NAMED = {"sqlite_where": text("item_id IS NOT NULL"), "postgresql_where": text("item_id IS NOT NULL")}


class Guide(Table, table=True):
    """An item's facts (`materials` and `steps` one a line) and its next review; a question's answer.

    `version` counts how often an item went out with other words, `checked_on` is the day on which somebody last
    found them right, `warned` says that its keepers were told that its review comes near. A question may be about
    an item, `item_id`. `item_key` is an item's name in a spreadsheet, `also_called` what people call it (one a line),
    `uses` how often staff sent it on as an answer.
    """

    __tablename__ = "guides_guide"
    __table_args__: ClassVar[Any] = (Index("ix_guides_guide_item_id", "item_id", **_NAMED),)

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    category: str
    materials: str = ""
    steps: str = ""
    place: str = ""
    hours: str = ""
    fee: str = ""
    time_limit: str = ""
    legal_basis: str = ""
    owner: str = ""
    review_on: date | None = None
    answer: str = ""
    answered_by_id: int | None = Field(default=None, foreign_key="account.id")
    version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    checked_on: date | None = None
    warned: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    item_id: int | None = Field(default=None, foreign_key="post.id", ondelete="SET NULL")
    item_key: str = Field(default="", sa_column_kwargs={"server_default": ""})
    also_called: str = Field(default="", sa_column_kwargs={"server_default": ""})
    uses: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class GuideVersion(Table, table=True):
    """An item as it went out for the `number`th time, and for how many people it worked while it stood so."""

    __tablename__ = "guides_version"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)
    worked: int = 0
    failed: int = 0


class Delivery(Table, table=True):
    """A table of items that somebody has sent and nobody has confirmed yet, row by row as it was typed."""

    __tablename__ = "guides_delivery"
    __table_args__: ClassVar[Any] = (Index("ix_guides_delivery_code", "code", "id"),)

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    by_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    name: str
    rows: list[Any] = Field(default_factory=list, sa_type=JSON)
    at: datetime = Field(sa_type=UtcDateTime)


class Missed(Table, table=True):
    """Words for which the handbook of a committee has nothing, and how many different people looked for them."""

    __tablename__ = "guides_missed"
    __table_args__: ClassVar[Any] = (UniqueConstraint("code", "words"),)

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    words: str
    people: int = 0
    last_on: date


class MissedBy(Table, table=True):
    """Keeps one person from being counted twice: sixteen bits of a keyed sum, which many people share."""

    __tablename__ = "guides_missed_by"

    missed_id: int = Field(primary_key=True, foreign_key="guides_missed.id", ondelete="CASCADE")
    mark: int = Field(primary_key=True)
