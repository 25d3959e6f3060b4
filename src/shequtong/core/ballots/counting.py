"""Counting a round once it is over: by the clock, or by staff when every paper ballot has been read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, insert, select
from sqlmodel import Session

from shequtong.core.ballots import entering, events, publishing, recording, sealing
from shequtong.core.ballots.casting import lock
from shequtong.core.ballots.models import Round, SealedBallot, SecretBallot
from shequtong.core.ballots.rules import BY_KEY, NOTHING, Weight
from shequtong.core.posts.models import Post
from shequtong.lib import clock
from shequtong.lib.crypto import Unreadable
from shequtong.lib.errors import Conflict
from shequtong.lib.events import publish as tell
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import ngettext

CROWD = 5
"""A secret ballot is published with its area only among so many others of the very same area."""
AT_ONCE = 50

log = structlog.get_logger(__name__)


class Counted(NamedTuple):
    """A ballot on the table: the option, and the area it weighs in square centimetres (0 where area is no matter)."""

    choice: str
    area: int


def count(session: Session, round_id: int, by_id: int | None = None) -> Round:
    """Count a round for good, and tell. Raises Conflict before its time, or when it is counted already.

    Staff (`by_id`) may count before the clock does, once no paper waits for its second reader.
    """
    round_ = lock(session, round_id)
    if round_.state != "open":
        raise Conflict(_("This vote has been counted already."))
    if clock.now() < round_.closes_at:
        raise Conflict(_("The vote is still open. It is counted when its time is over."))
    if round_.closed_at is None:
        _close(session, round_)
    left = [paper for paper in entering.papers(session, round_.id) if paper.state != "agreed"]
    if by_id is not None and left:
        raise Conflict(
            ngettext(
                "%(n)s paper ballot has not been read the same by two people.",
                "%(n)s paper ballots have not been read the same by two people.",
                len(left),
            )
        )
    by_area = BY_KEY[round_.rule].by_area
    ballots = (
        _open_the_urn(session, round_, by_area) if round_.secret else _in_the_open(session, round_, by_area)
    )
    tally = tallied(ballots)
    roll = Weight(round_.roll_heads, round_.roll_area)
    result, round_.carried = BY_KEY[round_.rule].result(roll, tally)
    round_.tally = {key: list(tally[key]) for key, _label in round_.options if key in tally}
    round_.result, round_.state, round_.counted_at, round_.seal = result, "counted", clock.now(), ""
    session.flush()
    round_.digest = publishing.ballots_digest(session, round_)
    facts = {
        "voted": [round_.voted_heads, round_.voted_area],
        "tally": round_.tally,
        "pooled": round_.pooled,
        "result": round_.result,
        "carried": round_.carried,
        "ballots_sha256": round_.digest,
        "papers_not_agreed": len(left),
    }
    recording.record(session, round_, "counted", facts, by_id)
    tell(session, events.RoundCounted(session.get_one(Post, round_.post_id), round_, by_id))
    return round_


def close_due_rounds(session: Session) -> None:
    """Write down that a round is closed, so that no clock that is set back opens it again."""
    due = session.scalars(
        select(Round)
        .where(Round.state == "open", Round.closed_at.is_(None), Round.closes_at <= clock.now())
        .order_by(Round.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for round_ in due:
        _close(session, round_)


def _close(session: Session, round_: Round) -> None:
    round_.closed_at = clock.now()
    recording.record(session, round_, "closed", {"voted": [round_.voted_heads, round_.voted_area]}, None)


def count_due_rounds(session: Session) -> None:
    """Count every round whose time has come. One that cannot be counted leaves the others theirs.

    Nothing is closed or counted while the machine's clock cannot be relied on (quality R6).
    """
    if not clock.settled():
        return
    close_due_rounds(session)
    due = session.scalars(
        select(Round.id)
        .where(Round.state == "open", Round.count_at <= clock.now())
        .order_by(Round.count_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for round_id in due:
        try:
            with session.begin_nested():
                count(session, round_id)
        except (Unreadable, InvalidTag):
            log.error(
                "a secret vote cannot be counted without the SECRET_KEY it was opened with", round=round_id
            )


def tallied(ballots: Iterable[Counted]) -> dict[str, Weight]:
    """What each option got."""
    tally: dict[str, Weight] = {}
    for ballot in ballots:
        heads, area = tally.get(ballot.choice, NOTHING)
        tally[ballot.choice] = Weight(heads + 1, area + ballot.area)
    return tally


def _in_the_open(session: Session, round_: Round, by_area: bool) -> Iterator[Counted]:
    """The ballots of an open round: those cast online, and the papers of dwellings that cast none."""
    for row in publishing.open_ballots(session, round_.id):
        yield Counted(row.choice, row.area if by_area else 0)


def _open_the_urn(session: Session, round_: Round, by_area: bool) -> list[Counted]:
    """Read the sealed ballots, publish them in the order of their marks, and empty the urn."""
    contents = session.scalars(select(SealedBallot.content).where(SealedBallot.round_id == round_.id)).all()
    sheets = sealing.unseal(round_.seal, round_.id, list(contents))
    keys = [key for key, _label in round_.options]
    shown = _shown_areas([sheet.area for sheet in sheets]) if by_area else set()
    read = [
        (sheet.mark.hex(), Counted(keys[sheet.option], sheet.area if by_area else 0))
        for sheet in sorted(sheets, key=lambda sheet: sheet.mark)
    ]
    if read:
        session.execute(
            insert(SecretBallot),
            [
                {
                    "round_id": round_.id,
                    "mark": mark,
                    "choice": ballot.choice,
                    "area": ballot.area if ballot.area in shown else None,
                }
                for mark, ballot in read
            ],
        )
    pool = tallied(ballot for _mark, ballot in read if by_area and ballot.area not in shown)
    round_.pooled = {key: list(pool[key]) for key in keys if key in pool}
    session.execute(delete(SealedBallot).where(SealedBallot.round_id == round_.id))
    return [ballot for _mark, ballot in read]


def _shown_areas(areas: Sequence[int]) -> set[int]:
    """The areas that enough ballots share. The others are pooled, and the pool is a crowd too, or all there are."""
    sharing = Counter(areas)
    shown = {area for area, ballots in sharing.items() if ballots >= CROWD}
    pooled = sum(ballots for area, ballots in sharing.items() if area not in shown)
    for area, ballots in sorted(sharing.items(), key=lambda item: (item[1], item[0])):
        if not 0 < pooled < CROWD:
            break
        if area in shown:
            shown.discard(area)
            pooled += ballots
    return shown
