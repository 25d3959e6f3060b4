"""To follow and to stop following."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session

from shequtong.core.follows.models import Follow
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing


def follow(session: Session, account_id: int, kind: str, target: object) -> bool:
    """True when it is new."""
    return insert_or_nothing(
        session, Follow, account_id=account_id, kind=kind, target=str(target), at=clock.now()
    )


def unfollow(session: Session, account_id: int, kind: str, target: object) -> None:
    session.execute(
        delete(Follow).where(
            Follow.account_id == account_id, Follow.kind == kind, Follow.target == str(target)
        )
    )
