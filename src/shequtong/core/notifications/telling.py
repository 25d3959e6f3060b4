"""Writing into inboxes, in the transaction of the cause."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from shequtong.core.communities.standing import Standing
from shequtong.core.communities.standings import standings
from shequtong.core.follows.models import Mute
from shequtong.core.identity.models import Account
from shequtong.core.notifications.models import UNREAD, Notification
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import reads
from shequtong.lib import clock
from shequtong.lib.db import rows

AT_ONCE = 500
"""Rows of one statement, well under what either database binds."""

_ids: Any = bindparam("ids", expanding=True)
_LOCK = select(Account.id).where(Account.id.in_(_ids)).order_by(Account.id).with_for_update(key_share=True)
_DEAF = select(Mute.account_id).where(Mute.other_id == bindparam("by"), Mute.account_id.in_(_ids))


def tell_about(
    session: Session,
    post: Post,
    account_ids: Collection[int | None],
    kind: str,
    *,
    by: int | None = None,
    comment_id: int | None = None,
    note: str = "",
) -> None:
    """Tell these people something about a post: those who may read it, and have not muted who did it.

    Nobody is told of their own deeds.
    """
    wanted = {number for number in account_ids if number and number != by}
    if not wanted:
        return
    here = standings(session, post.code, wanted)
    wanted = {number for number in wanted if reads(post, number, here.get(number, Standing()))}
    tell(
        session,
        _unmuted(session, wanted, by),
        kind,
        f"post:{post.id}",
        code=post.code,
        post_id=post.id,
        comment_id=comment_id,
        actor_id=by,
        note=note,
    )


def tell(session: Session, account_ids: Collection[int], kind: str, subject: str, **facts: Any) -> None:
    """Write one row for each account, or raise the count of its unread one; keep the unread counters exact."""
    ordered = sorted(account_ids)
    dialect = session.get_bind().dialect.name
    now = clock.now()
    session.flush()
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        # In one order for everybody, and beside those who only point to these rows: so nobody waits in a ring.
        rows(session, _LOCK, ids=some)
        told_to = [
            {
                "account_id": number,
                "kind": kind,
                "subject": subject,
                "at": now,
                "count": 1,
                "note": "",
                **facts,
            }
            for number in some
        ]
        told = session.connection().execute(_written(dialect, tuple(told_to[0])), told_to)
        new = [row.account_id for row in told if row.count == 1]
        if new:
            session.execute(
                update(Account)
                .where(Account.id.in_(new))
                .values(unread=Account.unread + 1)
                .execution_options(synchronize_session=False)
            )


@lru_cache(maxsize=32)
def _written(dialect: str, names: tuple[str, ...]) -> Any:
    """The statement for rows of these columns; made once, for making it takes longer than running it."""
    table = Notification.__table__
    statement = (sqlite_insert if dialect == "sqlite" else postgresql_insert)(table)
    newest = {
        name: statement.excluded[name] for name in ("at", "comment_id", "actor_id", "note") if name in names
    }
    return statement.on_conflict_do_update(
        index_elements=["account_id", "kind", "subject"],
        index_where=UNREAD,
        set_={"count": table.c.count + 1, **newest},
    ).returning(table.c.account_id, table.c.count)


def mark_read(session: Session, account_id: int, notification_id: int | None = None) -> None:
    """Read one notification of this account, or all of them."""
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))
    mine = [Notification.account_id == account_id, Notification.read_at.is_(None)]
    if notification_id is not None:
        mine.append(Notification.id == notification_id)
    read = session.execute(
        update(Notification)
        .where(*mine)
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(unread=Account.unread - read.rowcount)
        .execution_options(synchronize_session=False)
    )


def _unmuted(session: Session, account_ids: Collection[int], by: int | None) -> set[int]:
    if by is None or not account_ids:
        return set(account_ids)
    return set(account_ids) - set(rows(session, _DEAF, by=by, ids=list(account_ids)).scalars())
