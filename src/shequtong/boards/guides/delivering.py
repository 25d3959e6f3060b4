"""A table of guides that was sent is looked at first, and written only when somebody confirms it.

Whoever sent it writes drafts, for a colleague to check. A colleague who confirms it has checked it: then it goes out
at once, and still two people have read each item.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session

from shequtong.boards.guides import queries, tables
from shequtong.boards.guides.models import Delivery, Guide
from shequtong.boards.guides.tables import Row
from shequtong.core.communities.standing import Standing
from shequtong.core.communities.visiting import find_person
from shequtong.core.identity.models import Account
from shequtong.core.notifications.telling import tell, unheard
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.lib import clock, spreadsheets
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _

KEPT = timedelta(days=7)
"""So long a table waits for somebody who confirms it."""


def receive(session: Session, case: Case, content: bytes, name: str) -> Delivery:
    """Keep a table that was sent, row by row, until it is confirmed. Raises NoTable."""
    rows = tables.rows_of(spreadsheets.read(content, tables.MOST_ROWS + 50))
    session.execute(delete(Delivery).where(Delivery.at < clock.now() - KEPT))
    delivery = Delivery(
        code=case.community.code, by_id=case.actor.id, name=name[:80], rows=rows, at=clock.now()
    )
    session.add(delivery)
    session.flush()
    return delivery


def waiting(session: Session, code: str) -> list[Any]:
    """The tables that wait for somebody who confirms them, with who sent them."""
    return list(
        session.execute(
            select(Delivery.id, Delivery.name, Delivery.at, Delivery.by_id, Account.name.label("by_name"))
            .join(Account, Account.id == Delivery.by_id)
            .where(Delivery.code == code, Delivery.at >= clock.now() - KEPT)
            .order_by(Delivery.id.desc())
        )
    )


def find(session: Session, code: str, delivery_id: int) -> Delivery | None:
    """A table of this place that still waits."""
    found = session.get(Delivery, delivery_id) if 0 < delivery_id < 2**63 else None
    fits = found is not None and found.code == code and found.at >= clock.now() - KEPT
    return found if fits else None


def plan(session: Session, delivery: Delivery) -> list[Row]:
    """What its rows would do now."""
    return tables.plan(delivery.rows, queries.every_item(session, delivery.code))


def write(session: Session, case: Case, delivery: Delivery, rows: list[Row]) -> int:
    """Write what is new and what changed, and forget the table; so many items were written.

    Rows with mistakes are left out. Raises Conflict when its sender serves here no more.
    """
    sender = find_person(session, delivery.by_id)
    by_sender = replace(case, actor=sender, here=Standing.of(sender, delivery.code))
    if not by_sender.here.staff:
        raise Conflict(_("Whoever sent this table does not serve here any more. Send it again yourself."))
    wanted = [row for row in rows if row.what in ("new", "changed")]
    with unheard(session):
        for row in wanted:
            _write(session, by_sender, case, row)
    if sender.id != case.actor.id and wanted:
        tell(
            session,
            [sender.id or 0],
            "table_written",
            f"guides:{delivery.code}",
            code=delivery.code,
            actor_id=case.actor.id,
            note=str(len(wanted)),
        )
    session.delete(delivery)
    return len(wanted)


def _write(session: Session, sender: Case, confirmer: Case, row: Row) -> None:
    """One item: written by whoever sent it, and checked and sent out when it is a colleague who confirms."""
    assert row.form is not None
    board = sender.board
    if row.what == "new":
        post = board.publish(session, sender, row.form, kind="item")
    else:
        post = session.get_one(Post, row.post_id)
        written = _at(session, sender, post)
        if post.state in ("live", "stale"):
            _take(session, written, "revise")
        board.edit(session, post, written, row.form)
    if sender.actor.id == confirmer.actor.id:
        return
    checker = sender if post.author_id == confirmer.actor.id else confirmer
    _take(session, _at(session, checker, post), "review")
    _take(session, _at(session, confirmer, post), "publish")


def _at(session: Session, case: Case, post: Post) -> Case:
    return replace(case, post=post, detail=session.get_one(Guide, post.id))


def _take(session: Session, case: Case, name: str) -> None:
    transition = case.board.workflow.transition(name)
    assert transition is not None
    case.board.move(session, case, transition)
