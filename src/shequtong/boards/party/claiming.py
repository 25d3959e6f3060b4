"""Taking part in a deed, as long as there is room, and reporting what came of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlmodel import Session

from shequtong.boards.party.forms import ActivityForm, FinishForm
from shequtong.boards.party.models import Claim, Deed
from shequtong.core.gatherings.events import Planned
from shequtong.core.gatherings.models import SignUp
from shequtong.core.identity.events import AccountErased
from shequtong.core.posts import participating
from shequtong.core.posts.models import Participation, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Conflict
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

SHOWS, HIDES = "shows", "hides"
"""Words of `Claim.badge`, of one length."""

has_room = Rule(
    "there is room", lambda case: case.detail.places is None or case.detail.claimed < case.detail.places
)

has_a_list = Rule("signed up for as a gathering", lambda case: "gathering" in case.post.carries)
claimed_it = Rule("has claimed it", lambda case: "claim" in case.parts)


def check(case: Case, form: BoundForm[Any]) -> None:
    """An activity has a day and a place; nobody who takes part loses their place."""
    deed = form.value
    if form.form is ActivityForm and not deed.starts_at:
        form.refuse("starts_at", _("Say when the activity begins"))
    if form.form is ActivityForm and not deed.place:
        form.refuse("place", _("Say where the activity is"))
    if case.detail and getattr(deed, "places", None) and deed.places < case.detail.claimed:
        form.refuse("places", _("More neighbours than that take part already"))


def claim(session: Session, case: Case, _form: object, _record: object) -> None:
    """Take one of the places. Of many who want the last one, exactly one gets it."""
    there_is_one = or_(Deed.places.is_(None), Deed.claimed < Deed.places)
    if not _count(session, case, +1, there_is_one):
        raise Conflict(_("The last place has just been taken."))
    insert_or_nothing(session, Claim, post_id=case.post.id, account_id=case.actor.id, badge=HIDES)


def give_back(session: Session, case: Case, _form: object, _record: object) -> None:
    """With the place goes what was shown beside it."""
    _count(session, case, -1, Deed.claimed > 0)
    session.execute(delete(Claim).where(Claim.post_id == case.post.id, Claim.account_id == case.actor.id))


def show_membership(session: Session, case: Case, shows: bool) -> None:
    """Show oneself as a Party member beside one's own claim, or no longer. Raises Conflict without a claim."""
    wanted = {"post_id": case.post.id, "account_id": case.actor.id}
    if not claimed_it(case):
        raise Conflict(_("You have not claimed this."))
    insert_or_nothing(session, Claim, **wanted, badge=HIDES)
    session.get_one(Claim, tuple(wanted.values())).badge = SHOWS if shows else HIDES


def forget(session: Session, erased: AccountErased) -> None:
    """Nothing of a membership outlives the account."""
    session.execute(delete(Claim).where(Claim.account_id == erased.account_id))


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


def report(session: Session, case: Case, form: FinishForm, _record: PostTransition) -> None:
    """Say what came of it. Who came to an activity may thank for it from now on."""
    case.detail.report = form.report
    case.detail.came = form.came
    if case.post.kind != "activity":
        return
    if not has_a_list(case):
        _may_thank(session, case, _claimers(session, case))
        return
    came: Any = SignUp.post_id == case.post.id, SignUp.came_at.is_not(None)
    _may_thank(session, case, session.scalars(select(SignUp.account_id).where(*came)).all())
    if form.came is None:
        counted = select(func.sum(SignUp.guests + 1)).where(*came)
        case.detail.came = session.scalar(counted)


def _claimers(session: Session, case: Case) -> Any:
    return session.scalars(
        select(Participation.account_id).where(
            Participation.post_id == case.post.id, Participation.name == "claim"
        )
    ).all()


def _may_thank(session: Session, case: Case, account_ids: Any) -> None:
    for number in account_ids:
        may_thank(session, case, number)


def may_thank(session: Session, case: Case, account_id: int) -> None:
    """Note that a deed was done for somebody."""
    served = case.board.workflow.transition("served")
    assert served is not None
    insert_or_nothing(
        session,
        Participation,
        post_id=case.post.id,
        name=served.name,
        unit=participating.unit_of_account(account_id),
        account_id=account_id,
        note="",
        at=clock.now(),
    )
