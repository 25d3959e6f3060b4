"""What is forgotten in time: for each thing a period, by a job, a few hundred rows at a time.

A job that is cut short loses nothing: what is left is found again by the same question. Who runs the house may keep
things for longer or shorter by the setting `retention`, never for less than a law or a page promises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, or_, select, update
from sqlmodel import Session

from shequtong.core.identity.models import Account
from shequtong.core.identity.signing_in import ABSOLUTE, IDLE
from shequtong.core.media import storing
from shequtong.core.posts.forgetting import EMPTY
from shequtong.core.posts.rooms import ROOMS
from shequtong.core.registry import forgetting as registry_forgetting
from shequtong.core.registry.models import GONE
from shequtong.lib import clock, jobs
from shequtong.lib.db import Table as OurTable
from shequtong.lib.i18n import lazy_gettext as _l

JOB = "forget_old"
BATCH = 400
"""Rows of one kind in one transaction: few enough that no form waits for it."""
YEAR = 365

log = structlog.get_logger(__name__)

Over = Callable[[Table, datetime], ColumnElement[bool]]


class BadPeriods(ValueError):
    """The setting names no period, or one that is shorter than it may be."""


@dataclass(frozen=True)
class Period:
    """How long rows of a table are kept. `over(table, cutoff)` finds those whose time has passed.

    They are deleted, or changed to `becomes`. `kind` is that of the register; `words(days)` say it there. `before`
    is told of the rows that go. `least` days are the fewest that a setting may say.
    """

    name: str
    kind: str
    table: str
    usual: int
    least: int
    words: Callable[[int], Any]
    over: Over
    becomes: dict[str, Any] = field(default_factory=dict)
    before: Callable[[Session, Table, list[Any]], None] | None = None


def _after(column: str, **also: Any) -> Over:
    """Rows in which this moment is over; with `also`, of those values only."""

    def over(table: Table, cutoff: datetime) -> ColumnElement[bool]:
        return and_(table.c[column] < cutoff, *(table.c[name] == value for name, value in also.items()))

    return over


def _sign_in(table: Table, cutoff: datetime) -> ColumnElement[bool]:
    return or_(table.c.seen_at < cutoff, table.c.created_at < cutoff - ABSOLUTE)


def _read(table: Table, cutoff: datetime) -> ColumnElement[bool]:
    return and_(table.c.at < cutoff, table.c.read_at.is_not(None))


def _unread(table: Table, cutoff: datetime) -> ColumnElement[bool]:
    return and_(table.c.at < cutoff, table.c.read_at.is_(None))


def _draft(table: Table, cutoff: datetime) -> ColumnElement[bool]:
    return and_(table.c.state == "draft", table.c.deleted_at.is_(None), table.c.activity_at < cutoff)


def _deleted_post(table: Table, cutoff: datetime) -> ColumnElement[bool]:
    return and_(table.c.deleted_at < cutoff, or_(table.c.title != "", table.c.body != ""))


def _deleted_comment(table: Table, cutoff: datetime) -> ColumnElement[bool]:
    return and_(table.c.deleted_at < cutoff, table.c.body != "")


def _note(table: Table, cutoff: datetime) -> ColumnElement[bool]:
    return and_(table.c.decided_at < cutoff, table.c.note != "")


def _of_deleted(table: Table, cutoff: datetime) -> ColumnElement[bool]:
    post = OurTable.metadata.tables["post"]
    return exists().where(post.c.id == table.c.post_id, post.c.deleted_at < cutoff)


def _of_closed(board: str) -> Over:
    """Rows about a post of this board that was closed, or deleted, and left alone since."""

    def over(table: Table, cutoff: datetime) -> ColumnElement[bool]:
        post = OurTable.metadata.tables["post"]
        closed = [state.name for state in ROOMS[board].workflow.states if not state.is_open]
        settled = or_(post.c.state.in_(closed), post.c.deleted_at.is_not(None))
        about = post.c.id == table.c.post_id, post.c.activity_at < cutoff, settled
        return exists().where(*about)

    return over


def _owned(table: Table, cutoff: datetime) -> ColumnElement[bool]:
    return and_(table.c.done_at < cutoff, table.c.owner_id.is_not(None))


def _gone(table: Table, cutoff: datetime) -> ColumnElement[bool]:
    return and_(table.c.state.in_(GONE), table.c.left_on < clock.local(cutoff).date())


def _uncount(session: Session, table: Table, ids: list[Any]) -> None:
    """Whoever loses lines that they have not read has so many fewer to read."""
    accounts: Any = Account.__table__
    lost = (
        select(table.c.account_id, func.count().label("lines"))
        .where(table.c.id.in_(ids))
        .group_by(table.c.account_id)
        .order_by(table.c.account_id)
    )
    for row in session.execute(lost).all():
        left = update(accounts).where(accounts.c.id == row.account_id, accounts.c.unread >= row.lines)
        session.execute(left.values(unread=accounts.c.unread - row.lines))


def _discard(session: Session, table: Table, ids: list[Any]) -> None:
    """The files go once their rows are gone: a job of the same transaction takes them out of the store."""
    keys = session.scalars(select(table.c.key).where(table.c.id.in_(ids))).all()
    jobs.enqueue(session, storing.DISCARD, {"keys": list(keys)})


PERIODS = (
    Period(
        "sign_in", "sign_ins", "sign_in", IDLE.days, IDLE.days,
        lambda n: _l("%(days)s days after the last use", days=n), _sign_in,
    ),
    Period(
        "one_time_link", "links", "one_time_link", 7, 1,
        lambda n: _l("Links: %(days)s days after they ended", days=n), _after("expires_at"),
    ),
    Period(
        "submission", "links", "submission", 30, 7,
        lambda n: _l("Forms: %(days)s days", days=n), _after("at"),
    ),
    Period(
        "look", "looks", "look", 3 * YEAR, 3 * YEAR,
        lambda n: _l("%(days)s days; the law asks for three years (Art. 56)", days=n), _after("at"),
    ),
    Period(
        "notification_read", "inbox", "notification", 180, 30,
        lambda n: _l("What you have read: %(days)s days", days=n), _read,
    ),
    Period(
        "notification_unread", "inbox", "notification", YEAR, 180,
        lambda n: _l("What you have not read: %(days)s days", days=n), _unread, before=_uncount,
    ),
    Period(
        "membership_refused", "home", "membership", YEAR, 180,
        lambda n: _l("Requests that were not granted: %(days)s days", days=n),
        _after("decided_at", state="refused"),
    ),
    Period(
        "membership_note", "home", "membership", YEAR, 30,
        lambda n: _l("Your word to the committee: %(days)s days after its decision", days=n), _note,
        becomes={"note": ""},
    ),
    Period(
        "draft", "words", "post", YEAR, 30,
        lambda n: _l("Drafts that were left: %(days)s days", days=n), _draft,
        becomes={**EMPTY, "deleted_at": clock.now},
    ),
    Period(
        "revision", "words", "revision", 180, 60,
        lambda n: _l("Earlier wordings of what was deleted: %(days)s days", days=n), _of_deleted,
    ),
    Period(
        "photo", "words", "photo", 180, 60,
        lambda n: _l("Photos of what was deleted: %(days)s days", days=n), _of_deleted, before=_discard,
    ),
    Period(
        "post_deleted", "words", "post", 180, 60,
        lambda n: _l("Deleted posts: %(days)s days, for appeals", days=n), _deleted_post, becomes=EMPTY,
    ),
    Period(
        "comment_deleted", "words", "comment", 180, 60,
        lambda n: _l("Deleted comments: %(days)s days, for appeals", days=n), _deleted_comment,
        becomes={"body": "", "rendered": ""},
    ),
    Period(
        "wisher", "deeds", "party_wisher", 180, 30,
        lambda n: _l("Name and door of a wish: %(days)s days after it is over", days=n), _of_closed("party"),
    ),
    Period(
        "duty_owner", "duties", "duty", 2 * YEAR, 180,
        lambda n: _l("Who looked after it: %(days)s days after it was done", days=n), _owned,
        becomes={"owner_id": None},
    ),
    Period(
        "home_visit", "visits", "home_visit", 3 * YEAR, 30,
        lambda n: _l("%(days)s days after it was written down", days=n), _after("at"),
    ),
    Period(
        "registry_gone", "residents", "registry_person", 3 * YEAR, 180,
        lambda n: _l("%(days)s days after they moved out or died", days=n), _gone,
        before=registry_forgetting.forget_looks,
    ),
    Period(
        "registry_visit", "residents", "registry_visit", 3 * YEAR, 30,
        lambda n: _l("Visits: %(days)s days", days=n), _after("at"),
    ),
    Period(
        "api_key", "offices", "api_key", YEAR, 180,
        lambda n: _l("Keys of programs: %(days)s days after they ended", days=n), _after("ended_at"),
    ),
    Period(
        "book_delivery", "tables", "book_delivery", 7, 1,
        lambda n: _l("Of books: %(days)s days", days=n), _after("at"),
    ),
    Period(
        "guides_delivery", "tables", "guides_delivery", 7, 1,
        lambda n: _l("Of guides: %(days)s days", days=n), _after("at"),
    ),
    Period(
        "registry_delivery", "tables", "registry_delivery", 7, 1,
        lambda n: _l("Of the registry: %(days)s days", days=n), _after("at"),
    ),
    Period(
        "job_done", "jobs", "job", 30, 1,
        lambda n: _l("Done: %(days)s days", days=n), _after("done_at"),
    ),
    Period(
        "job_dead", "jobs", "job", 180, 30,
        lambda n: _l("Given up: %(days)s days", days=n), _after("dead_at"),
    ),
)  # fmt: skip

_set: dict[str, int] = {}


def use(setting: str) -> None:
    """Keep to an operator's own days: `name=days, …`. Raises BadPeriods, and changes nothing then."""
    told: dict[str, int] = {}
    known = {period.name: period for period in PERIODS}
    for part in filter(None, (part.strip() for part in setting.split(","))):
        name, _equals, number = (word.strip() for word in part.partition("="))
        if name not in known:
            raise BadPeriods(f"{name!r} is none of {', '.join(known)}")
        if not (number.isascii() and number.isdigit()) or int(number) > 36_500:
            raise BadPeriods(f"{part!r} does not say a number of days, such as {name}={known[name].usual}")
        if int(number) < known[name].least:
            raise BadPeriods(f"{name} is kept for at least {known[name].least} days")
        told[name] = int(number)
    _set.clear()
    _set.update(told)


def days(period: Period) -> int:
    """How long it is kept here."""
    return _set.get(period.name, period.usual)


def over(session: Session) -> Iterator[tuple[Period, int]]:
    """Of each period how many rows would go now."""
    for period in PERIODS:
        table = OurTable.metadata.tables[period.table]
        yield period, session.scalar(select(func.count()).select_from(table).where(_time(period, table))) or 0


def forget_some(session: Session, most: int = BATCH) -> dict[str, int]:
    """Forget at most so many rows of each period; how many of each went. Nothing is left when none is `most`."""
    return {period.name: _forget(session, period, most) for period in PERIODS}


def _time(period: Period, table: Table) -> ColumnElement[bool]:
    return period.over(table, clock.now() - timedelta(days=days(period)))


def _forget(session: Session, period: Period, most: int) -> int:
    table = OurTable.metadata.tables[period.table]
    key, *more = table.primary_key.columns
    found = session.execute(
        select(key, *more).where(_time(period, table)).order_by(key, *more).limit(most)
    ).all()
    if not found:
        return 0
    ids = [row[0] for row in found]
    which = key.in_(ids) if not more else or_(*(and_(key == row[0], more[0] == row[1]) for row in found))
    if period.before is not None:
        period.before(session, table, ids)
    if period.becomes:
        values = {name: value() if callable(value) else value for name, value in period.becomes.items()}
        session.execute(update(table).where(which).values(values))
    else:
        session.execute(delete(table).where(which))
    return len(found)


def begin(session: Session) -> None:
    """Once a day: leave the work to a job, unless one is still at it."""
    waiting = select(jobs.Job.id).where(
        jobs.Job.name == JOB, jobs.Job.done_at.is_(None), jobs.Job.dead_at.is_(None)
    )
    if session.scalar(waiting) is None:
        jobs.enqueue(session, JOB, {})


def forget_old(session: Session, _payload: dict[str, Any]) -> None:
    """Job: one round. As long as there is more, it leaves itself another."""
    gone = forget_some(session)
    if told := {name: rows for name, rows in gone.items() if rows}:
        log.info("forgotten in time", **told)
    if BATCH in gone.values():
        jobs.enqueue(session, JOB, {})
