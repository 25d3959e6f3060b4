"""The registry of the town: a few households that the committee wrote down, and a look that its owner can read."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from shequtong.core.communities.models import Dwelling
from shequtong.core.identity.registering import normal_phone
from shequtong.core.registry import keeping, merging, opening, rounds
from shequtong.core.registry.models import LIVING, Person
from shequtong.demo.people import People
from shequtong.lib import clock
from shequtong.town import StoryError
from shequtong.town.reading import HERE

FILE = HERE / "registry.toml"
MORNING = timedelta(hours=10)


def story() -> list[tuple[timedelta, str, dict[str, Any]]]:
    """What happens when, person, look or visit, in the order of the file."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [
        (timedelta(days=entry["day"]) + MORNING, what, entry)
        for what in ("person", "look", "visit")
        for entry in read[what]
    ]


def write_down(session: Session, people: People, home: Dwelling, entry: dict[str, Any]) -> None:
    """Somebody of the committee writes a person down. Raises StoryError for one who stands there already."""
    by = people.actor(session, entry["by"])
    facts = {
        "name": entry["name"],
        "phone": normal_phone(entry["phone"]) if "phone" in entry else None,
        "birth_year": entry["birth_year"],
        "relation": entry["relation"],
        "state": LIVING,
    }
    if merging.likely(session, home.code, home.id, entry["name"], facts["phone"], entry["birth_year"]):
        raise StoryError(f"{FILE.name}: {entry['name']} is somebody who stands there already")
    person = keeping.add(session, home, facts, by, entry["reason"], source="visit")
    if login := entry.get("account"):
        keeping.tie(session, person, people.ids[login], by, entry["reason"])
    for kind in entry.get("lists", ()):
        keeping.mark(session, person, kind, by, source="visit", since=clock.today(), reason=entry["reason"])
    if "every_days" in entry:
        who = people.ids[entry["who"]]
        rounds.plan(session, person, entry["every_days"], who, clock.today(), by, entry["reason"])


def look(session: Session, people: People, home: Dwelling, entry: dict[str, Any]) -> None:
    """Somebody of the committee opens what is hidden, with a reason."""
    found = _named(session, home, entry)
    opening.open_rows(session, [found], entry["what"], people.actor(session, entry["by"]), entry["reason"])


def visit(session: Session, people: People, home: Dwelling, entry: dict[str, Any]) -> None:
    """Somebody of the committee goes to see a person who lives alone."""
    found, by = _named(session, home, entry), people.actor(session, entry["by"])
    rounds.write(session, found, clock.today(), entry["outcome"], entry["note"], by)


ACTS = {"person": write_down, "look": look, "visit": visit}


def _named(session: Session, home: Dwelling, entry: dict[str, Any]) -> Person:
    here = session.scalars(select(Person).where(Person.dwelling_id == home.id)).all()
    for person in here:
        if person.name == entry["name"]:
            return person
    raise StoryError(f"{FILE.name}: nobody of {entry['home']} is called {entry['name']}")
