"""Signing in and out: a browser gets a token, the database keeps its digest."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session

from shequtong.core.identity.models import SignIn
from shequtong.lib import clock, crypto


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


def close_session(session: Session, digest: str) -> None:
    """Sign one browser out."""
    session.execute(delete(SignIn).where(SignIn.digest == digest))


def close_all(session: Session, account_id: int, *, but: str = "") -> None:
    """Sign every browser of an account out, except the one with the digest `but`."""
    session.execute(delete(SignIn).where(SignIn.account_id == account_id, SignIn.digest != but))
