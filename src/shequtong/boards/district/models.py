"""What a bulletin has that other posts lack."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field

from shequtong.lib.db import Table


class Bulletin(Table, table=True):
    """Who issued it, until when it is in force, and what its last correction put right."""

    __tablename__ = "district_bulletin"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    topic: str
    issued_by: str = ""
    contact: str = ""
    valid_until: date | None = None
    correction: str = ""
