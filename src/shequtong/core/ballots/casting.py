"""Casting a ballot: one for each dwelling. An open one may be changed until the close, a secret one is final.

The round's row is locked first and the clock is read after that, so that the deadline is decided inside the
transaction (V5) and the kept sums are right. That there is one ballot only, the key of `ballot_turnout` holds (V1).
"""

from __future__ import annotations

from sqlalchemy import and_, select, update
from sqlmodel import Session

from shequtong.core.ballots import sealing, showing
from shequtong.core.ballots.models import Ballot, Mandate, RollEntry, Round, SealedBallot, Turnout, Voter
from shequtong.core.communities.models import Membership
from shequtong.core.identity.actor import Actor
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Conflict, Forbidden, Invalid
from shequtong.lib.i18n import gettext as _


def lock(session: Session, round_id: int) -> Round:
    """The round as it is now; whoever else casts, enters or counts waits."""
    mine = select(Round).where(Round.id == round_id).with_for_update()
    return session.scalars(mine.execution_options(populate_existing=True)).one()


def cast(
    session: Session, round_id: int, actor: Actor, dwelling_id: int, choice: str, version: int = 0
) -> str:
    """Cast a dwelling's ballot, or change it where `version` is that of the ballot to change.

    The receipt of a secret ballot, which nobody can be told again; "" for an open one. Raises Forbidden for whoever
    may not vote for this dwelling, Invalid for no such option, Conflict when it is too late or was done already.
    """
    round_ = lock(session, round_id)
    refuse_late(round_)
    way = way_of(session, round_, actor, dwelling_id)
    if not way:
        raise Forbidden(_("You may not vote for this dwelling."))
    places = {key: place for place, (key, _label) in enumerate(round_.options)}
    if choice not in places:
        raise Invalid(_("Choose one of the options"))
    if not round_.secret:
        _cast_open(session, round_, actor, dwelling_id, choice, version, way)
        return ""
    if not take_part(session, round_, dwelling_id, way):
        raise Conflict(_("This dwelling has voted already. A secret ballot is final."))
    receipt = sealing.new_receipt()
    sheet = sealing.Sheet(
        places[choice], _area(session, round_, dwelling_id), sealing.mark_of(round_.id, receipt)
    )
    session.add(
        SealedBallot(
            id=sealing.new_place(),
            round_id=round_.id,
            content=sealing.seal(round_.seal, round_.id, sheet),
        )
    )
    session.flush()
    return receipt


def refuse_late(round_: Round) -> None:
    """Raise Conflict unless the round takes ballots at this moment, by the server's clock (V5)."""
    if showing.is_over(round_):
        raise Conflict(_("The vote is over. No ballot is taken any more."))


def way_of(session: Session, round_: Round, actor: Actor, dwelling_id: int) -> str:
    """How somebody votes for a dwelling: online for their own, as a proxy, or "" for not at all.

    They stood on the roll when it was frozen, or hold a mandate, and still live here (A6).
    """
    at_home = Membership.account_id == actor.id, Membership.state == "approved"
    owned = (
        select(Voter.account_id)
        .join(Membership, and_(Membership.dwelling_id == Voter.dwelling_id, *at_home))
        .where(Voter.round_id == round_.id, Voter.dwelling_id == dwelling_id, Voter.account_id == actor.id)
        .exists()
    )
    held = (
        select(Mandate.holder_id)
        .where(
            Mandate.round_id == round_.id,
            Mandate.dwelling_id == dwelling_id,
            Mandate.holder_id == actor.id,
            select(Membership.id).where(Membership.code == round_.code, *at_home).exists(),
        )
        .exists()
    )
    own, proxy = session.execute(select(owned, held)).one()
    return "online" if own else "proxy" if proxy else ""


def take_part(session: Session, round_: Round, dwelling_id: int, way: str) -> bool:
    """Note that a dwelling took part, and add it to the sums; False when it has done so before."""
    new = insert_or_nothing(
        session,
        Turnout,
        round_id=round_.id,
        dwelling_id=dwelling_id,
        way=way,
        on_day=clock.today(),
        twice=False,
    )
    if new:
        round_.voted_heads += 1
        round_.voted_area += _area(session, round_, dwelling_id)
    return new


def _cast_open(
    session: Session, round_: Round, actor: Actor, dwelling_id: int, choice: str, version: int, way: str
) -> None:
    mine = Ballot.round_id == round_.id, Ballot.dwelling_id == dwelling_id
    ballot = {"choice": choice, "by_id": actor.id, "at": clock.now()}
    if version:
        if way == "proxy" and _is_cast_by_the_home(session, round_, dwelling_id):
            raise Conflict(_("This home has voted itself. Its own ballot stands."))
        changed = session.execute(
            update(Ballot).where(*mine, Ballot.version == version).values(version=version + 1, **ballot)
        )
        if changed.rowcount != 1:
            raise Conflict(_("Somebody of your home has changed the ballot since you opened the page."))
        return
    row = {"round_id": round_.id, "dwelling_id": dwelling_id}
    if not insert_or_nothing(session, Ballot, **row, version=1, **ballot):
        raise Conflict(_("This dwelling has voted already. Open the page again to change the ballot."))
    if not take_part(session, round_, dwelling_id, way):
        session.execute(
            update(Turnout)
            .where(Turnout.round_id == round_.id, Turnout.dwelling_id == dwelling_id)
            .values(way=way, twice=True)
        )


def _is_cast_by_the_home(session: Session, round_: Round, dwelling_id: int) -> bool:
    """Whether somebody of the roll cast the ballot: who acts takes the power to act back (Civil Code, art. 173)."""
    own = select(Voter.account_id).where(Voter.round_id == round_.id, Voter.dwelling_id == dwelling_id)
    cast = select(Ballot.by_id).where(
        Ballot.round_id == round_.id, Ballot.dwelling_id == dwelling_id, Ballot.by_id.in_(own)
    )
    return session.scalars(cast).first() is not None


def _area(session: Session, round_: Round, dwelling_id: int) -> int:
    return session.scalars(
        select(RollEntry.area).where(RollEntry.round_id == round_.id, RollEntry.dwelling_id == dwelling_id)
    ).one()
