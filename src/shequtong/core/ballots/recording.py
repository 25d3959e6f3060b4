"""The record of a round: a chain of events in which every link holds the digest of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from shequtong.core.ballots.models import Round, RoundEvent
from shequtong.lib import clock

BEGINNING = "0" * 64


def record(session: Session, round_: Round, name: str, facts: Mapping[str, Any], by_id: int | None) -> None:
    """Add a link. The caller holds the lock of the round, so two never claim one place."""
    last = session.scalars(
        select(RoundEvent).where(RoundEvent.round_id == round_.id).order_by(RoundEvent.number.desc()).limit(1)
    ).first()
    event = RoundEvent(
        round_id=round_.id,
        number=last.number + 1 if last else 1,
        name=name,
        facts=dict(facts),
        by_id=by_id,
        at=clock.now(),
        previous=last.digest if last else BEGINNING,
        digest="",
    )
    event.digest = digest_of(link(event))
    session.add(event)
    session.flush()


def chain(session: Session, round_id: int) -> list[RoundEvent]:
    """All links, the first one first."""
    return list(
        session.scalars(select(RoundEvent).where(RoundEvent.round_id == round_id).order_by(RoundEvent.number))
    )


def link(event: RoundEvent) -> dict[str, Any]:
    """A link as it is hashed and published: its time in UTC, whoever acted as a number."""
    return {
        "number": event.number,
        "name": event.name,
        "facts": event.facts,
        "by": event.by_id,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "previous": event.previous,
    }


def digest_of(facts: Mapping[str, Any]) -> str:
    """SHA-256 over the facts as JSON with sorted keys, no spaces, in UTF-8."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
