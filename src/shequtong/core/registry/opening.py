"""To look people up and to read what is masked: each with a reason, which they read under "who looked at my data"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Look
from shequtong.core.registry import finding, keeping
from shequtong.lib import clock

MASKED = ("real_name", "phone", "room", "birth_year")
"""What of a person is masked until somebody gives a reason, by the words kept in `Look.what`."""


def open_rows(session: Session, rows: Iterable[Any], what: str, by: Actor, reason: str) -> None:
    """Write down, for each of these people, that somebody looks now. In the same transaction, or it was none."""
    at = clock.now()
    session.add_all(
        Look(account_id=row.account_id, person_id=row.id, by_id=by.id, what=what, reason=reason, at=at)
        for row in rows
    )
    session.flush()


def look_up(session: Session, code: str, typed: str, by: Actor, reason: str) -> list[Any]:
    """Find people by a whole name, phone number or room; who was found reads who asked and why."""
    found = finding.look_up(session, code, typed)
    keeping.record(session, by, "look_up", reason, code=code, changes=[["typed", "", typed]])
    open_rows(session, found, "found", by, reason)
    return found
