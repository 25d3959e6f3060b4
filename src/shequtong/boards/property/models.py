"""The property firm's and the owners' committee's entries."""

from __future__ import annotations

from shequtong.core.books.models import Entry


class PropertyEntry(Entry, table=True):
    __tablename__ = "property_entry"
