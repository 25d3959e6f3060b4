"""A registry with a few people in it, written as the committee's pages write them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import select
from tests.cast import HOME

from shequtong.core.communities.models import Building, Dwelling
from shequtong.core.communities.places import find_dwelling
from shequtong.core.communities.visiting import find_person
from shequtong.core.registry import keeping
from shequtong.core.registry.models import Person
from shequtong.lib.db import Database

NAME, PHONE = "张小华", "13812340001"
HELD = {"name": NAME, "phone": f"+86{PHONE}", "birth_year": 1941, "relation": "head", "state": "lives"}


class Registry:
    """The registry of the home community, past its pages: `registry.add("101", name="…")`."""

    def __init__(self, app: Any, cast: Any) -> None:
        self.database: Database = app.state.database
        self.cast = cast

    def door(self, room: str, code: str = HOME) -> Dwelling:
        """101 is in building 1, 201 in building 2."""
        with self.database.reading() as session:
            building = session.exec(
                select(Building).where(Building.code == code, Building.sort == int(room[0]))
            ).one()
            found = find_dwelling(session, code, building.id, room)
            assert found
            return found

    def add(self, room: str = "101", code: str = HOME, **facts: Any) -> int:
        with self.database.writing() as session:
            by = find_person(session, self.cast.clerk.id)
            home = session.get_one(Dwelling, self.door(room, code).id)
            return keeping.add(session, home, HELD | facts, by, "上门登记").id

    def mark(self, person_id: int, kind: str) -> int:
        with self.database.writing() as session:
            by = find_person(session, self.cast.clerk.id)
            person = session.get_one(Person, person_id)
            return keeping.mark(session, person, kind, by, source="visit", since=date(2026, 1, 1)).id

    def act(self, what: Any, person_id: int, *args: Any, **named: Any) -> Any:
        """`what(session, person, …, by, reason)` by the clerk."""
        with self.database.writing() as session:
            by = find_person(session, self.cast.clerk.id)
            return what(session, session.get_one(Person, person_id), *args, by, "核对过", **named)

    def person(self, person_id: int) -> Person:
        with self.database.reading() as session:
            return session.get_one(Person, person_id)


@pytest.fixture
def registry(app, cast) -> Registry:
    return Registry(app, cast)
