"""What anybody may take along and count again: the roll without doors, the ballots in an order that says nothing.

Three files: `roll.csv`, `ballots.csv` and `round.json`, which holds the record of the round. `verifying` reads them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from shequtong.core.ballots import recording
from shequtong.core.ballots.models import Ballot, PaperBallot, RollEntry, Round, SecretBallot, Turnout

FORMAT = "shequtong-ballots-1"
ROLL, BALLOTS, ROUND = "roll.csv", "ballots.csv", "round.json"


def terms(round_: Round) -> dict[str, Any]:
    """What was settled when the round opened, and can never change."""
    return {
        "question": round_.question,
        "options": round_.options,
        "rule": round_.rule,
        "secret": round_.secret,
        "papers": round_.papers,
        "proxies": round_.proxies,
        "scope": round_.scope,
        "opened_at": round_.opened_at.astimezone(UTC).isoformat(),
        "closes_at": round_.closes_at.astimezone(UTC).isoformat(),
    }


def open_ballots(session: Session, round_id: int) -> list[Any]:
    """The ballots of an open round that count, each of its roll number; of online and paper the online one."""
    paper = (
        select(PaperBallot.dwelling_id, func.min(PaperBallot.choice).label("choice"))
        .where(PaperBallot.round_id == round_id)
        .group_by(PaperBallot.dwelling_id)
        .subquery()
    )
    statement = (
        select(
            RollEntry.number,
            func.coalesce(Ballot.choice, paper.c.choice).label("choice"),
            RollEntry.area,
            Turnout.way,
        )
        .select_from(RollEntry)
        .join(
            Turnout,
            (Turnout.round_id == RollEntry.round_id) & (Turnout.dwelling_id == RollEntry.dwelling_id),
        )
        .outerjoin(
            Ballot, (Ballot.round_id == RollEntry.round_id) & (Ballot.dwelling_id == RollEntry.dwelling_id)
        )
        .outerjoin(paper, paper.c.dwelling_id == RollEntry.dwelling_id)
        .where(RollEntry.round_id == round_id)
        .order_by(RollEntry.number)
    )
    return list(session.execute(statement))


def ballots_table(session: Session, round_: Round) -> bytes:
    """`ballots.csv`: an open ballot by its number on the roll, a secret one by the mark of its receipt."""
    if round_.secret:
        found = session.execute(
            select(SecretBallot.mark, SecretBallot.choice, SecretBallot.area)
            .where(SecretBallot.round_id == round_.id)
            .order_by(SecretBallot.mark)
        )
        marked = [(row.mark, row.choice, "" if row.area is None else row.area) for row in found]
        return _table(("mark", "choice", "area_cm2"), sorted(marked))
    cast = open_ballots(session, round_.id)
    return _table(("roll_number", "choice", "area_cm2"), ((row.number, row.choice, row.area) for row in cast))


def ballots_digest(session: Session, round_: Round) -> str:
    return hashlib.sha256(ballots_table(session, round_)).hexdigest()


def roll_digest(session: Session, round_: Round) -> str:
    """SHA-256 over number and area of every dwelling, as `roll_lines` writes them."""
    found = session.execute(
        select(RollEntry.number, RollEntry.area)
        .where(RollEntry.round_id == round_.id)
        .order_by(RollEntry.number)
    )
    return hashlib.sha256(roll_lines((row.number, row.area) for row in found)).hexdigest()


def roll_lines(entries: Iterable[tuple[Any, Any]]) -> bytes:
    return "".join(f"{number},{area}\n" for number, area in entries).encode()


def roll_table(session: Session, round_: Round) -> bytes:
    """`roll.csv`: number, area and how a dwelling took part; neither door nor name."""
    found = session.execute(
        select(RollEntry.number, RollEntry.area, Turnout.way)
        .outerjoin(
            Turnout,
            (Turnout.round_id == RollEntry.round_id) & (Turnout.dwelling_id == RollEntry.dwelling_id),
        )
        .where(RollEntry.round_id == round_.id)
        .order_by(RollEntry.number)
    )
    return _table(
        ("roll_number", "area_cm2", "took_part"), ((row.number, row.area, row.way or "") for row in found)
    )


def files(session: Session, round_: Round) -> dict[str, bytes]:
    """All that is published of a counted round."""
    links = [
        recording.link(event) | {"digest": event.digest} for event in recording.chain(session, round_.id)
    ]
    told = {
        "format": FORMAT,
        "id": round_.id,
        "post": round_.post_id,
        "round": round_.number,
        "events": links,
    }
    return {
        ROLL: roll_table(session, round_),
        BALLOTS: ballots_table(session, round_),
        ROUND: (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode(),
    }


def packed(contents: dict[str, bytes]) -> bytes:
    """The files in one archive that is the same at every download."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return into.getvalue()


def _table(heads: tuple[str, ...], lines: Iterable[tuple[Any, ...]]) -> bytes:
    into = io.StringIO()
    writer = csv.writer(into, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(lines)
    return into.getvalue().encode()
