"""Carrying a bulletin down: who is meant is settled when it is published, and a job tells committee after committee.

Each step of a job is a transaction of a few committees, and leaves the next step to the job table. What a step does
and the mark that it is done are one transaction: a worker that is killed leaves nothing half done, and whoever goes
on finds what is left by its mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, literal, select, update
from sqlmodel import Session

from shequtong.boards.district import addressing, timing
from shequtong.boards.district.models import Addressee, Bulletin
from shequtong.core.communities.standing import STAFF
from shequtong.core.communities.standings import holders_at
from shequtong.core.notifications.telling import tell
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.db import ask, insert_or_nothing
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _
from shequtong.lib.jobs import enqueue

AT_ONCE = 25
"""Committees of one step: some tens of inboxes, written in a few milliseconds."""
REMINDED_ONCE_IN = timedelta(hours=20)
"""Whoever has not passed it on since yesterday's reminder may be asked again today."""
IN_FORCE = ("live", "corrected")
OPEN = ("waiting", "told")
"""States in which a committee has not done anything about it."""

_COUNTED: Any = (
    select(Addressee.state, func.count().label("number"))
    .where(Addressee.post_id == bindparam("post_id"))
    .group_by(Addressee.state)
)


@dataclass(frozen=True)
class Progress:
    """How many committees a bulletin is meant for, and how far it has come among them."""

    waiting: int = 0
    told: int = 0
    relayed: int = 0
    not_applicable: int = 0

    @property
    def all(self) -> int:
        return self.waiting + self.told + self.relayed + self.not_applicable

    @property
    def reached(self) -> int:
        """Those that know of it."""
        return self.all - self.waiting


def progress(session: Session, post_id: int) -> Progress:
    return Progress(**{row.state: row.number for row in ask(session, _COUNTED, post_id=post_id)})


def begin(session: Session, case: Case, form: Any, record: PostTransition) -> None:
    """It is published: write down whom it is meant for, and leave the telling to a job."""
    timing.until_day(session, case, form, record)
    post, detail = case.post, case.detail
    meant = addressing.committees(post.code, detail.whom, detail.aim).subquery()
    rows = select(literal(post.id), meant.c.code, literal("waiting"), literal(""), literal(0))
    session.execute(insert(Addressee).from_select(["post_id", "code", "state", "note", "edition"], rows))
    enqueue(session, "tell_committees", {"post_id": post.id})


def ensure(session: Session, case: Case) -> None:
    """A committee that was founded after a bulletin for all was published has its part in it too."""
    if case.detail.whom == "all":
        here = {"post_id": case.post.id, "code": case.community.code}
        insert_or_nothing(session, Addressee, **here, state="told", told_at=clock.now(), note="", edition=0)


def tell_committees(session: Session, payload: dict[str, Any]) -> None:
    """One step: tell the staff of the next committees that a bulletin waits for them."""
    post = session.get(Post, payload["post_id"])
    if post is None or post.deleted_at or post.state not in IN_FORCE:
        return
    mine = Addressee.post_id == post.id
    codes = session.scalars(
        select(Addressee.code)
        .where(mine, Addressee.state == "waiting")
        .order_by(Addressee.code)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    if not codes:
        return
    session.execute(
        update(Addressee).where(mine, Addressee.code.in_(codes)).values(state="told", told_at=clock.now())
    )
    tell_staff(session, post, codes, "to_pass_on")
    enqueue(session, "tell_committees", payload)


def remind_committees(session: Session, payload: dict[str, Any]) -> None:
    """One step: remind the next committees that have not done anything about a bulletin."""
    post, detail = session.get(Post, payload["post_id"]), session.get(Bulletin, payload["post_id"])
    if post is None or detail is None or detail.reminded_at is None or post.state not in IN_FORCE:
        return
    mine = Addressee.post_id == post.id
    not_yet = Addressee.reminded_at.is_(None) | (Addressee.reminded_at < detail.reminded_at)
    codes = session.scalars(
        select(Addressee.code)
        .where(mine, Addressee.state == "told", not_yet)
        .order_by(Addressee.code)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    if not codes:
        return
    session.execute(
        update(Addressee).where(mine, Addressee.code.in_(codes)).values(reminded_at=detail.reminded_at)
    )
    tell_staff(session, post, codes, "pass_on_soon")
    enqueue(session, "remind_committees", payload)


def remind(session: Session, case: Case) -> int:
    """Remind every committee that has done nothing yet; how many. Raises Conflict after a reminder today."""
    now = clock.now()
    asked = session.execute(
        update(Bulletin)
        .where(
            Bulletin.post_id == case.post.id,
            Bulletin.reminded_at.is_(None) | (Bulletin.reminded_at < now - REMINDED_ONCE_IN),
        )
        .values(reminded_at=now)
    )
    if case.post.state not in IN_FORCE:
        raise Conflict(_("It is no longer in force: there is nothing to pass on."))
    if asked.rowcount != 1:
        raise Conflict(_("They were reminded today. Ask again tomorrow."))
    enqueue(session, "remind_committees", {"post_id": case.post.id})
    return progress(session, case.post.id).told


def tell_staff(session: Session, post: Post, codes: Any, kind: str) -> None:
    """A line in the inbox of everybody on the staff of these committees, which leads to it on their own pages."""
    for code, staff in holders_at(session, codes, STAFF).items():
        tell(session, staff, kind, f"passing:{post.id}:{code}", code=code, post_id=post.id)
