"""Not to see somebody any more (mute), and not to be reached by them either (block)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, delete, exists, or_, update
from sqlmodel import Session

from shequtong.core.follows.models import Follow, Mute
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing


def mute(session: Session, account_id: int, other_id: int) -> None:
    """See nothing more of somebody; they are not told. Somebody who is blocked stays blocked."""
    insert_or_nothing(session, Mute, account_id=account_id, other_id=other_id, block=False, at=clock.now())


def block(session: Session, account_id: int, other_id: int) -> None:
    """Mute somebody, and keep them from seeing or answering what one writes. Neither follows the other any more."""
    mute(session, account_id, other_id)
    session.execute(
        update(Mute).where(Mute.account_id == account_id, Mute.other_id == other_id).values(block=True)
    )
    session.execute(
        delete(Follow).where(
            Follow.kind == "person",
            or_(
                and_(Follow.account_id == account_id, Follow.target == str(other_id)),
                and_(Follow.account_id == other_id, Follow.target == str(account_id)),
            ),
        )
    )


def unmute(session: Session, account_id: int, other_id: int) -> None:
    """See somebody again who is muted or blocked, and be seen by them."""
    session.execute(delete(Mute).where(Mute.account_id == account_id, Mute.other_id == other_id))


def has_muted(account: Any, other: Any) -> Any:
    """The condition that `account` has muted or blocked `other`; each a column or an id."""
    return exists().where(Mute.account_id == account, Mute.other_id == other)


def has_blocked(account: Any, other: Any) -> Any:
    """The condition that `account` has blocked `other`; each a column or an id."""
    return exists().where(Mute.account_id == account, Mute.other_id == other, Mute.block)
