"""What the pages of a round ask the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, exists, func, literal, or_, select, union_all
from sqlmodel import Session

from shequtong.core.ballots.models import (
    Ballot,
    Mandate,
    PaperBallot,
    RollEntry,
    Round,
    SecretBallot,
    Turnout,
    Voter,
)
from shequtong.core.communities.models import Building, Dwelling, Membership
from shequtong.core.identity.models import Account
from shequtong.lib.db import ask, rows

_STILL_THERE = and_(Membership.account_id == bindparam("me"), Membership.state == "approved")
_OWN: Any = (
    select(Voter.round_id, Voter.dwelling_id, literal(1).label("own"))
    .join(Membership, and_(Membership.dwelling_id == Voter.dwelling_id, _STILL_THERE))
    .where(Voter.account_id == bindparam("me"))
)
_HELD: Any = select(Mandate.round_id, Mandate.dwelling_id, literal(0).label("own")).where(
    Mandate.holder_id == bindparam("me"),
    exists().where(Membership.code == bindparam("code"), _STILL_THERE),
)
_MINE: Any = union_all(_OWN, _HELD).subquery("mine")
_TOOK_PART: Any = and_(Turnout.round_id == _MINE.c.round_id, Turnout.dwelling_id == _MINE.c.dwelling_id)


def _count(statement: Any, name: str) -> Any:
    return statement.where(_MINE.c.round_id == Round.id).correlate(Round).scalar_subquery().label(name)


_ROUNDS: Any = (
    select(
        Round.__table__,
        _count(select(func.count(_MINE.c.dwelling_id.distinct())), "may"),
        _count(
            select(func.count(_MINE.c.dwelling_id.distinct())).select_from(_MINE).join(Turnout, _TOOK_PART),
            "done",
        ),
    )
    .where(Round.post_id == bindparam("post_id"))
    .order_by(Round.number.desc())
)


def rounds(session: Session, post_id: int, code: str, account_id: int | None) -> list[Any]:
    """The rounds on a post, the latest first; `may` is for how many dwellings I may vote, `done` how many have."""
    return ask(session, _ROUNDS, post_id=post_id, code=code, me=account_id or 0)


def latest(session: Session, post_id: int) -> Round | None:
    """The round on a post that runs, or ran last."""
    found = select(Round).where(Round.post_id == post_id).order_by(Round.number.desc()).limit(1)
    return session.scalars(found).first()


def find(session: Session, post_id: int, number: int) -> Round | None:
    """The first or the second round on a post."""
    return session.scalars(select(Round).where(Round.post_id == post_id, Round.number == number)).first()


_ITSELF: Any = exists().where(
    Voter.round_id == Ballot.round_id,
    Voter.dwelling_id == Ballot.dwelling_id,
    Voter.account_id == Ballot.by_id,
)
"""The home cast its ballot itself; what it chose is nothing for the holder of its mandate any more."""

_giver = Account.__table__.alias("giver")
_holder = Account.__table__.alias("holder")
_HOMES: Any = (
    select(
        RollEntry.dwelling_id,
        RollEntry.number,
        RollEntry.area,
        Building.name.label("building"),
        func.max(_MINE.c.own).label("own"),
        Turnout.way,
        Ballot.choice,
        Ballot.version,
        Mandate.holder_id,
        _holder.c.name.label("holder"),
        _giver.c.name.label("giver"),
        Mandate.on_paper,
    )
    .select_from(_MINE)
    .join(
        RollEntry,
        and_(RollEntry.round_id == _MINE.c.round_id, RollEntry.dwelling_id == _MINE.c.dwelling_id),
    )
    .join(Building, Building.id == RollEntry.building_id)
    .outerjoin(Turnout, _TOOK_PART)
    .outerjoin(Ballot, and_(Ballot.round_id == _MINE.c.round_id, Ballot.dwelling_id == _MINE.c.dwelling_id))
    .outerjoin(
        Mandate, and_(Mandate.round_id == _MINE.c.round_id, Mandate.dwelling_id == _MINE.c.dwelling_id)
    )
    .outerjoin(_holder, _holder.c.id == Mandate.holder_id)
    .outerjoin(_giver, _giver.c.id == Mandate.given_by_id)
    .where(_MINE.c.round_id == bindparam("round_id"), or_(_MINE.c.own == 1, ~_ITSELF))
    .group_by(
        RollEntry.dwelling_id,
        RollEntry.number,
        RollEntry.area,
        Building.name,
        Building.sort,
        Turnout.way,
        Ballot.choice,
        Ballot.version,
        Mandate.holder_id,
        _holder.c.name,
        _giver.c.name,
        Mandate.on_paper,
    )
    .order_by(func.max(_MINE.c.own).desc(), Building.sort, RollEntry.number)
)


def homes(session: Session, round_id: int, code: str, account_id: int | None) -> list[Any]:
    """The dwellings I may vote for, my own first, each with what was cast and whom it lets vote.

    One that gave me a mandate and then voted itself is not among them.
    """
    return ask(session, _HOMES, round_id=round_id, code=code, me=account_id or 0)


_ALIKE: Any = select(func.count()).where(
    RollEntry.round_id == bindparam("round_id"), RollEntry.area == bindparam("area")
)


def sharing_area(session: Session, round_id: int, area: int) -> int:
    """How many dwellings of the roll have this very floor area."""
    return int(rows(session, _ALIKE, round_id=round_id, area=area).scalar_one())


_TWICE: Any = (
    select(RollEntry.number, Building.name.label("building"))
    .join(Turnout, and_(Turnout.round_id == RollEntry.round_id, Turnout.dwelling_id == RollEntry.dwelling_id))
    .join(Building, Building.id == RollEntry.building_id)
    .where(RollEntry.round_id == bindparam("round_id"), Turnout.twice)
    .order_by(RollEntry.number)
)


def voted_twice(session: Session, round_id: int) -> list[Any]:
    """Dwellings that voted online and on paper; their online ballot counts."""
    return ask(session, _TWICE, round_id=round_id)


_MARKED: Any = select(SecretBallot.choice).where(
    SecretBallot.round_id == bindparam("round_id"), SecretBallot.mark == bindparam("mark")
)


def choice_of(session: Session, round_id: int, mark: str) -> str | None:
    """What the secret ballot with this mark says."""
    found = rows(session, _MARKED, round_id=round_id, mark=mark).first()
    return found.choice if found else None


_PAPERS: Any = (
    select(
        PaperBallot.dwelling_id,
        PaperBallot.by_id,
        PaperBallot.choice,
        Account.name.label("by_name"),
        RollEntry.number,
        Building.name.label("building"),
        Dwelling.room,
        Ballot.version.label("online"),
    )
    .join(Account, Account.id == PaperBallot.by_id)
    .join(
        RollEntry,
        and_(RollEntry.round_id == PaperBallot.round_id, RollEntry.dwelling_id == PaperBallot.dwelling_id),
    )
    .join(Building, Building.id == RollEntry.building_id)
    .join(Dwelling, Dwelling.id == PaperBallot.dwelling_id)
    .outerjoin(
        Ballot,
        and_(Ballot.round_id == PaperBallot.round_id, Ballot.dwelling_id == PaperBallot.dwelling_id),
    )
    .where(PaperBallot.round_id == bindparam("round_id"))
    .order_by(Building.sort, RollEntry.number, PaperBallot.at)
)


def readings(session: Session, round_id: int) -> list[Any]:
    """Every reading of every paper ballot, with its door and its reader."""
    return ask(session, _PAPERS, round_id=round_id)


_PAPER_MANDATES: Any = (
    select(
        Mandate.dwelling_id,
        Account.name.label("holder"),
        Building.name.label("building"),
        Dwelling.room,
        Turnout.way,
    )
    .join(Account, Account.id == Mandate.holder_id)
    .join(Dwelling, Dwelling.id == Mandate.dwelling_id)
    .join(Building, Building.id == Dwelling.building_id)
    .outerjoin(
        Turnout, and_(Turnout.round_id == Mandate.round_id, Turnout.dwelling_id == Mandate.dwelling_id)
    )
    .where(Mandate.round_id == bindparam("round_id"), Mandate.on_paper)
    .order_by(Building.sort, Mandate.dwelling_id)
)


def paper_mandates(session: Session, round_id: int) -> list[Any]:
    """The mandates that were recorded from paper, each with its door and its holder."""
    return ask(session, _PAPER_MANDATES, round_id=round_id)


_BUILDINGS: Any = (
    select(Building.id, Building.name)
    .where(exists().where(RollEntry.building_id == Building.id, RollEntry.round_id == bindparam("round_id")))
    .order_by(Building.sort, Building.id)
)


def buildings(session: Session, round_id: int) -> list[tuple[str, str]]:
    """The buildings that vote, for a form."""
    return [(str(row.id), row.name) for row in ask(session, _BUILDINGS, round_id=round_id)]


_ON_THE_ROLL: Any = (
    select(Voter.account_id)
    .join(Round, Round.id == Voter.round_id)
    .where(Round.post_id == bindparam("post_id"))
    .distinct()
)


def on_the_roll(session: Session, post_id: int) -> set[int]:
    """Everybody who might vote in a round on this post, whether they did or not."""
    return {row.account_id for row in ask(session, _ON_THE_ROLL, post_id=post_id)}
