"""Paper ballots of an open round: read by two people, each alone; what they read differently counts for nothing (V7).

A dwelling that voted online and on paper counts once, by its online ballot: that one bears the server's time, could
be changed until the close, and was cast by somebody on the roll; a paper found later cannot undo it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session

from shequtong.core.ballots import recording
from shequtong.core.ballots.casting import lock, take_part
from shequtong.core.ballots.models import PaperBallot, RollEntry, Round, Turnout
from shequtong.core.identity.actor import Actor
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Conflict, Forbidden, Invalid
from shequtong.lib.i18n import gettext as _

READERS = 2
"""So many people must have read a paper ballot the same."""


def enter(session: Session, round_id: int, actor: Actor, dwelling_id: int, choice: str) -> None:
    """Note what somebody reads on the paper of a dwelling; once more corrects their own reading.

    Raises Invalid for a dwelling that is not on the roll, Conflict when the round is counted or has no paper,
    Forbidden for the paper of one's own dwelling.
    """
    round_ = lock(session, round_id)
    if round_.state != "open" or not round_.papers:
        raise Conflict(_("No paper ballot is taken for this vote."))
    if choice not in {key for key, _label in round_.options}:
        raise Invalid(_("Choose one of the options"))
    if any(role.dwelling_id == dwelling_id for role in actor.roles):
        raise Forbidden(_("Somebody else enters the paper ballot of your own home."))
    entry = session.get(RollEntry, (round_.id, dwelling_id))
    if entry is None:
        raise Invalid(_("This dwelling is not on the roll of this vote"))
    own = {"round_id": round_.id, "dwelling_id": dwelling_id, "by_id": actor.id}
    read = {"choice": choice, "at": clock.now()}
    if not insert_or_nothing(session, PaperBallot, **own, **read):
        session.execute(update(PaperBallot).filter_by(**own).values(**read))
    _settle(session, round_, entry)
    recording.record(session, round_, "paper_entered", {"roll_number": entry.number}, actor.id)


def _settle(session: Session, round_: Round, entry: RollEntry) -> None:
    """Let a dwelling take part by its paper while two have read it the same, and nobody otherwise."""
    readings = session.scalars(
        select(PaperBallot.choice).where(
            PaperBallot.round_id == round_.id, PaperBallot.dwelling_id == entry.dwelling_id
        )
    ).all()
    mine = Turnout.round_id == round_.id, Turnout.dwelling_id == entry.dwelling_id
    if agreed(readings):
        if not take_part(session, round_, entry.dwelling_id, "paper"):
            session.execute(update(Turnout).where(*mine, Turnout.way != "paper").values(twice=True))
        return
    session.execute(update(Turnout).where(*mine, Turnout.way != "paper").values(twice=False))
    if session.execute(delete(Turnout).where(*mine, Turnout.way == "paper")).rowcount:
        round_.voted_heads -= 1
        round_.voted_area -= entry.area


def agreed(readings: Iterable[str]) -> str:
    """The option that all readers of a paper have found, when they are enough; else ""."""
    found = list(readings)
    return found[0] if len(found) >= READERS and len(set(found)) == 1 else ""


@dataclass(frozen=True)
class Paper:
    """The paper of a dwelling with everybody's reading of it: (name of the reader, option)."""

    dwelling_id: int
    readings: tuple[tuple[Any, str], ...]

    @property
    def state(self) -> str:
        """agreed, differs, or once: it waits for its second reader."""
        choices = [choice for _reader, choice in self.readings]
        return "agreed" if agreed(choices) else "once" if len(choices) < READERS else "differs"


def papers(session: Session, round_id: int) -> list[Paper]:
    """All paper ballots as they were read so far, in the order of their dwellings."""
    found = session.execute(
        select(PaperBallot.dwelling_id, PaperBallot.by_id, PaperBallot.choice)
        .where(PaperBallot.round_id == round_id)
        .order_by(PaperBallot.dwelling_id, PaperBallot.at)
    )
    read: dict[int, list[tuple[Any, str]]] = {}
    for row in found:
        read.setdefault(row.dwelling_id, []).append((row.by_id, row.choice))
    return [Paper(dwelling_id, tuple(readings)) for dwelling_id, readings in read.items()]
