"""What a call for help, or an offer of it, has that other posts lack."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime


class Aid(Table, table=True):
    """What kind of help, when and where, and who answered with what words.

    Where a child or an elder living alone is concerned (`vulnerable`), nobody answers before somebody of the
    committee has vouched for it.
    """

    __tablename__ = "aid"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    help: str
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    place: str = ""
    vulnerable: bool = False
    vouched_by_id: int | None = Field(default=None, foreign_key="account.id")
    vouched_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    partner_id: int | None = Field(default=None, foreign_key="account.id")
    message: str = ""
