"""To belong to a dwelling: asked for, decided by the household or the committee, given back.

Every step of a claim is one function here. It locks the dwelling first, so that what is decided about one flat
is decided in turn; the state is then written only if it is still the one that was seen, and the database holds
the last line: one live claim of an account on a dwelling, one first owner, one representative.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from shequtong.core.communities import households
from shequtong.core.communities.events import Applied, Joined, Left, Refused, Represents
from shequtong.core.communities.models import Division, Dwelling, Membership, MembershipTransition
from shequtong.core.communities.policy import ClaimCase, allows, fits
from shequtong.core.identity.actor import Actor
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, Forbidden
from shequtong.lib.events import publish
from shequtong.lib.i18n import gettext as _

LIVE = ("applied", "conflict", "approved")
UNDECIDED = ("applied", "conflict")
MOST_UNDECIDED = 5
"""Requests of one account that may wait at a time: enough for a family with several flats."""


def apply(session: Session, account_id: int, dwelling: Dwelling, kind: str, note: str = "") -> Membership:
    """Ask to belong to a dwelling as owner, tenant or family.

    Who claims to own what another owns, or has claimed before them, is in conflict until the committee decides.
    Raises Conflict when this account has a live claim on this dwelling, or many that nobody has decided.
    """
    if _undecided(session, account_id) >= MOST_UNDECIDED:
        raise Conflict(_("You have asked to join several dwellings. Wait until these requests are decided."))
    _lock(session, dwelling.id)
    disputed = kind == "owner" and _claims_of_owners(session, dwelling.id, but=account_id)
    claim = Membership(
        account_id=account_id,
        code=dwelling.code,
        building_id=dwelling.building_id,
        dwelling_id=dwelling.id,
        kind=kind,
        state="conflict" if disputed else "applied",
        note=note,
        applied_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(claim)
            session.flush()
    except IntegrityError:
        raise Conflict(_("You have asked to join this dwelling already, or belong to it.")) from None
    _record(session, claim, "apply", None, account_id)
    publish(session, Applied(claim))
    return claim


def has_claim(session: Session, account_id: int, dwelling_id: int) -> bool:
    """Does this account belong to this dwelling, or ask to?"""
    live = select(Membership.id).where(
        Membership.account_id == account_id,
        Membership.dwelling_id == dwelling_id,
        Membership.state.in_(LIVE),
    )
    return session.scalar(live) is not None


def approve(session: Session, claim: Membership, by: Actor) -> Membership:
    """Let somebody in. Who would be a second owner is left in conflict instead: look at `claim.state` after."""
    _require(claim, by, "decide")
    _lock(session, claim.dwelling_id)
    if claim.kind == "owner" and _has_owner(session, claim.dwelling_id):
        if claim.state != "conflict":
            _move(session, claim, "find_conflict", "conflict", by.id, decided_at=None, decided_by_id=None)
        return claim
    return _let_in(session, claim, "approve", by)


def approve_as_co_owner(session: Session, claim: Membership, by: Actor) -> Membership:
    """Settle a conflict in favour of both: the dwelling has one owner more."""
    _require(claim, by, "approve_as_co_owner")
    _lock(session, claim.dwelling_id)
    if not _has_owner(session, claim.dwelling_id):
        return _let_in(session, claim, "approve", by)
    return _let_in(session, claim, "approve_as_co_owner", by, co_owner=True)


def refuse(session: Session, claim: Membership, by: Actor, reason: str) -> Membership:
    """Turn somebody away; they read the reason and may ask again."""
    _require(claim, by, "decide")
    _lock(session, claim.dwelling_id)
    _move(session, claim, "refuse", "refused", by.id, reason)
    publish(session, Refused(claim, by.id or 0))
    return claim


def leave(session: Session, claim: Membership, by: Actor) -> Membership:
    """Move out, or take back what nobody has decided."""
    _require(claim, by, "leave")
    return _give_back(session, claim, "leave", "left", by, "")


def end(session: Session, claim: Membership, by: Actor, reason: str) -> Membership:
    """The committee ends a membership: somebody moved out or never lived there."""
    _require(claim, by, "end")
    return _give_back(session, claim, "end", "ended", by, reason)


def make_representative(session: Session, claim: Membership, by: Actor) -> Membership:
    """Let this member speak for the household, in place of who does now."""
    _require(claim, by, "make_representative")
    _lock(session, claim.dwelling_id)
    session.refresh(claim)
    if claim.state != "approved":
        raise Conflict(_("Somebody else was faster. Reload the page to see what happened."))
    if not claim.representative:
        _represent(session, claim, by.id)
    return claim


# How it is done ---------------------------------------------------------------------------------------


def _require(claim: Membership, by: Actor, action: str) -> None:
    judged = ClaimCase(by, claim)
    if not allows(judged, action):
        raise Forbidden
    if not fits(judged, action):
        raise Conflict(_("This has been decided already. Reload the page to see what happened."))


def _lock(session: Session, dwelling_id: int) -> None:
    households.lock(session, dwelling_id)


def _let_in(
    session: Session, claim: Membership, name: str, by: Actor, *, co_owner: bool = False
) -> Membership:
    household = households.open_at(session, claim.dwelling_id)
    try:
        with session.begin_nested():
            _move(
                session,
                claim,
                name,
                "approved",
                by.id,
                household_id=household.id,
                co_owner=co_owner,
                representative=_representative_of(session, claim.dwelling_id) is None,
            )
    except IntegrityError:
        raise Conflict(_("Somebody else was faster. Reload the page to see what happened.")) from None
    _recount(session, claim.code)
    publish(session, Joined(claim, by.id or 0))
    return claim


def _give_back(
    session: Session, claim: Membership, name: str, target: str, by: Actor, reason: str
) -> Membership:
    _lock(session, claim.dwelling_id)
    source, spoke = claim.state, claim.representative
    _move(session, claim, name, target, by.id, reason, representative=False)
    if source == "approved":
        if spoke:
            _pass_on(session, claim.dwelling_id)
        households.close_if_empty(session, claim.dwelling_id)
        _recount(session, claim.code)
    publish(session, Left(claim, by.id or 0, source))
    return claim


def _move(
    session: Session,
    claim: Membership,
    name: str,
    target: str,
    by_id: int | None,
    reason: str = "",
    **values: Any,
) -> None:
    """Write the next state if the claim is still in the one that was seen. Raises Conflict when it is not."""
    source = claim.state
    decided = {"decided_at": clock.now(), "decided_by_id": by_id, "decision": reason} | values
    session.flush()
    moved = session.execute(
        update(Membership)
        .where(Membership.id == claim.id, Membership.state == source)
        .values(state=target, **decided)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:
        raise Conflict(_("Somebody else was faster. Reload the page to see what happened."))
    session.refresh(claim)
    _record(session, claim, name, source, by_id, reason)


def _record(
    session: Session, claim: Membership, name: str, source: str | None, by_id: int | None, reason: str = ""
) -> None:
    session.add(
        MembershipTransition(
            membership_id=claim.id,
            name=name,
            source=source,
            target=claim.state,
            by_id=by_id,
            reason=reason,
            at=clock.now(),
        )
    )
    session.flush()


def _represent(session: Session, claim: Membership, by_id: int | None) -> None:
    """Make one claim of a dwelling its representative; the one before stops first, for there is one at most."""
    for dwelling, value in (
        (Membership.dwelling_id == claim.dwelling_id, False),
        (Membership.id == claim.id, True),
    ):
        session.execute(
            update(Membership)
            .where(dwelling, Membership.state == "approved", Membership.representative.is_(not value))
            .values(representative=value)
            .execution_options(synchronize_session=False)
        )
    session.refresh(claim)
    _record(session, claim, "represent", claim.state, by_id)
    publish(session, Represents(claim, by_id))


def _pass_on(session: Session, dwelling_id: int) -> None:
    """Somebody of the household speaks for it next: an owner before others, the longest there first."""
    precedence = case({"owner": 0, "family": 1}, value=Membership.kind, else_=2)
    following = session.scalar(_approved(dwelling_id).order_by(precedence, Membership.id).limit(1))
    if following is not None:
        _represent(session, following, None)


def _recount(session: Session, code: str) -> None:
    """Keep the number of residents: people, however many dwellings each has.

    The division is locked before it is counted, so that two approvals at once are both counted.
    """
    session.execute(select(Division.code).where(Division.code == code).with_for_update())
    people = select(func.count(Membership.account_id.distinct())).where(
        Membership.code == code, Membership.state == "approved"
    )
    residents = session.scalar(people)
    session.execute(update(Division).where(Division.code == code).values(residents=residents))


def _approved(dwelling_id: int) -> Any:
    return select(Membership).where(Membership.dwelling_id == dwelling_id, Membership.state == "approved")


def _undecided(session: Session, account_id: int) -> int:
    waiting = select(func.count()).where(Membership.account_id == account_id, Membership.state.in_(UNDECIDED))
    return session.scalar(waiting) or 0


def _has_owner(session: Session, dwelling_id: int) -> bool:
    return session.scalar(_approved(dwelling_id).where(Membership.kind == "owner").limit(1)) is not None


def _claims_of_owners(session: Session, dwelling_id: int, *, but: int) -> bool:
    found = session.scalar(
        select(Membership.id)
        .where(
            Membership.dwelling_id == dwelling_id,
            Membership.kind == "owner",
            Membership.state.in_(LIVE),
            Membership.account_id != but,
        )
        .limit(1)
    )
    return found is not None


def _representative_of(session: Session, dwelling_id: int) -> int | None:
    return session.scalar(
        select(Membership.id).where(
            Membership.dwelling_id == dwelling_id, Membership.state == "approved", Membership.representative
        )
    )
