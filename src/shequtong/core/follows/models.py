"""Follows, mutes and blocks. Nothing here counts or ranks a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime

KINDS = ("person", "post", "board", "building", "committee")


class Follow(Table, table=True):
    """A person follows something. `target` is an id, a division code, or code/slug for a board."""

    __tablename__ = "follow"
    __table_args__: ClassVar[Any] = (
        Index("ix_follow_target", "kind", "target"),
        Index("ix_follow_newest", "account_id", "kind", "at", "target"),
        CheckConstraint("kind IN ('person', 'post', 'board', 'building', 'committee')", name="kind"),
    )

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


class Mute(Table, table=True):
    """A person does not want to see another. A block also keeps the other from reaching them."""

    __tablename__ = "mute"
    __table_args__: ClassVar[Any] = (Index("ix_mute_other_id", "other_id"),)

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    other_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    block: bool = False
    at: datetime = Field(sa_type=UtcDateTime)
