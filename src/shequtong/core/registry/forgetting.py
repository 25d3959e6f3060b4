"""What of the registry goes along with a person, what stays when an account goes, and what goes with a row."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlmodel import Session

from shequtong.core.identity.events import AccountErased, RowsAsked
from shequtong.core.identity.models import Look
from shequtong.core.registry.models import Change, Overlay, Person, PersonVisit, RegistryDelivery, VisitPlan


def pack(session: Session, asked: RowsAsked) -> None:
    """The lists somebody is on, and how their rows were changed, with why; other people's names are left out."""
    own = select(Person.id).where(Person.account_id == asked.account_id)
    listed = session.execute(
        select(
            Overlay.kind, Overlay.source, Overlay.since, Overlay.until, Overlay.review_on, Overlay.ended_at
        )
        .where(Overlay.person_id.in_(own))
        .order_by(Overlay.id)
    )
    changed = session.execute(
        select(Change.at, Change.name, Change.overlay, Change.facts, Change.reason)
        .where(Change.person_id.in_(own))
        .order_by(Change.id)
    )
    visited = session.execute(
        select(PersonVisit.visited_on, PersonVisit.outcome, PersonVisit.note)
        .where(PersonVisit.person_id.in_(own))
        .order_by(PersonVisit.id)
    )
    planned = session.execute(
        select(VisitPlan.every_days, VisitPlan.next_on, VisitPlan.ended_at)
        .where(VisitPlan.person_id.in_(own))
        .order_by(VisitPlan.id)
    )
    for name, found in (("registry_visit", visited), ("registry_visit_plan", planned)):
        if rows := [dict(row) for row in found.mappings()]:
            asked.tables[name] = rows
    if rows := [dict(row) for row in listed.mappings()]:
        asked.tables["registry_overlay"] = rows
    if rows := [_told(row) for row in changed.mappings()]:
        asked.tables["registry_change"] = rows


def on_account_erased(session: Session, erased: AccountErased) -> None:
    """The account goes; what the committee must know of who lives here stays, tied to nobody."""
    session.execute(update(Person).where(Person.account_id == erased.account_id).values(account_id=None))
    session.execute(delete(RegistryDelivery).where(RegistryDelivery.by_id == erased.account_id))


def forget_looks(session: Session, _table: Table, ids: list[Any]) -> None:
    """Who looked at rows that go now is forgotten too, where nobody with an account may read it."""
    session.execute(delete(Look).where(Look.person_id.in_(ids), Look.account_id.is_(None)))


def _told(row: Any) -> dict[str, Any]:
    facts = [
        f"{field}: {before or '–'} → {after or '–'}" for field, before, after in json.loads(row["facts"])
    ]
    return dict(row) | {"facts": "; ".join(facts)}
