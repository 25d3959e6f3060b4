"""Who came: by the code on their telephone, or ticked on the list, there and then or from paper afterwards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from shequtong.core.communities.models import Membership
from shequtong.core.gatherings import events
from shequtong.core.gatherings.models import Gathering, SignUp
from shequtong.core.gatherings.signing_up import LETTERS, lock, new_ticket
from shequtong.core.identity.models import Account
from shequtong.core.posts.policy import Case
from shequtong.lib import clock, dates
from shequtong.lib.errors import Conflict, Invalid
from shequtong.lib.events import publish as tell
from shequtong.lib.i18n import gettext as _

BEFORE = timedelta(hours=2)
"""So long before it begins the door is open."""
AFTERWARDS = timedelta(days=14)
"""So long after it is over what stands on paper can still be entered."""


def check_in(session: Session, case: Case, ticket: str) -> SignUp:
    """Note that whoever has this code came.

    Raises Invalid for a code nobody has, one that was used, and somebody in the queue; Conflict out of hours.
    """
    gathering = lock(session, case.post.id)
    _refuse_closed(gathering)
    typed = "".join(letter for letter in ticket.upper() if letter in LETTERS)
    theirs = session.scalars(
        select(SignUp).where(SignUp.post_id == gathering.post_id, SignUp.ticket == typed)
    ).one_or_none()
    if theirs is None or theirs.state == "left":
        raise Invalid(_("Nobody who is signed up has this code"))
    name = session.get_one(Account, theirs.account_id).name
    if theirs.came_at is not None:
        raise Invalid(
            _(
                "This code was used already: %(name)s checked in %(at)s",
                name=name,
                at=dates.when(theirs.came_at),
            )
        )
    if theirs.state == "waiting":
        raise Invalid(_("%(name)s is in the queue and has no place yet", name=name))
    _came(gathering, theirs, case)
    session.flush()
    return theirs


def write_down(session: Session, case: Case, account_ids: Collection[int], what: str) -> None:
    """Note of people on the list that they `came`, that they `missed` it, or (`undo`) neither.

    Raises Conflict out of hours, and for who did not come before it has begun.
    """
    gathering = lock(session, case.post.id)
    _refuse_closed(gathering)
    if what == "missed" and gathering.starts_at > clock.now():
        raise Conflict(_("It has not begun yet: nobody has missed it."))
    missed = []
    theirs: Any = select(SignUp).where(
        SignUp.post_id == gathering.post_id,
        SignUp.account_id.in_(list(account_ids)),
        SignUp.state.in_(("in", "extra")),
    )
    for one in session.scalars(theirs.order_by(SignUp.account_id)):
        if what == "came" and one.came_at is None:
            _came(gathering, one, case)
        elif what == "missed" and one.missed_at is None and one.state == "in":
            one.came_at = one.came_by_id = None
            one.missed_at, one.missed_by_id = clock.now(), case.actor.id
            missed.append(one.account_id)
        elif what == "undo":
            one.came_at = one.came_by_id = one.missed_at = one.missed_by_id = None
            one.late = False
    session.flush()
    if missed:
        tell(session, events.Missed(case.post, tuple(missed), case.actor.id or 0))


def add(session: Session, case: Case, name: str) -> SignUp:
    """Note that a neighbour came who had no place. Raises Invalid when nobody, or more than one, is called so."""
    gathering = lock(session, case.post.id)
    _refuse_closed(gathering)
    found = session.scalars(
        select(Account.id)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.code == gathering.code, Membership.state == "approved", Account.name == name)
        .distinct()
    ).all()
    if len(found) != 1:
        raise Invalid(_("Nobody here, or more than one, is called so. Write the name as it is shown"))
    theirs = session.get(SignUp, (gathering.post_id, found[0]))
    if theirs is not None and theirs.came_at is not None:
        raise Invalid(_("%(name)s is written down already", name=name))
    if theirs is None:
        theirs = SignUp(
            post_id=gathering.post_id,
            account_id=found[0],
            state="extra",
            number=0,
            ticket=new_ticket(session, gathering.post_id),
            at=clock.now(),
        )
    if theirs.state != "in":
        theirs.state, theirs.guests = "extra", 0
    _came(gathering, theirs, case)
    session.add(theirs)
    session.flush()
    return theirs


def is_open(gathering: Gathering) -> bool:
    """Can people be checked in now, or what is on paper be entered?"""
    now = clock.now()
    return (
        gathering.state == "planned" and gathering.starts_at - BEFORE <= now < gathering.ends_at + AFTERWARDS
    )


def _came(gathering: Gathering, theirs: SignUp, case: Case) -> None:
    theirs.came_at, theirs.came_by_id = clock.now(), case.actor.id
    theirs.late = clock.now() >= gathering.ends_at
    theirs.missed_at = theirs.missed_by_id = None


def _refuse_closed(gathering: Gathering) -> None:
    if gathering.state != "planned":
        raise Conflict(_("This gathering is cancelled."))
    if clock.now() < gathering.starts_at - BEFORE:
        raise Conflict(_("The door opens two hours before it begins."))
    if clock.now() >= gathering.ends_at + AFTERWARDS:
        raise Conflict(_("It is over for more than 14 days. Its list is closed."))
