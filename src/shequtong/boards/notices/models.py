"""What a notice has that other posts lack, and the doors that confirmed it on paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, false
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime

NOT_OUT = ("draft", "review", "scheduled")
"""States in which readers know nothing of a notice yet."""


def _list() -> Any:
    return Field(default_factory=list, sa_type=JSON)


class Notice(Table, table=True):
    """For which doors it is meant, the last day to confirm or to object, and the last word on the objections.

    `places` are buildings and compounds as they were chosen, `building_ids` the buildings these are; none is the
    whole community. `concerns` narrows them to doors where an `owner` or a `tenant` lives; "" is everybody.
    `released_by_id` let it go out; `alone` says that a second look was due, and left out in an emergency.
    `correction` says what its last correction put right; `proposed` is one that waits for a second look.
    `reminded_at` is when somebody reminded the doors that are left, `last_day_at` when the clock did.
    One that was passed on from above names its `source_id`, and the committee's own `word` above it.
    """

    __tablename__ = "notices_notice"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    until: date | None = None
    answer: str = ""
    places: list[str] = _list()
    building_ids: list[int] = _list()
    concerns: str = ""
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_day_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    released_by_id: int | None = Field(default=None, foreign_key="account.id")
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    alone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    source_id: int | None = Field(default=None, foreign_key="post.id", ondelete="SET NULL")
    word: str = Field(default="", sa_column_kwargs={"server_default": ""})
    correction: str = Field(default="", sa_column_kwargs={"server_default": ""})
    proposed: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class PaperConfirmation(Table, table=True):
    """A door that confirmed a notice on paper, as the building lead or the committee noted it. Once for a door."""

    __tablename__ = "notices_paper_confirmation"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    dwelling_id: int = Field(primary_key=True, foreign_key="dwelling.id", ondelete="CASCADE", index=True)
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)
