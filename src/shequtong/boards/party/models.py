"""What a deed has that other posts lack."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime


class Deed(Table, table=True):
    """When, where, for how many, how many have claimed a place, and what came of it."""

    __tablename__ = "party_deed"
    __table_args__: ClassVar[Any] = (CheckConstraint("places IS NULL OR claimed <= places", name="places"),)

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    place: str = ""
    places: int | None = None
    contact: str = ""
    claimed: int = 0
    report: str = ""
    came: int | None = None
