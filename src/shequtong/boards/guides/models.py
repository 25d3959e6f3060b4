"""What a guide or a question has that other posts lack."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field

from shequtong.lib.db import Table


class Guide(Table, table=True):
    """An item's facts (`materials` and `steps` one a line) and its next review; a question's answer."""

    __tablename__ = "guides_guide"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    category: str
    materials: str = ""
    steps: str = ""
    place: str = ""
    hours: str = ""
    fee: str = ""
    time_limit: str = ""
    legal_basis: str = ""
    owner: str = ""
    review_on: date | None = None
    answer: str = ""
    answered_by_id: int | None = Field(default=None, foreign_key="account.id")
