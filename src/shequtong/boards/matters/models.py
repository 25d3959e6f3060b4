"""What a matter has that other posts lack."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field

from shequtong.lib.crypto import EncryptedText
from shequtong.lib.db import Table


class Matter(Table, table=True):
    """What kind of trouble, where exactly, for whom staff wrote it down, and how it went.

    `given_to_id` is the one person or firm of the handling office that it was passed to by name. `promised_on` is the
    day by which whoever has it in hand wants to be done. `reopened` counts how often the reporter did not agree that
    it was over. `pin` is where it stands on a compound's plan, as `pins` writes it; empty without one.
    `open_points` are those of its joint meetings that nobody has ticked off yet.
    """

    __tablename__ = "matter"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    category: str
    place: str = ""
    pin: str = Field(default="", sa_column_kwargs={"server_default": ""})
    on_behalf: str = Field(default="", sa_type=EncryptedText)
    given_to_id: int | None = Field(default=None, foreign_key="account.id")
    promised_on: date | None = None
    reopened: int = 0
    open_points: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    rating: int | None = None
