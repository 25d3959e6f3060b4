"""Writing into inboxes, in the transaction of the cause.

What a transaction tells is kept until its end and written then, with the accounts in ascending order. So two
transactions that tell the same people, in whatever order, never wait for each other in a ring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from shequtong.core.communities.models import OFFICES
from shequtong.core.communities.standing import Standing
from shequtong.core.communities.standings import standings
from shequtong.core.follows.models import Mute
from shequtong.core.identity.models import Account
from shequtong.core.notifications.models import UNREAD, Notification
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import reads
from shequtong.core.posts.queries import AS_NEIGHBOURS
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib import clock
from shequtong.lib.db import rows
from shequtong.lib.events import at_the_end

AT_ONCE = 500
"""Rows of one statement, well under what either database binds."""

_ACCOUNTS: Any = Account.__table__
_ids: Any = bindparam("ids", expanding=True)
_LOCK = select(Account.id).where(Account.id.in_(_ids)).order_by(Account.id).with_for_update(key_share=True)
_who: Any = bindparam("who", expanding=True)
_DEAF = union_all(
    select(Mute.account_id).where(Mute.other_id.in_(_who)),
    select(Mute.other_id).where(Mute.account_id.in_(_who), Mute.block),
)
_LINES = (
    select(Notification.account_id)
    .where(Notification.post_id == bindparam("post_id"), Notification.read_at.is_(None))
    .distinct()
)

_FOR_AN_OFFICE = frozenset(OFFICES).difference(AS_NEIGHBOURS)

_ABOUT_NOTHING = {"code": None, "post_id": None, "comment_id": None, "actor_id": None, "note": ""}

Key = tuple[int, str, str]
"""Account, kind and subject: what makes two pieces of news one line."""


def tell_about(
    session: Session,
    post: Post,
    account_ids: Collection[int | None],
    kind: str,
    *,
    by: int | None = None,
    comment_id: int | None = None,
    note: str = "",
    named: bool = True,
) -> None:
    """Tell these people something about a post: those who may read it, and hear its author and who did it.

    Nobody is told of their own deeds. Who did something discreet is not `named`.
    """
    wanted = {number for number in account_ids if number and number != by}
    if not wanted:
        return
    here = standings(session, post.code, wanted | {by} if by else wanted)
    wanted = {number for number in wanted if reads(post, number, here.get(number, Standing()))}
    tell(
        session,
        wanted - _deaf(session, post, by, here),
        kind,
        f"post:{post.id}",
        code=post.code,
        post_id=post.id,
        comment_id=comment_id,
        actor_id=by if named else None,
        note=note,
    )


def _deaf(session: Session, post: Post, by: int | None, here: dict[int, Standing]) -> set[int]:
    """Who hears nothing of a post's author or of who did something: they muted them, or one blocked the other.

    The same as `posts.queries.unmuted`: what is said in an office reaches all, and duty hears all. What concerns all
    is no word of its author's alone.
    """
    own_words = post.author_role in AS_NEIGHBOURS and not ROOMS[post.board].concerns_all
    speaking = {post.author_id} if own_words else set()
    if by and not _in_office(here.get(by, Standing())):
        speaking.add(by)
    if not speaking:
        return set()
    found = rows(session, _DEAF, who=sorted(speaking)).scalars()
    return {number for number in found if not _on_duty(post, number, here.get(number, Standing()))}


def _in_office(standing: Standing) -> bool:
    return not standing.names.isdisjoint(_FOR_AN_OFFICE)


def _on_duty(post: Post, account_id: int, standing: Standing) -> bool:
    handles = account_id in (post.assignee_id, post.deputy_id) and standing.serves
    return standing.staff or handles or bool(post.handler and standing.is_any(post.handler))


def tell(session: Session, account_ids: Iterable[int], kind: str, subject: str, **facts: Any) -> None:
    """One line for each account, or one more on its unread line of the same kind about the same thing."""
    now = clock.now()
    lines = at_the_end(session, News).lines
    for number in account_ids:
        told = {"account_id": number, "kind": kind, "subject": subject, "at": now, "count": 1, **facts}
        earlier = lines.get((number, kind, subject))
        lines[number, kind, subject] = told | {"count": earlier["count"] + 1} if earlier else told


@contextmanager
def unheard(session: Session) -> Iterator[None]:
    """Nobody is told what is told inside: many deeds of one hand, of which one line afterwards is enough."""
    news = at_the_end(session, News)
    before = dict(news.lines)
    yield
    news.lines = before


def withdraw(session: Session, post: Post) -> None:
    """Leave no unread line about a post with those who can no longer open it."""
    at_the_end(session, News).withdrawn[post.id] = post


def mark_read(
    session: Session, account_id: int, notification_id: int | None = None, post_id: int | None = None
) -> None:
    """Read one notification of this account, or those about one post, or all of them."""
    mine = [Notification.account_id == account_id]
    if notification_id is not None:
        mine.append(Notification.id == notification_id)
    if post_id is not None:
        mine.append(Notification.post_id == post_id)
    rows(session, _LOCK, ids=[account_id])
    _read(session, [account_id], *mine)


@dataclass
class News:
    """What one transaction has to write into inboxes: new lines, and posts whose lines some may read no more."""

    lines: dict[Key, dict[str, Any]] = field(default_factory=dict)
    withdrawn: dict[int, Post] = field(default_factory=dict)

    def write(self, session: Session) -> None:
        """Write it, and keep the unread counters exact. Nothing is left to write."""
        session.flush()
        lines, self.lines = self.lines, {}
        left = {post.id: _left_out(session, post) for post in self.withdrawn.values()}
        self.withdrawn = {}
        for some in _portions({key[0] for key in lines}.union(*left.values())):
            rows(session, _LOCK, ids=some)  # beside those who only point to these rows, not behind them
        for post_id, account_ids in left.items():
            for some in _portions(account_ids):
                _read(session, some, Notification.post_id == post_id, Notification.account_id.in_(some))
        for keys in _portions(lines):
            _add(session, {key: lines[key] for key in keys})


def _portions(wanted: Collection[Any]) -> Iterator[list[Any]]:
    ordered = sorted(wanted)
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))


def _left_out(session: Session, post: Post) -> set[int]:
    """Who has unread lines about a post, but may not read it."""
    told = set(rows(session, _LINES, post_id=post.id).scalars())
    if post.deleted_at is None and told:
        here = standings(session, post.code, told)
        told = {number for number in told if not reads(post, number, here.get(number, Standing()))}
    return told


def _add(session: Session, lines: dict[Key, dict[str, Any]]) -> None:
    statement = _written(session.get_bind().dialect.name)
    told = session.connection().execute(statement, [_ABOUT_NOTHING | line for line in lines.values()])
    new = Counter(
        row.account_id for row in told if row.count == lines[row.account_id, row.kind, row.subject]["count"]
    )
    for more in set(new.values()):
        whose = [number for number, count in new.items() if count == more]
        _count(session, whose, Account.unread + more)


@lru_cache
def _written(dialect: str) -> Any:
    """The statement for new lines; made once, for making it takes longer than running it."""
    table = Notification.__table__
    statement = (sqlite_insert if dialect == "sqlite" else postgresql_insert)(table)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["account_id", "kind", "subject"],
        index_where=UNREAD,
        set_={"count": table.c.count + new.count}
        | {name: new[name] for name in ("at", "comment_id", "actor_id", "note")},
    ).returning(table.c.account_id, table.c.kind, table.c.subject, table.c.count)


def _read(session: Session, account_ids: list[int], *which: Any) -> None:
    """Mark lines of these accounts read, whose rows are locked."""
    read = session.execute(
        update(Notification)
        .where(Notification.read_at.is_(None), *which)
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if read.rowcount:
        unread = select(func.count()).where(
            Notification.account_id == Account.id, Notification.read_at.is_(None)
        )
        _count(session, account_ids, unread.scalar_subquery())


def _count(session: Session, account_ids: list[int], unread: Any) -> None:
    session.connection().execute(
        update(_ACCOUNTS).where(_ACCOUNTS.c.id.in_(account_ids)).values(unread=unread)
    )
