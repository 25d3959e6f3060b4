"""What a bulletin has that other posts lack, and what became of it in each committee it is meant for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime


class Bulletin(Table, table=True):
    """Who issued it, for whom, until when it is in force, and what its last correction put right.

    `whom` is all below, or some: `aim` are then the codes of streets and committees as they were chosen. `until` is
    the last day on which households confirm one that must be read, `hours` of duty the time in which it should be
    passed on. `edition` rises with everything that committees' own notices must follow: a correction, the end.
    """

    __tablename__ = "district_bulletin"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    topic: str
    issued_by: str = ""
    contact: str = ""
    valid_until: date | None = None
    correction: str = ""
    whom: str = Field(default="all", sa_column_kwargs={"server_default": "all"})
    aim: list[str] = Field(default_factory=list, sa_type=JSON)
    until: date | None = None
    hours: int = Field(default=24, sa_column_kwargs={"server_default": "24"})
    edition: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Addressee(Table, table=True):
    """A committee that a bulletin is meant for: waiting to be told > told > relayed or not applicable.

    `note` is its own word, `notice_id` the notice that it passed on, which says what `edition` of the bulletin said.
    """

    __tablename__ = "district_addressee"
    __table_args__: ClassVar[Any] = (
        Index("ix_district_addressee_code", "code", "state"),
        Index("uq_district_addressee_notice", "notice_id", unique=True),
        CheckConstraint("state IN ('waiting', 'told', 'relayed', 'not_applicable')", name="state"),
    )

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    code: str = Field(primary_key=True, foreign_key="division.code")
    state: str = "waiting"
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    by_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    note: str = ""
    notice_id: int | None = Field(default=None, foreign_key="post.id", ondelete="SET NULL")
    edition: int = 0
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
