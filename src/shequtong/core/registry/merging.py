"""The same person under two spellings: to suspect it, and to make one row of two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, or_, update
from sqlmodel import Session

from shequtong.core.communities import households
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Look
from shequtong.core.identity.registering import phone_indexes
from shequtong.core.registry import finding, keeping, rounds
from shequtong.core.registry.models import Change, Overlay, Person, PersonVisit, VisitPlan
from shequtong.lib import initials
from shequtong.lib.bigrams import fold, squeeze
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _

FILLED = ("phone", "birth_year", "since")
"""What the row that stays takes over where it says nothing."""


def likely(
    session: Session,
    code: str,
    dwelling_id: int,
    name: str,
    phone: str | None,
    birth_year: int | None,
    but: int = 0,
) -> list[Any]:
    """People who may be the same as this one: rows of `finding.people`.

    The same name anywhere in the community; or one that begins with the same sounds (章小华, 张晓华) behind the same
    door or with the same phone number. Who was born in another year is somebody else.
    """
    same_phone = Person.phone_index.in_(phone_indexes(phone)) if phone else None
    near = [Person.name_index.in_(finding.name_indexes(name)), Person.dwelling_id == dwelling_id]
    found = session.execute(
        finding.people()
        .where(
            Person.code == code, Person.id != but, or_(*near, *([] if same_phone is None else [same_phone]))
        )
        .order_by(Person.id)
        .limit(finding.MOST)
    ).all()
    return [
        row
        for row in found
        if (squeeze(row.name) == squeeze(name) or sounds_like(row.name, name))
        and not (row.birth_year and birth_year and row.birth_year != birth_year)
    ]


def sounds_like(one: str, other: str) -> bool:
    """Does each character of two names begin with the same letter, as a phone's keyboard reads it?"""
    first, second = initials.begins(fold(one)), initials.begins(fold(other))
    return len(first) == len(second) > 1 and all(a & b for a, b in zip(first, second, strict=True))


def differences(one: Any, other: Any) -> list[tuple[str, str]]:
    """Of each fact whether two rows say the same: (fact, same | different | one | none)."""
    told = []
    for fact in ("name", "phone", "birth_year", "dwelling_id", "relation", "state"):
        first, second = getattr(one, fact), getattr(other, fact)
        if not first and not second:
            word = "none"
        elif not first or not second:
            word = "one"
        else:
            word = "same" if first == second else "different"
        told.append((fact, word))
    return told


def take_over(session: Session, person: Person, facts: Mapping[str, Any], by: Actor, reason: str) -> None:
    """What was about to be written down stands in this row already: it takes over what it did not know."""
    new = {fact: facts[fact] for fact in FILLED if facts.get(fact) and not getattr(person, fact)}
    keeping.correct(session, person, new, by, reason)
    if facts["name"] != person.name:
        changes = [["also_written", "", facts["name"]]]
        keeping.record(session, by, "merge_people", reason, person=person, changes=changes)


def merge(session: Session, kept: Person, other: Person, by: Actor, reason: str) -> None:
    """Two rows are one person: the first stays and gets the lists, history and looks of the second, which goes.

    Raises Conflict when they are not of one community, or tied to two accounts.
    """
    if kept.id == other.id or kept.code != other.code:
        raise Conflict(_("These two cannot be put together."))
    if kept.account_id and other.account_id and kept.account_id != other.account_id:
        raise Conflict(_("Each of them is tied to another account. Untie one first, if it was a mistake."))
    households.lock(session, kept.dwelling_id, other.dwelling_id)
    changes = [["also_written", "", other.name]] if other.name != kept.name else []
    if other.dwelling_id != kept.dwelling_id:
        left = keeping.door(session, other.dwelling_id)
        changes.append(["dwelling", left, keeping.door(session, kept.dwelling_id)])
    facts = {fact: getattr(other, fact) for fact in FILLED if not getattr(kept, fact)}
    account_id, door_left, other_id = kept.account_id or other.account_id, other.dwelling_id, other.id
    for overlay in _twice(session, kept, other):
        keeping.end_overlay(session, overlay, by, reason)
    if rounds.plan_of(session, kept.id) is not None:
        rounds.end_plan(session, other, by, reason)
    session.flush()
    for table in (Overlay, Change, Look, VisitPlan, PersonVisit):
        moved = update(table).where(table.person_id == other_id).values(person_id=kept.id)
        session.execute(moved.execution_options(synchronize_session=False))
    session.expunge(other)
    session.execute(delete(Person).where(Person.id == other_id))
    kept.account_id = account_id
    keeping.correct(session, kept, facts, by, reason)
    keeping.give_looks(session, kept.id, account_id)
    keeping.record(session, by, "merge_people", reason, person=kept, changes=changes)
    keeping.close_if_empty(session, door_left)


def _twice(session: Session, kept: Person, other: Person) -> list[Overlay]:
    held = {overlay.kind for overlay in keeping.running(session, kept.id)}
    return [overlay for overlay in keeping.running(session, other.id) if overlay.kind in held]
