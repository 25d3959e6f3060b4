"""The same form sent twice has one effect and the same answer (R7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session

from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Submission
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing, rows


def _number(sent: Any) -> str:
    number = sent.get("once")
    return number[:32] if isinstance(number, str) else ""


def earlier(session: Session, actor: Actor, sent: Any) -> str | None:
    """Where the same form led before, or None when it is new.

    The row is taken first and its place filled in later, so that a second sending that comes at the same
    time waits for the first and then finds its answer.
    """
    number = _number(sent)
    if not number:
        return None
    if insert_or_nothing(session, Submission, account_id=actor.id, once=number, location="", at=clock.now()):
        return None
    found = session.get(Submission, (actor.id, number))
    return (found.location or None) if found else None


def remember(session: Session, actor: Actor, sent: Any, location: str) -> None:
    """Note where the form led."""
    if number := _number(sent):
        rows(session, _LED, account=actor.id, number=number, led=location)


_FORMS: Any = Submission.__table__
_LED = (
    update(_FORMS)
    .where(_FORMS.c.account_id == bindparam("account"), _FORMS.c.once == bindparam("number"))
    .values(location=bindparam("led"))
)


def keep(session: Session, account_id: int, number: str, location: str) -> None:
    """Note a form that made the account itself, so that nobody could be asked before."""
    if number:
        insert_or_nothing(
            session, Submission, account_id=account_id, once=number[:32], location=location, at=clock.now()
        )


def was_kept(session: Session, account_id: int, number: str, within: timedelta) -> bool:
    """Did this very form take effect for this account a short while ago? Its number is only in that form."""
    found = session.get(Submission, (account_id, number[:32])) if number else None
    return found is not None and found.at > clock.now() - within
