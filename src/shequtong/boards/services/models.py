"""What an offer, a question or a booking has that other posts lack."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Numeric
from sqlmodel import Field

from shequtong.lib.db import Table, UtcDateTime


class Service(Table, table=True):
    """An offer's desk, hours, place and fee in yuan; a question's desk and whether its author lets it be
    published; a booking's offer and the time its author would like.
    """

    __tablename__ = "service"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    desk: str = "other"
    hours: str = ""
    place: str = ""
    fee: Decimal | None = Field(default=None, sa_type=Numeric(12, 2))
    consent: bool = False
    offer_id: int | None = Field(default=None, foreign_key="post.id", index=True, ondelete="SET NULL")
    preferred: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rating: int | None = None
