"""What a listing has that other posts lack."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Numeric
from sqlmodel import Field

from shequtong.lib.db import Table


class Listing(Table, table=True):
    """Its price in yuan, and who has it reserved, with what words, until when (the post's `due_at`)."""

    __tablename__ = "goods_listing"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    price: Decimal | None = Field(default=None, sa_type=Numeric(12, 2))
    category: str = "other"
    condition: str = ""
    pickup: str = ""
    taker_id: int | None = Field(default=None, foreign_key="account.id")
    message: str = ""
    rating: int | None = None
