"""Kept figures of every division, and how each post was counted in them."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, text
from sqlmodel import Field

from shequtong.lib.db import Table

_ALL = {"sqlite_where": text("board = ''"), "postgresql_where": text("board = ''")}


class CountedPost(Table, table=True):
    """How a post is counted now: its `weights`, as `weighing` wrote them. What it weighs anew is compared with it."""

    __tablename__ = "counted_post"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    weights: list[Any] = Field(default_factory=list, sa_type=JSON)


class WeekTally(Table, table=True):
    """What happened in the `week` that began on this Monday, in a division and all below it.

    Of one board and category; or of everything, where `board` is empty. `rating_sum` is of ratings from 1 to 5.
    Figures have no key to `division`: they outlive one that has ended.
    """

    __tablename__ = "week_tally"
    __table_args__: ClassVar[Any] = (Index("ix_week_tally_all", "code", "week", **_ALL),)

    code: str = Field(primary_key=True, max_length=12)
    week: date = Field(primary_key=True)
    board: str = Field(primary_key=True)
    category: str = Field(primary_key=True)
    received: int = 0
    replied_in_time: int = 0
    replied_late: int = 0
    answered_in_time: int = 0
    answered_late: int = 0
    reopened: int = 0
    ratings: int = 0
    rating_sum: int = 0


class OpenTally(Table, table=True):
    """How many `posts` wait for an answer now, in a division and all below it, by the day on which it is due.

    Of one board and category; or of everything, where `board` is empty. Where the clock stands still, the day is
    `weighing.NO_DAY`. There is no row for none.
    """

    __tablename__ = "open_tally"
    __table_args__: ClassVar[Any] = (Index("ix_open_tally_all", "code", "due_on", **_ALL),)

    code: str = Field(primary_key=True, max_length=12)
    due_on: date = Field(primary_key=True)
    board: str = Field(primary_key=True)
    category: str = Field(primary_key=True)
    posts: int = 0


class Barometer(Table, table=True):
    """What a division felt like on the morning of `read_on` (晴雨表), with all below it.

    `homes` are dwellings, `staff` the clerks and secretaries of committees; of `buildings` with enough residents,
    `silent` were silent. `told` is what a page shows of it: hot words, and the names of silent buildings. `words` are
    all words of the last weeks with how many people used them, from which those of the level above are made; no page
    shows them.
    """

    __tablename__ = "barometer"

    code: str = Field(primary_key=True, max_length=12)
    read_on: date
    homes: int = 0
    staff: int = 0
    buildings: int = 0
    silent: int = 0
    told: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    words: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
