"""Households sign the covenant as it stands: each home once for each version, on the page or on paper."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlmodel import Session

from shequtong.core.communities.models import Dwelling
from shequtong.core.covenants.models import Article, Signature, Version
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.events import AccountErased
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Conflict, Forbidden
from shequtong.lib.i18n import gettext as _


def sign(
    session: Session, code: str, actor: Actor, dwellings: Collection[int], read: Collection[int]
) -> None:
    """Sign every article for these homes. `read` are the versions that whoever signs had before them.

    Raises Forbidden for somebody without a home here, Conflict when the covenant says something else by now.
    """
    if not dwellings:
        raise Forbidden
    newest = _newest(session, code)
    if set(read) != set(newest):
        raise Conflict(_("The covenant has changed in the meantime. Please read it again before you sign."))
    for version_id in newest:
        for dwelling_id in sorted(dwellings):
            _add(session, version_id, dwelling_id, account_id=actor.id)


def sign_on_paper(session: Session, dwelling: Dwelling, by: Actor) -> int:
    """Enter that a home signed the covenant on paper; for how many articles that is new."""
    newest = _newest(session, dwelling.code)
    return sum(_add(session, version_id, dwelling.id, by_id=by.id) for version_id in newest)


def take_back(session: Session, code: str, dwellings: Collection[int]) -> None:
    """Take the signatures of these homes back from the covenant as it stands; older versions keep theirs."""
    for version_id in _newest(session, code):
        for dwelling_id in sorted(dwellings):
            mine = Signature.version_id == version_id, Signature.dwelling_id == dwelling_id
            if session.execute(delete(Signature).where(*mine)).rowcount:
                _count(session, version_id, -1)


def _newest(session: Session, code: str) -> list[int]:
    """The versions that hold, in the order of their articles."""
    return list(
        session.scalars(
            select(Version.id)
            .join(Article, Article.id == Version.article_id)
            .where(Article.code == code, Article.ended_on.is_(None), Version.number == Article.version)
            .order_by(Article.number)
        )
    )


def _add(
    session: Session,
    version_id: int,
    dwelling_id: int,
    *,
    account_id: int | None = None,
    by_id: int | None = None,
) -> bool:
    new = insert_or_nothing(
        session,
        Signature,
        version_id=version_id,
        dwelling_id=dwelling_id,
        account_id=account_id,
        by_id=by_id,
        at=clock.now(),
    )
    if new:
        _count(session, version_id, 1)
    return new


def _count(session: Session, version_id: int, more: int) -> None:
    statement = update(Version).where(Version.id == version_id).values(signatures=Version.signatures + more)
    session.execute(statement.execution_options(synchronize_session=False))


def forget(session: Session, erased: AccountErased) -> None:
    """A home's signature stays; who of it gave it is forgotten."""
    gone = erased.account_id
    session.execute(update(Signature).where(Signature.account_id == gone).values(account_id=None))
