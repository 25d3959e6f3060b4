"""Visits to those who live alone (走访): how often, by whom, and what was found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from shequtong.core.communities.models import Appointment, Building
from shequtong.core.communities.visiting import Visit
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.core.registry import finding, keeping, overlays
from shequtong.core.registry.models import Overlay, Person, PersonVisit, VisitPlan
from shequtong.lib import clock

ALONE = "elder_alone"
"""The list of those who are visited."""
AGAIN = {"well": None, "needs": timedelta(days=3), "absent": timedelta(days=1)}
"""How soon after a visit somebody goes again: by the plan, or sooner."""
MOST = 100


def is_alone(session: Session, person_id: int) -> bool:
    """Is this person on the list of those who live alone, today?"""
    on = select(Overlay.id).where(Overlay.person_id == person_id, Overlay.kind == ALONE, finding.runs())
    return session.scalar(on.limit(1)) is not None


def plan_of(session: Session, person_id: int) -> VisitPlan | None:
    """How often they are visited, if it is planned."""
    return session.scalar(
        select(VisitPlan).where(VisitPlan.person_id == person_id, VisitPlan.ended_at.is_(None))
    )


def plan(
    session: Session, person: Person, every_days: int, who_id: int, next_on: date, by: Actor, reason: str
) -> VisitPlan:
    """Plan visits; a plan that there was ends."""
    before = plan_of(session, person.id)
    if before is not None:
        before.ended_at = clock.now()
        session.flush()
    made = VisitPlan(
        code=person.code,
        person_id=person.id,
        every_days=every_days,
        who_id=who_id,
        next_on=next_on,
        by_id=by.id,
        at=clock.now(),
    )
    session.add(made)
    session.flush()
    changes = [
        ["every_days", str(before.every_days) if before else "", str(every_days)],
        ["who", "", session.get_one(Account, who_id).name],
        ["next_on", "", str(next_on)],
    ]
    keeping.record(session, by, "plan_visits", reason, person=person, overlay=ALONE, changes=changes)
    return made


def end_plan(session: Session, person: Person, by: Actor, reason: str) -> bool:
    """Visit them no more by a plan; False when there is none."""
    found = plan_of(session, person.id)
    if found is None:
        return False
    found.ended_at = clock.now()
    keeping.record(session, by, "end_visits", reason, person=person, overlay=ALONE)
    return True


def write(
    session: Session, person: Person, visited_on: date, outcome: str, note: str, by: Actor
) -> PersonVisit:
    """Write down a visit. The next one is due by the plan; sooner when they need something or nobody opened."""
    made = PersonVisit(
        code=person.code,
        person_id=person.id,
        visited_on=visited_on,
        outcome=outcome,
        note=note,
        by_id=by.id,
        at=clock.now(),
    )
    session.add(made)
    planned = plan_of(session, person.id)
    if planned is not None:
        every = timedelta(days=planned.every_days)
        planned.next_on = visited_on + min(AGAIN[outcome] or every, every)
    session.flush()
    changes = [["outcome", "", outcome]]
    keeping.record(session, by, "visit", "", person=person, overlay=ALONE, changes=changes)
    return made


def week_ends() -> date:
    """The Sunday of this week."""
    today = clock.today()
    return today + timedelta(days=6 - today.weekday())


def due(session: Session, code: str, within: frozenset[int] | None, by: date) -> list[Any]:
    """Who is to be visited by a day, those due first; in these buildings, or in all."""
    who = Account.__table__.alias("who")
    found = (
        finding.people()
        .add_columns(VisitPlan.next_on, VisitPlan.every_days, who.c.name.label("who"))
        .join(VisitPlan, VisitPlan.person_id == Person.id)
        .join(who, who.c.id == VisitPlan.who_id)
        .where(
            VisitPlan.code == code,
            VisitPlan.ended_at.is_(None),
            VisitPlan.next_on <= by,
            select(Overlay.id)
            .where(Overlay.person_id == Person.id, Overlay.kind == ALONE, finding.runs())
            .exists(),
        )
        .order_by(VisitPlan.next_on, Building.sort, Person.id)
        .limit(MOST)
    )
    if within is not None:
        found = found.where(Person.building_id.in_(within))
    return list(session.execute(found).all())


def visits_of(session: Session, person_id: int) -> list[Any]:
    """The visits to a person, the last first."""
    found = (
        select(
            PersonVisit.id,
            PersonVisit.visited_on,
            PersonVisit.outcome,
            PersonVisit.note,
            PersonVisit.by_id,
            Account.name.label("by_name"),
        )
        .join(Account, Account.id == PersonVisit.by_id)
        .where(PersonVisit.person_id == person_id)
        .order_by(PersonVisit.visited_on.desc(), PersonVisit.id.desc())
    )
    return list(session.execute(found.limit(20)).all())


def who_goes(session: Session, code: str, building_id: int) -> list[tuple[str, str]]:
    """Who may be asked to visit: the staff, and leads of that building."""
    today = clock.today()
    found = session.execute(
        select(Account.id, Account.name)
        .join(Appointment, Appointment.account_id == Account.id)
        .where(
            Appointment.code == code,
            Appointment.office.in_(("clerk", "secretary"))
            | ((Appointment.office == "lead") & (Appointment.building_id == building_id)),
            Appointment.since <= today,
            Appointment.until.is_(None) | (Appointment.until >= today),
            Account.disabled_at.is_(None),
        )
        .group_by(Account.id, Account.name)
        .order_by(Account.id)
    )
    return [(str(row.id), row.name) for row in found]


def overdue(session: Session, visit: Visit) -> list[int]:
    """For the desk: how many visits are overdue, if any are."""
    waiting = (
        select(func.count())
        .select_from(VisitPlan)
        .join(Overlay, Overlay.person_id == VisitPlan.person_id)
        .where(
            VisitPlan.code == visit.community.code,
            VisitPlan.ended_at.is_(None),
            VisitPlan.next_on < clock.today(),
            Overlay.kind == ALONE,
            finding.runs(),
        )
    )
    number = session.scalar(waiting) or 0
    return [number] if number else []


def reach(visit: Visit) -> frozenset[int] | None:
    """The buildings in which this visitor goes to see people; None for all."""
    return overlays.reach(visit.here, ALONE)
