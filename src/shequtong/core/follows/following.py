"""To follow and to stop following."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, cast, delete, func, or_, select
from sqlmodel import Session

from shequtong.core.communities.models import LEVELS
from shequtong.core.follows.models import Follow, Mute
from shequtong.core.identity.events import AccountErased
from shequtong.lib import clock
from shequtong.lib.db import BigId, insert_or_nothing
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _

MOST = 1000
"""Of one kind, posts left aside: a feed of more is nobody's neighbourhood."""


def follow(session: Session, account_id: int, kind: str, target: object) -> bool:
    """True when it is new."""
    return insert_or_nothing(
        session, Follow, account_id=account_id, kind=kind, target=str(target), at=clock.now()
    )


def follow_by_choice(session: Session, account_id: int, kind: str, target: object) -> None:
    """The same for somebody who pressed the button. Raises Conflict when they follow very many already."""
    count = select(func.count()).where(Follow.account_id == account_id, Follow.kind == kind)
    if kind != "post" and (session.scalar(count) or 0) >= MOST:
        raise Conflict(_("You follow very many already. End some of them first."))
    follow(session, account_id, kind, target)


def unfollow(session: Session, account_id: int, kind: str, target: object) -> None:
    session.execute(
        delete(Follow).where(
            Follow.account_id == account_id, Follow.kind == kind, Follow.target == str(target)
        )
    )


def follows(session: Session, account_id: int | None, kind: str, target: str) -> bool:
    """Does somebody follow this?"""
    return account_id is not None and session.get(Follow, (account_id, kind, target)) is not None


def number_of(kind: str, follow: Any = Follow) -> Any:
    """The target of a follow of this kind (person, post, building) as a number.

    Other targets are not read as numbers, whatever a planner reads first.
    """
    return case((follow.kind == kind, cast(follow.target, BigId)))


def board_of(follow: Any = Follow) -> tuple[Any, Any]:
    """The community's code and the board's slug in the target of a followed board, `code/slug`."""
    ends = [(func.substr(follow.target, length + 1, 1) == "/", length) for length in LEVELS]
    code = case(*((ends_here, func.substr(follow.target, 1, length)) for ends_here, length in ends))
    slug = case(*((ends_here, func.substr(follow.target, length + 2)) for ends_here, length in ends))
    return code, slug


def forget(session: Session, erased: AccountErased) -> None:
    """Whom and what somebody followed or muted, and who did so to them, goes with them."""
    gone = erased.account_id
    to_them = and_(Follow.kind == "person", Follow.target == str(gone))
    session.execute(delete(Follow).where(or_(Follow.account_id == gone, to_them)))
    session.execute(delete(Mute).where(or_(Mute.account_id == gone, Mute.other_id == gone)))
