"""The committee's entries."""

from __future__ import annotations

from shequtong.core.books.models import Entry


class AffairsEntry(Entry, table=True):
    __tablename__ = "affairs_entry"
