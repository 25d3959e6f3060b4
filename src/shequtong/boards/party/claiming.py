"""Taking part in a deed, as long as there is room, and reporting what came of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlmodel import Session

from shequtong.boards.party.forms import FinishForm
from shequtong.boards.party.models import Deed
from shequtong.core.gatherings.events import Planned
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Participation, Post, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib.db import rows
from shequtong.lib.errors import Conflict
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

has_room = Rule(
    "there is room", lambda case: case.detail.places is None or case.detail.claimed < case.detail.places
)

has_a_list = Rule("signed up for as a gathering", lambda case: "gathering" in case.post.carries)


def check(case: Case, form: BoundForm[Any]) -> None:
    deed = form.value
    if deed.kind == "activity" and not deed.starts_at:
        form.refuse("starts_at", _("Say when the activity begins"))
    if deed.kind == "activity" and not deed.place:
        form.refuse("place", _("Say where the activity is"))
    if case.detail and deed.places and deed.places < case.detail.claimed:
        form.refuse("places", _("More neighbours than that take part already"))


def one_is_enough_for_a_wish(post: Post, detail: Deed) -> None:
    if post.kind == "wish" and detail.places is None:
        detail.places = 1


def claim(session: Session, case: Case, _form: object, _record: object) -> None:
    """Take one of the places. Of many who want the last one, exactly one gets it."""
    there_is_one = or_(Deed.places.is_(None), Deed.claimed < Deed.places)
    if not _count(session, case, +1, there_is_one):
        raise Conflict(_("The last place has just been taken."))


def give_back(session: Session, case: Case, _form: object, _record: object) -> None:
    _count(session, case, -1, Deed.claimed > 0)


def _count(session: Session, case: Case, change: int, condition: Any) -> bool:
    done = session.execute(
        update(Deed)
        .where(Deed.post_id == case.post.id, condition)
        .values(claimed=Deed.claimed + change)
        .execution_options(synchronize_session=False)
    )
    session.refresh(case.detail)
    return done.rowcount == 1


def on_planned(session: Session, event: Planned) -> None:
    """What the deed says of its day and place is what was planned."""
    deed = session.get(Deed, event.post.id) if event.post.board == "party" else None
    if deed is not None:
        deed.starts_at, deed.place = event.gathering.starts_at, event.gathering.place


def report(_session: Session, case: Case, form: FinishForm, _record: PostTransition) -> None:
    case.detail.report = form.report
    case.detail.came = form.came


_CLAIMERS: Any = (
    select(Account.id, Account.name, Participation.note, Participation.at)
    .join(Account, Account.id == Participation.account_id)
    .where(Participation.post_id == bindparam("post_id"), Participation.name == "claim")
    .order_by(Participation.at)
    .limit(500)
)


def claimers(session: Session, case: Case) -> dict[str, Any]:
    """Who takes part and what they wrote, for those who plan it and the committee."""
    if case.here.staff or case.post.author_id == case.actor.id:
        return {"claimers": list(rows(session, _CLAIMERS, post_id=case.post.id).all())}
    return {"claimers": []}
