"""What somebody was told. While a row is unread, more of the same only raises its count."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime, primary_key

UNREAD = text("read_at IS NULL")


class Notification(Table, table=True):
    """`kind` says what happened (the words are in templates/notifications), `subject` to what: post:12, join:…

    `note` is the kind's own fact: the name of a transition, a moderator's action.
    """

    __tablename__ = "notification"
    __table_args__: ClassVar[Any] = (
        Index(
            "uq_notification_unread",
            "account_id",
            "kind",
            "subject",
            unique=True,
            sqlite_where=UNREAD,
            postgresql_where=UNREAD,
        ),
        Index("ix_notification_inbox", "account_id", "at", "id"),
        Index("ix_notification_about", "post_id", sqlite_where=UNREAD, postgresql_where=UNREAD),
    )

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    kind: str
    subject: str
    code: str | None = Field(default=None, foreign_key="division.code")
    post_id: int | None = Field(default=None, foreign_key="post.id", ondelete="CASCADE")
    comment_id: int | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE")
    actor_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    note: str = ""
    count: int = 1
    at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
