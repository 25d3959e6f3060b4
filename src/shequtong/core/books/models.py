"""Lines of books, what was planned for a year, what it began with, and how plans were changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, Numeric
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime, primary_key

YUAN = Numeric(14, 2)
"""Yuan with two decimals. SQLite keeps it as a double, which gives all fourteen digits back as they were."""


class Entry(Table):
    """`amount` in yuan is without sign: `direction` says whether it came or went. `dated` is the day it happened."""

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    direction: str = ""
    category: str = Field(default="other", sa_column_kwargs={"server_default": "other"})
    amount: Decimal | None = Field(default=None, sa_type=YUAN)
    dated: date | None = None
    ends: date | None = None
    with_whom: str = ""
    mark: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Fingerprint of a line as it was entered; see `tables`. A correction leaves it."""


class Plan(Table, table=True):
    """What the budget of a year foresees for one category, in yuan."""

    __tablename__ = "book_plan"

    code: str = Field(primary_key=True, foreign_key="division.code")
    board: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    direction: str = Field(primary_key=True)
    category: str = Field(primary_key=True)
    amount: Decimal = Field(sa_type=YUAN)


class Opening(Table, table=True):
    """What there was on the first day of a year, in yuan; below zero, what was owed."""

    __tablename__ = "book_opening"

    code: str = Field(primary_key=True, foreign_key="division.code")
    board: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    amount: Decimal = Field(sa_type=YUAN)


class PlanChange(Table, table=True):
    """A budget line or an opening balance (without direction and category) that was set: to what, by whom and why.

    `before` is empty when it was set for the first time.
    """

    __tablename__ = "book_change"
    __table_args__: ClassVar[Any] = (Index("ix_book_change_code", "code", "board", "year", "id"),)

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    board: str
    year: int
    direction: str = ""
    category: str = ""
    before: Decimal | None = Field(default=None, sa_type=YUAN)
    after: Decimal = Field(sa_type=YUAN)
    reason: str = ""
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)


class BookDelivery(Table, table=True):
    """A table of lines that somebody has sent and nobody has confirmed yet, row by row as it was typed."""

    __tablename__ = "book_delivery"
    __table_args__: ClassVar[Any] = (Index("ix_book_delivery_code", "code", "board", "id"),)

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    board: str
    by_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    name: str
    rows: list[Any] = Field(default_factory=list, sa_type=JSON)
    at: datetime = Field(sa_type=UtcDateTime)
