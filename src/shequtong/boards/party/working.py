"""What those who claimed a place did: noted by them, confirmed by the planner, thanked for by those it was for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session

from shequtong.boards.party.claiming import may_thank
from shequtong.boards.party.forms import ConfirmForm, RatingForm, WorkForm
from shequtong.boards.party.models import Deed, Served, Thanks, Work
from shequtong.core.communities.models import Membership
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock, dates
from shequtong.lib.db import rows
from shequtong.lib.errors import Conflict
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

unconfirmed = Rule("somebody has noted what they did", lambda case: case.detail.unconfirmed > 0)
was_served = Rule("it was done for them", lambda case: "served" in case.parts)

_WORKS: Any = (
    select(Work.id, Work.account_id, Work.done_on, Work.state, Account.name)
    .join(Account, Account.id == Work.account_id)
    .where(Work.post_id == bindparam("post_id"))
    .order_by(Work.id)
)
_BETWEEN = re.compile(r"[、，,;；\s]+")


def check_work(session: Session, case: Case, form: BoundForm[Any]) -> None:
    """A day that is over or today, and neighbours that can be told apart by their names."""
    if form.value.done_on > clock.today():
        form.refuse("done_on", _("Choose today or an earlier day"))
    elif unknown := _names(form.value.served) - _members(session, case, form.value.served).keys():
        form.refuse(
            "served",
            _("Nobody here, or more than one, is called so: %(names)s", names="、".join(sorted(unknown))),
        )


def note(session: Session, case: Case, form: WorkForm, record: PostTransition) -> None:
    """Keep what was done; the planner looks at it."""
    work = Work(
        post_id=case.post.id,
        account_id=case.actor.id,
        done_on=form.done_on,
        words=form.words,
        photos=list(record.facts.get("photos", [])),
        at=record.at,
    )
    session.add(work)
    session.flush()
    served = set(_members(session, case, form.served).values()) - {case.actor.id}
    session.add_all(Served(work_id=work.id, account_id=number) for number in sorted(served))
    _count(session, case, +1)


def choices(session: Session, case: Case) -> Mapping[str, Any]:
    """The works that this actor may confirm, by their number on this post: nobody's own."""
    if not (case.post and case.detail and unconfirmed(case)):
        return {"works": []}
    found = rows(session, _WORKS, post_id=case.post.id)
    return {
        "works": [
            (str(number), f"{row.name} · {dates.day(row.done_on)}")
            for number, row in enumerate(found, 1)
            if row.state == "noted" and row.account_id != case.actor.id
        ]
    }


def confirm(session: Session, case: Case, form: ConfirmForm, _record: PostTransition) -> None:
    """Confirm a work, so that those it was done for can thank for it; or give it back with a word."""
    work = list(rows(session, _WORKS, post_id=case.post.id))[int(form.work) - 1].id
    decided = session.execute(
        update(Work)
        .where(Work.id == work, Work.state == "noted")
        .values(state=form.verdict, answer=form.answer, decided_at=clock.now(), decided_by_id=case.actor.id)
        .execution_options(synchronize_session=False)
    )
    if decided.rowcount != 1:
        raise Conflict(_("Somebody else was faster. Reload the page to see what happened."))
    _count(session, case, -1)
    if form.verdict == "confirmed":
        for number in session.scalars(select(Served.account_id).where(Served.work_id == work)):
            may_thank(session, case, number)


def thank(session: Session, case: Case, form: RatingForm, record: PostTransition) -> None:
    session.add(
        Thanks(
            post_id=case.post.id,
            account_id=case.actor.id,
            stars=int(form.stars),
            words=form.words,
            at=record.at,
        )
    )


def _count(session: Session, case: Case, change: int) -> None:
    session.execute(
        update(Deed)
        .where(Deed.post_id == case.post.id)
        .values(unconfirmed=Deed.unconfirmed + change)
        .execution_options(synchronize_session=False)
    )
    session.refresh(case.detail)


def _names(typed: str) -> set[str]:
    return {name for name in _BETWEEN.split(typed) if name}


def _members(session: Session, case: Case, typed: str) -> dict[str, int]:
    """The members among these names, each of whom bears it alone, with their account ids."""
    names = _names(typed)
    if not names:
        return {}
    found = session.execute(
        select(Account.name, func.min(Account.id).label("id"))
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.code == case.post.code, Membership.state == "approved", Account.name.in_(names))
        .group_by(Account.name)
        .having(func.count(Account.id.distinct()) == 1)
    )
    return {row.name: row.id for row in found}
