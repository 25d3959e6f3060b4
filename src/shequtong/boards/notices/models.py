"""What a notice has that other posts lack."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field

from shequtong.lib.db import Table


class Notice(Table, table=True):
    """The last day to confirm or to object, and the answer to the objections."""

    __tablename__ = "notices_notice"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    until: date | None = None
    answer: str = ""
