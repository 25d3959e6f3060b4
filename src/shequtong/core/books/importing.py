"""A table of lines that was sent is looked at first, mended row by row, and entered when a keeper confirms it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session

from shequtong.core.books import tables
from shequtong.core.books.models import BookDelivery
from shequtong.core.books.tables import COLUMNS, Row
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.lib import clock, spreadsheets
from shequtong.lib.errors import NotFound

KEPT = timedelta(days=7)
"""So long a table waits for being confirmed."""


def receive(session: Session, case: Case, content: bytes, name: str) -> BookDelivery:
    """Keep a table that was sent, row by row, until it is confirmed. Raises NoTable."""
    rows = tables.rows_of(spreadsheets.read(content, tables.MOST_ROWS + 50))
    session.execute(delete(BookDelivery).where(BookDelivery.at < clock.now() - KEPT))
    delivery = BookDelivery(
        code=case.community.code,
        board=case.board.slug,
        by_id=case.actor.id,
        name=name[:80],
        rows=rows,
        at=clock.now(),
    )
    session.add(delivery)
    session.flush()
    return delivery


def waiting(session: Session, case: Case) -> list[Any]:
    """The tables of these books that wait for being confirmed, with who sent them."""
    return list(
        session.execute(
            select(BookDelivery.id, BookDelivery.name, BookDelivery.at, Account.name.label("by_name"))
            .join(Account, Account.id == BookDelivery.by_id)
            .where(*_here(case))
            .order_by(BookDelivery.id.desc())
        )
    )


def find(session: Session, case: Case, delivery_id: int, *, to_write: bool = False) -> BookDelivery:
    """A table of these books that still waits, locked for who is going `to_write`; or NotFound."""
    wanted = select(BookDelivery).where(*_here(case), BookDelivery.id == delivery_id)
    if not 0 < delivery_id < 2**63:
        raise NotFound
    found = session.scalars(wanted.with_for_update() if to_write else wanted).first()
    if found is None:
        raise NotFound
    return found


def _here(case: Case) -> tuple[Any, ...]:
    return (
        BookDelivery.code == case.community.code,
        BookDelivery.board == case.board.slug,
        BookDelivery.at >= clock.now() - KEPT,
    )


def plan(session: Session, case: Case, delivery: BookDelivery) -> list[Row]:
    """What its rows would do now."""
    return tables.plan(delivery.rows, _entered(session, case))


def _entered(session: Session, case: Case) -> Counter[str]:
    """How many lines of these books bear each fingerprint, as they were entered; cancelled ones and drafts too."""
    detail = case.board.detail.__table__.c
    found = session.execute(
        select(detail.mark)
        .join(Post, Post.id == detail.post_id)
        .where(
            Post.code == case.community.code,
            Post.board == case.board.slug,
            Post.deleted_at.is_(None),
            detail.mark != "",
        )
    )
    return Counter(found.scalars())


def mend(delivery: BookDelivery, line: int, typed: Mapping[str, Any]) -> None:
    """Put one row right, as it was typed into the page."""
    _row(delivery, line)
    delivery.rows = [
        row if int(row["line"]) != line else row | {name: str(typed.get(name) or "") for name in COLUMNS}
        for row in delivery.rows
    ]


def leave_out(delivery: BookDelivery, line: int) -> None:
    """Enter everything but this row."""
    _row(delivery, line)
    delivery.rows = [row for row in delivery.rows if int(row["line"]) != line]


def _row(delivery: BookDelivery, line: int) -> Any:
    for row in delivery.rows:
        if int(row["line"]) == line:
            return row
    raise NotFound


def write(session: Session, case: Case, delivery: BookDelivery, rows: list[Row]) -> int:
    """Enter what is new, and forget the table; so many lines were entered. Nothing in it may be wrong."""
    wanted = [row.form.value for row in rows if row.what == "new"]
    for form in wanted:
        case.board.publish(session, case, form, kind="ledger")
    session.delete(delivery)
    return len(wanted)
