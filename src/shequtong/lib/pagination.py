"""Pages by key, never by offset: a cursor names the last row seen, so page 1,000 costs what page 1 does."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, tuple_

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, and the cursor of the next page when there is one."""

    items: Sequence[T]
    next: str | None


def encode(*key: Any) -> str:
    plain = [k.isoformat() if isinstance(k, datetime) else k for k in key]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(cursor: str | None) -> tuple[datetime, int] | None:
    """(moment, id) of a cursor; a cursor somebody tampered with is no cursor at all."""
    if not cursor:
        return None
    try:
        moment, number = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        when = datetime.fromisoformat(moment)
        if when.tzinfo is None or not isinstance(number, int) or not 0 <= number < 2**63:
            return None
        return when, number
    except (ValueError, TypeError, UnicodeError):
        return None


def before(moment: Any, number: Any, cursor: tuple[datetime, int] | None) -> list[ColumnElement[bool]]:
    """The condition "older than the cursor" as one row value, which both databases answer from the index."""
    return [] if cursor is None else [tuple_(moment, number) < tuple_(*cursor)]


def page(found: Sequence[T], size: int, key: Any) -> Page[T]:
    """Make a page of `size` out of `size + 1` rows; `key(row)` gives the cursor's values."""
    return Page(found[:size], encode(*key(found[size - 1])) if len(found) > size else None)
