"""Signing in and out: a browser gets a token, the database keeps its digest."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session

from shequtong.core.identity.models import SignIn
from shequtong.lib import clock, crypto

IDLE = timedelta(days=30)
ABSOLUTE = timedelta(days=180)
"""A session that nobody used, and any session, ends after this long (S9)."""
TOUCH = timedelta(hours=1)
"""How fine the last use is written down."""


def is_over(created_at: datetime, seen_at: datetime) -> bool:
    now = clock.now()
    return seen_at + IDLE < now or created_at + ABSOLUTE < now


def is_stale(seen_at: datetime) -> bool:
    """Whether the last use should be written down anew."""
    return seen_at + TOUCH < clock.now()


def touch(session: Session, digest: str, roles: str) -> None:
    """Remember that this sign-in is in use, and by whom they were when it began."""
    session.execute(update(SignIn).where(SignIn.digest == digest).values(seen_at=clock.now(), roles=roles))


def renew(session: Session, digest: str, to: str, roles: str) -> bool:
    """Another token, of the digest `to`, for the same sign-in (S9). False when another request was faster."""
    renewed = session.execute(
        update(SignIn).where(SignIn.digest == digest).values(digest=to, roles=roles, seen_at=clock.now())
    )
    return bool(renewed.rowcount == 1)


def open_session(session: Session, account_id: int, device: str = "") -> str:
    """Sign an account in; the new session's token, which only the browser keeps."""
    token = crypto.new_token()
    now = clock.now()
    session.add(
        SignIn(
            digest=crypto.digest(token),
            account_id=account_id,
            created_at=now,
            seen_at=now,
            device=device[:200],
        )
    )
    return token


def sign_in(session: Session, account_id: int, *, instead_of: str = "", device: str = "") -> str:
    """A new session's token; the session this browser had before ends (S9)."""
    if instead_of:
        close_session(session, instead_of)
    return open_session(session, account_id, device)


def close_session(session: Session, digest: str) -> None:
    """Sign one browser out."""
    session.execute(delete(SignIn).where(SignIn.digest == digest))


def close_own(session: Session, account_id: int, digest: str) -> None:
    """Sign one of an account's browsers out, and nobody else's."""
    session.execute(delete(SignIn).where(SignIn.digest == digest, SignIn.account_id == account_id))


def close_all(session: Session, account_id: int, *, but: str = "") -> None:
    """Sign every browser of an account out, except the one with the digest `but`."""
    session.execute(delete(SignIn).where(SignIn.account_id == account_id, SignIn.digest != but))
