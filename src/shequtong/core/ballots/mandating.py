"""A written power to vote for another dwelling: given by who may vote for it, or recorded from paper."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import Session

from shequtong.core.ballots import recording
from shequtong.core.ballots.casting import lock, refuse_late, way_of
from shequtong.core.ballots.models import Mandate, RollEntry, Round, Turnout
from shequtong.core.communities.models import Membership
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Conflict, Forbidden, Invalid
from shequtong.lib.i18n import gettext as _


def find_holder(session: Session, code: str, name: str) -> int | None:
    """The one neighbour of this community who is called so; None when nobody is, or several are."""
    found = session.scalars(
        select(Account.id)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.code == code, Membership.state == "approved", Account.name == name)
        .distinct()
    ).all()
    return found[0] if len(found) == 1 else None


def give(
    session: Session, round_id: int, actor: Actor, dwelling_id: int, holder_id: int, *, on_paper: bool = False
) -> None:
    """Let a neighbour vote for a dwelling in this round; `on_paper` when staff record a signed mandate.

    Raises Forbidden for whoever may not vote for it, Invalid for a holder who cannot, Conflict when it is too late,
    the dwelling has voted or given a mandate before, or the holder has as many as one person may.
    """
    round_ = lock(session, round_id)
    refuse_late(round_)
    if not round_.proxies:
        raise Conflict(_("Nobody votes for others in this vote."))
    if on_paper and holder_id == actor.id:
        raise Forbidden(_("Somebody else records a mandate that is given to you."))
    if not on_paper and way_of(session, round_, actor, dwelling_id) != "online":
        raise Forbidden(_("You may not vote for this dwelling."))
    entry = session.get(RollEntry, (round_.id, dwelling_id))
    if entry is None:
        raise Invalid(_("This dwelling is not on the roll of this vote"))
    _check_holder(session, round_, dwelling_id, holder_id)
    if session.get(Turnout, (round_.id, dwelling_id)):
        raise Conflict(_("This dwelling has voted already."))
    given = insert_or_nothing(
        session,
        Mandate,
        round_id=round_.id,
        dwelling_id=dwelling_id,
        holder_id=holder_id,
        given_by_id=actor.id,
        on_paper=on_paper,
        at=clock.now(),
    )
    if not given:
        raise Conflict(_("Somebody votes for this dwelling already. Take that mandate back first."))
    _note(session, round_, entry, "mandate_given", actor, on_paper)


def _check_holder(session: Session, round_: Round, dwelling_id: int, holder_id: int) -> None:
    lives_here = session.scalar(
        select(Membership.id)
        .where(
            Membership.account_id == holder_id, Membership.code == round_.code, Membership.state == "approved"
        )
        .limit(1)
    )
    if lives_here is None:
        raise Invalid(_("Only a neighbour of this community can vote for you"))
    if way_of(session, round_, Actor(holder_id), dwelling_id) == "online":
        raise Invalid(_("They may vote for this dwelling without a mandate"))
    held = session.scalar(
        select(func.count()).where(Mandate.round_id == round_.id, Mandate.holder_id == holder_id)
    )
    if (held or 0) >= round_.proxies:
        raise Conflict(_("They vote for as many other dwellings as one person may. Choose somebody else."))


def take_back(
    session: Session, round_id: int, actor: Actor, dwelling_id: int, *, staff: bool = False
) -> None:
    """End a mandate that was not used yet. What is on paper, staff take back.

    Raises Forbidden for whoever may not, Conflict when the dwelling has voted or has no mandate.
    """
    round_ = lock(session, round_id)
    refuse_late(round_)
    mandate = session.get(Mandate, (round_.id, dwelling_id))
    own = way_of(session, round_, actor, dwelling_id) == "online"
    if not (own or (staff and mandate is not None and mandate.on_paper)):
        raise Forbidden(_("You may not vote for this dwelling."))
    if session.get(Turnout, (round_.id, dwelling_id)):
        raise Conflict(_("This dwelling has voted already."))
    gone: Any = session.execute(
        delete(Mandate).where(Mandate.round_id == round_.id, Mandate.dwelling_id == dwelling_id)
    )
    if gone.rowcount != 1 or mandate is None:
        raise Conflict(_("There is no mandate to take back."))
    entry = session.get_one(RollEntry, (round_.id, dwelling_id))
    _note(session, round_, entry, "mandate_taken_back", actor, mandate.on_paper)


def _note(session: Session, round_: Round, entry: RollEntry, name: str, actor: Actor, on_paper: bool) -> None:
    facts = {"roll_number": entry.number, "on_paper": on_paper}
    recording.record(session, round_, name, facts, actor.id)
