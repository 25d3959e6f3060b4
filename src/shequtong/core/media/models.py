"""Photos and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime, primary_key


class Photo(Table, table=True):
    """A picture somebody sent. States: pending (not yet cleaned) > ready | failed.

    `key` names its files in the object store; `width` and `height` are pixels as shown upright.
    """

    __tablename__ = "photo"
    __table_args__: ClassVar[Any] = (
        Index("ix_photo_post_id", "post_id"),
        Index("ix_photo_account_id", "account_id"),
        CheckConstraint("state IN ('pending', 'ready', 'failed')", name="state"),
    )

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    post_id: int | None = Field(default=None, foreign_key="post.id", ondelete="CASCADE")
    key: str = Field(unique=True)
    state: str = "pending"
    alt: str = ""
    width: int
    height: int
    created_at: datetime = Field(sa_type=UtcDateTime)


class CompoundPlan(Table, table=True):
    """The plan of a compound, on which matters are shown by a pin."""

    __tablename__ = "compound_plan"

    compound_id: int = Field(primary_key=True, foreign_key="compound.id", ondelete="CASCADE")
    code: str = Field(foreign_key="division.code", index=True)
    photo_id: int = Field(foreign_key="photo.id", ondelete="CASCADE", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
