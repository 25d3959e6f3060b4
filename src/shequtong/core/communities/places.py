"""Compounds, buildings and dwellings: where people live."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from shequtong.core.communities.models import Building, Compound, Division, Dwelling, Membership
from shequtong.lib import crypto
from shequtong.lib.db import ask
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _

CITY = 2
"""Digits of a city's code; a city has no page of its own."""

_BUILDINGS = (
    select(Building.id, Building.name)
    .where(Building.code == bindparam("code"))
    .order_by(Building.sort, Building.id)
)
_WITH_COMPOUND = (
    select(Building.id, Building.name, Building.compound_id, Compound.name.label("compound"))
    .join(Compound, Compound.id == Building.compound_id)
    .where(Building.code == bindparam("code"))
    .order_by(Compound.id, Building.sort, Building.id)
)
_SURVEYED = (
    select(
        Compound.id.label("compound_id"),
        Compound.name.label("compound"),
        Building.id,
        Building.name,
        func.count(Dwelling.id).label("dwellings"),
        func.coalesce(func.sum(Dwelling.area), 0).label("area"),
    )
    .select_from(Compound)
    .outerjoin(Building, Building.compound_id == Compound.id)
    .outerjoin(Dwelling, Dwelling.building_id == Building.id)
    .where(Compound.code == bindparam("code"))
    .group_by(Compound.id, Compound.name, Building.id, Building.name, Building.sort)
    .order_by(Compound.id, Building.sort, Building.id)
)
_ROOM_WORD = re.compile(r"(?:室|号|房)$")
_NUMBERS = re.compile(r"\d+")


_DIVISIONS = select(Division.__table__).where(
    Division.code.in_(bindparam("codes", expanding=True)), Division.ended_at.is_(None)
)


def own_communities(session: Session, visit: Any) -> list[Any]:
    """The communities where this visitor lives or serves, home first; the visit then stands in the first.

    For pages that belong to a person and not to a place: their way back leads home.
    """
    codes = list(dict.fromkeys(role.code for role in visit.actor.roles if len(role.code) > CITY))
    codes.sort(key=len, reverse=True)
    found = {row.code: row for row in ask(session, _DIVISIONS, codes=codes)} if codes else {}
    own = [found[code] for code in codes if code in found]
    if own and visit.community is None:
        visit.enter(own[0])
    return own


def buildings(session: Session, code: str) -> list[Any]:
    """The buildings of a community, in the order residents know."""
    return ask(session, _BUILDINGS, code=code)


def building_choices(session: Session, code: str) -> list[tuple[str, str]]:
    """The buildings for a form; with the compound's name where there are several compounds."""
    found = ask(session, _WITH_COMPOUND, code=code)
    several = len({row.compound_id for row in found}) > 1
    return [(str(row.id), f"{row.compound} {row.name}" if several else row.name) for row in found]


def scopes(session: Session, code: str) -> list[tuple[str, str]]:
    """The buildings for a form in which whole compounds can be chosen too, where there are several."""
    found = ask(session, _WITH_COMPOUND, code=code)
    compounds = {row.compound_id: row.compound for row in found}
    if len(compounds) < 2:
        return [(str(row.id), row.name) for row in found]
    whole = [(f"c{key}", _("%(compound)s, all of it", compound=name)) for key, name in compounds.items()]
    return [*whole, *((str(row.id), f"{row.compound} {row.name}") for row in found)]


def buildings_in(session: Session, code: str, chosen: list[str]) -> tuple[int, ...]:
    """The buildings that were chosen among `scopes`, those of whole compounds included."""
    found = ask(session, _WITH_COMPOUND, code=code)
    return tuple(row.id for row in found if not {str(row.id), f"c{row.compound_id}"}.isdisjoint(chosen))


def in_words(session: Session, code: str, building_ids: Collection[int]) -> str:
    """Buildings by name; a compound of which all belong to them by its own."""
    compounds: dict[str, list[Any]] = {}
    for row in ask(session, _WITH_COMPOUND, code=code):
        compounds.setdefault(row.compound, []).append(row)
    words = []
    for compound, there in compounds.items():
        named = [row.name for row in there if row.id in building_ids]
        if len(compounds) > 1:
            named = [compound] if len(named) == len(there) else [f"{compound} {name}" for name in named]
        words += named
    return "、".join(words)


def surveyed(session: Session, code: str) -> list[Any]:
    """Every compound with its buildings (`id` is None for one without), their dwellings and floor area."""
    return ask(session, _SURVEYED, code=code)


def find_building(session: Session, code: str, building_id: int) -> Building | None:
    """A building of this community."""
    return session.scalar(select(Building).where(Building.id == building_id, Building.code == code))


def add_compound(session: Session, code: str, name: str) -> Compound:
    """A compound; the same name again is the same compound."""
    found = session.scalar(select(Compound).where(Compound.code == code, Compound.name == name))
    if found is None:
        found = Compound(code=code, name=name)
        session.add(found)
        session.flush()
    return found


def add_building(session: Session, compound: Compound, name: str) -> Building:
    """A building at the end of its compound, or where its number belongs. Raises Conflict for a name twice."""
    building = Building(compound_id=compound.id, code=compound.code, name=name, sort=number_in(name))
    with _once(session, _("This compound has a building of that name already.")):
        session.add(building)
    return building


def add_dwelling(session: Session, building: Building, room: str, area: Decimal) -> Dwelling:
    """A dwelling with its room as typed and its floor area in square metres. Raises Conflict for a room twice."""
    room = normal_room(room)
    dwelling = Dwelling(
        building_id=building.id,
        code=building.code,
        room=room,
        room_index=room_index(building.id, room),
        area=area,
    )
    with _once(session, _("This building has that room already.")):
        session.add(dwelling)
    return dwelling


def rename_building(session: Session, building: Building, name: str) -> None:
    """Raises Conflict when its compound has another of that name."""
    with _once(session, _("This compound has a building of that name already.")):
        building.name, building.sort = name, number_in(name)


def remove_dwelling(session: Session, dwelling: Dwelling) -> None:
    """Take out a dwelling that was entered by mistake. Raises Conflict when anybody has ever claimed it."""
    with _once(session, _("Somebody has asked to join this dwelling, so it stays in the register.")):
        session.delete(dwelling)


def find_dwelling(session: Session, code: str, building_id: int, room: str) -> Dwelling | None:
    """The dwelling behind a door of this community, found without anybody reading a room from the database."""
    return session.scalar(
        select(Dwelling).where(
            Dwelling.building_id == building_id,
            Dwelling.code == code,
            Dwelling.room_index.in_(room_indexes(building_id, normal_room(room))),
        )
    )


def dwellings(session: Session, building_id: int) -> list[Any]:
    """The dwellings of a building by their rooms: id, room, area, and whether anybody has ever claimed it."""
    claimed = select(Membership.id).where(Membership.dwelling_id == Dwelling.id).exists().label("claimed")
    found = session.execute(
        select(Dwelling.id, Dwelling.room, Dwelling.area, claimed).where(Dwelling.building_id == building_id)
    )
    return sorted(found.all(), key=lambda row: by_number(row.room))


def normal_room(typed: str) -> str:
    """A room as it is kept: ５０２ 室 is 502."""
    room = unicodedata.normalize("NFKC", typed).upper()
    return _ROOM_WORD.sub("", "".join(room.split()))


def room_index(building_id: int, room: str) -> str:
    """What finds a normal room of a building."""
    return crypto.keyring().blind_index(room, _domain(building_id))


def room_indexes(building_id: int, room: str) -> list[str]:
    """What to look for while keys rotate."""
    return crypto.keyring().blind_indexes(room, _domain(building_id))


def number_in(name: str) -> int:
    """The first number in a building's name, which is its place in the row; 0 without one."""
    found = _NUMBERS.search(unicodedata.normalize("NFKC", name))
    return int(found[0][:6]) if found else 0


def by_number(room: str) -> tuple[Any, ...]:
    """A key that puts 2 before 10, and 502 before 502A."""
    return tuple(
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", room) if part
    )


def _domain(building_id: int) -> str:
    return f"room:{building_id}"


@contextmanager
def _once(session: Session, otherwise: str) -> Iterator[None]:
    """Write what the block changes; Conflict with these words when a constraint of the database forbids it."""
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError:
        raise Conflict(otherwise) from None
