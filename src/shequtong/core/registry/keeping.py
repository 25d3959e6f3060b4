"""To write into the registry. Each act is one function here, and leaves who did it, why and when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlmodel import Session

from shequtong.core.communities import households
from shequtong.core.communities.events import WhoStays
from shequtong.core.communities.models import Building, Dwelling, Household, Membership
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account, Look
from shequtong.core.identity.registering import phone_index
from shequtong.core.registry import finding
from shequtong.core.registry.models import GONE, LIVING, Change, Overlay, Person
from shequtong.core.registry.overlays import OVERLAYS
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, Invalid, NotFound
from shequtong.lib.i18n import gettext as _

FACTS = ("name", "phone", "birth_year", "relation", "state", "since")
"""What is known of a person, as forms and tables give it. `phone` is a normal number or empty."""


def add(
    session: Session,
    dwelling: Dwelling,
    facts: Mapping[str, Any],
    by: Actor,
    reason: str,
    *,
    source: str = "form",
    import_id: int | None = None,
) -> Person:
    """Write somebody down at a dwelling."""
    person = Person(
        code=dwelling.code,
        building_id=dwelling.building_id,
        dwelling_id=dwelling.id,
        name="",
        name_index="",
        source=source,
        at=clock.now(),
    )
    changes = _write(person, facts)
    _house(session, person)
    session.add(person)
    session.flush()
    record(session, by, "add", reason, person=person, changes=changes, import_id=import_id)
    return person


def correct(
    session: Session,
    person: Person,
    facts: Mapping[str, Any],
    by: Actor,
    reason: str,
    *,
    import_id: int | None = None,
) -> bool:
    """Put right what is written; False when it says so already. A new state is for `change_state`."""
    changes = _write(person, facts)
    if not changes:
        return False
    session.flush()
    record(session, by, "correct", reason, person=person, changes=changes, import_id=import_id)
    return True


def change_state(
    session: Session,
    person: Person,
    state: str,
    day: date | None,
    by: Actor,
    reason: str,
    *,
    import_id: int | None = None,
) -> None:
    """They moved out, died, own the dwelling but live elsewhere, or live here (again). Raises Conflict for no change.

    Of who has gone all overlays end.
    """
    if person.state == state:
        raise Conflict(_("This is what the registry says already."))
    households.lock(session, person.dwelling_id)
    changes = [["state", person.state, state]]
    person.state, person.left_on = state, (day or clock.today()) if state in GONE else None
    if person.left_on:
        changes.append(["left_on", "", str(person.left_on)])
    _house(session, person)
    session.flush()
    close_if_empty(session, person.dwelling_id)
    record(session, by, "change_state", reason, person=person, changes=changes, import_id=import_id)
    if state in GONE:
        for overlay in running(session, person.id):
            end_overlay(session, overlay, by, reason)


def move(session: Session, person: Person, to: Dwelling, by: Actor, reason: str) -> None:
    """One person goes to live in another dwelling of the community. Raises Conflict when they stand there already."""
    if person.state in GONE:
        raise Conflict(_("They have moved out or died. First say that they live here again."))
    _not_there_twice(session, person, to)
    before = person.dwelling_id
    households.lock(session, before, to.id)
    _move(session, person, to, by, "move", reason)
    close_if_empty(session, before)


def move_household(session: Session, home: Dwelling, to: Dwelling, by: Actor, reason: str) -> int:
    """Everybody who lives in a dwelling goes to another, where nobody lives; how many they are. Raises Conflict."""
    households.lock(session, home.id, to.id)
    if home.id == to.id:
        raise Conflict(_("This is the dwelling where they live now."))
    if _living(session, to.id):
        raise Conflict(_("Somebody lives there already. If they are one household now, join them together."))
    return _move_all(session, home, to, by, "move_household", reason)


def merge_households(session: Session, home: Dwelling, into: Dwelling, by: Actor, reason: str) -> int:
    """The household of one dwelling becomes part of that of another; how many came. Raises Conflict."""
    households.lock(session, home.id, into.id)
    if home.id == into.id:
        raise Conflict(_("This is the dwelling where they live now."))
    if not _living(session, into.id):
        raise Conflict(_("Nobody lives there. Let the household move there instead."))
    return _move_all(session, home, into, by, "merge_households", reason)


def mark(
    session: Session,
    person: Person,
    kind: str,
    by: Actor,
    *,
    source: str,
    since: date,
    until: date | None = None,
    review_on: date | None = None,
    reason: str = "",
) -> Overlay:
    """Put somebody on a list that a duty needs. Raises Conflict when they are on it, or have gone."""
    if kind not in OVERLAYS or (until and until < since):
        raise Invalid
    households.lock(session, person.dwelling_id)
    if person.state in GONE:
        raise Conflict(_("They have moved out or died. First say that they live here again."))
    if any(overlay.kind == kind for overlay in running(session, person.id)):
        raise Conflict(_("They are on this list already."))
    overlay = Overlay(
        code=person.code,
        person_id=person.id,
        kind=kind,
        source=source,
        since=since,
        until=until,
        review_on=review_on or clock.today() + OVERLAYS[kind].review,
        by_id=by.id,
        at=clock.now(),
    )
    session.add(overlay)
    session.flush()
    changes = [["since", "", str(since)], ["until", "", str(until or "")], ["source", "", source]]
    record(session, by, "mark", reason, person=person, overlay=kind, changes=changes)
    return overlay


def review_overlay(session: Session, overlay: Overlay, by: Actor, review_on: date, reason: str) -> None:
    """Somebody asked: it still holds, until the next day of review."""
    person = session.get_one(Person, overlay.person_id)
    changes = [["review_on", str(overlay.review_on), str(review_on)]]
    overlay.review_on = review_on
    record(session, by, "review", reason, person=person, overlay=overlay.kind, changes=changes)


def end_overlay(session: Session, overlay: Overlay, by: Actor, reason: str) -> None:
    """Take somebody off a list. Raises Conflict when they are off it already."""
    if overlay.ended_at is not None:
        raise Conflict(_("They are not on this list any more."))
    overlay.ended_at, overlay.ended_by_id = clock.now(), by.id
    person = session.get_one(Person, overlay.person_id)
    record(session, by, "end_overlay", reason, person=person, overlay=overlay.kind)


def tie(session: Session, person: Person, account_id: int, by: Actor, reason: str) -> None:
    """This person is who has that account: they read who looked at their row before, and take it along in an export.

    Raises Conflict when the account does not belong to this community, or is tied to somebody else behind this door.
    """
    if account_id == by.id:
        raise Conflict(_("This is about yourself. Somebody else has to decide it."))
    belongs = select(Membership.id).where(
        Membership.account_id == account_id, Membership.code == person.code, Membership.state == "approved"
    )
    if session.scalar(belongs.limit(1)) is None:
        raise NotFound
    taken = select(Person.id).where(Person.dwelling_id == person.dwelling_id, Person.account_id == account_id)
    if session.scalar(taken) is not None:
        raise Conflict(_("This account is tied to somebody of this dwelling already."))
    if person.account_id is not None:
        raise Conflict(_("They are tied to an account already. Untie it first."))
    person.account_id = account_id
    give_looks(session, person.id, account_id)
    record(session, by, "tie", reason, person=person, changes=[["account", "", _named(session, account_id)]])


def untie(session: Session, person: Person, by: Actor, reason: str) -> None:
    """The account was another's. Looks at this row are theirs no more."""
    if person.account_id is None:
        raise Conflict(_("They are tied to no account."))
    before = _named(session, person.account_id)
    person.account_id = None
    give_looks(session, person.id, None)
    record(session, by, "untie", reason, person=person, changes=[["account", before, ""]])


def record(
    session: Session,
    by: Actor,
    name: str,
    reason: str,
    *,
    code: str = "",
    person: Person | None = None,
    dwelling_id: int | None = None,
    overlay: str = "",
    changes: list[list[str]] | None = None,
    import_id: int | None = None,
) -> Change:
    """Write down what was done. In the same transaction as the act itself, or it was none."""
    change = Change(
        code=person.code if person else code,
        person_id=person.id if person else None,
        dwelling_id=person.dwelling_id if person else dwelling_id,
        name=name,
        overlay=overlay,
        facts=json.dumps(changes or [], ensure_ascii=False),
        reason=reason,
        import_id=import_id,
        by_id=by.id,
        at=clock.now(),
    )
    session.add(change)
    session.flush()
    return change


def tell_who_stays(session: Session, asked: WhoStays) -> None:
    """People of the registry live on behind a door to which no account belongs any more."""
    if number := _living(session, asked.dwelling_id):
        asked.stays.append(number)


# How it is done -----------------------------------------------------------------------------------------


def _write(person: Person, facts: Mapping[str, Any]) -> list[list[str]]:
    """Put facts into a row; what changed. What the mapping does not hold stays."""
    changes = []
    for field in FACTS:
        if field in facts and (value := facts[field] or None) != getattr(person, field):
            changes.append([field, _plain(getattr(person, field)), _plain(value)])
            setattr(person, field, value)
    if any(field == "name" for field, *_rest in changes):
        person.name_index = finding.name_index(person.name)
    if any(field == "phone" for field, *_rest in changes):
        person.phone_index = phone_index(person.phone) if person.phone else None
    return changes


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _house(session: Session, person: Person) -> None:
    """Who lives here belongs to the household of their dwelling; who does not belongs to none."""
    lives = person.state == LIVING
    person.household_id = households.open_at(session, person.dwelling_id).id if lives else None


def _move(session: Session, person: Person, to: Dwelling, by: Actor, name: str, reason: str) -> None:
    before = door(session, person.dwelling_id)
    left = person.dwelling_id
    person.dwelling_id, person.building_id = to.id, to.building_id
    _house(session, person)
    session.flush()
    changes = [["dwelling", before, door(session, to.id)]]
    if name == "merge_households" and person.relation == "head":
        person.relation = "kin"
        changes.append(["relation", "head", "kin"])
    record(session, by, name, reason, person=person, changes=changes)
    if name == "move":
        record(session, by, name, reason, code=person.code, dwelling_id=left, changes=changes)


def _move_all(session: Session, home: Dwelling, to: Dwelling, by: Actor, name: str, reason: str) -> int:
    moving = session.scalars(
        select(Person).where(Person.dwelling_id == home.id, Person.state == LIVING).order_by(Person.id)
    ).all()
    if not moving:
        raise Conflict(_("Nobody of the registry lives in this dwelling."))
    for person in moving:
        _not_there_twice(session, person, to)
        _move(session, person, to, by, name, reason)
    close_if_empty(session, home.id)
    changes = [["dwelling", door(session, home.id), door(session, to.id)]]
    record(session, by, name, reason, code=home.code, dwelling_id=home.id, changes=changes)
    return len(moving)


def _not_there_twice(session: Session, person: Person, to: Dwelling) -> None:
    if person.dwelling_id == to.id:
        raise Conflict(_("This is the dwelling where they live now."))
    twice = select(
        exists().where(
            Person.dwelling_id == to.id,
            Person.account_id.is_not(None),
            Person.account_id == person.account_id,
        )
    )
    if session.scalar(twice):
        raise Conflict(_("They stand in the registry at that dwelling already."))


def _living(session: Session, dwelling_id: int) -> int:
    lives = select(func.count()).where(Person.dwelling_id == dwelling_id, Person.state == LIVING)
    return session.scalar(lives) or 0


def close_if_empty(session: Session, dwelling_id: int) -> None:
    """End the household of a dwelling that nobody lives in any more."""
    session.flush()
    households.close_if_empty(session, dwelling_id)


def running(session: Session, person_id: int) -> list[Overlay]:
    """The lists somebody is on today."""
    found = select(Overlay).where(Overlay.person_id == person_id, finding.runs())
    return list(session.scalars(found))


def give_looks(session: Session, person_id: int, account_id: int | None) -> None:
    """Who looked at this person is read by this account from now on."""
    session.execute(
        update(Look)
        .where(Look.person_id == person_id)
        .values(account_id=account_id)
        .execution_options(synchronize_session=False)
    )


def _named(session: Session, account_id: int) -> str:
    return session.scalar(select(Account.name).where(Account.id == account_id)) or ""


def door(session: Session, dwelling_id: int) -> str:
    """A dwelling in words: its building and room."""
    found = session.execute(
        select(Building.name, Dwelling.room)
        .join(Building, Building.id == Dwelling.building_id)
        .where(Dwelling.id == dwelling_id)
    ).one()
    return f"{found.name} {found.room}"


def household_of(session: Session, dwelling_id: int) -> list[Household]:
    """The households that have lived in a dwelling, the last first."""
    lived = select(Household).where(Household.dwelling_id == dwelling_id).order_by(Household.id.desc())
    return list(session.scalars(lived))
