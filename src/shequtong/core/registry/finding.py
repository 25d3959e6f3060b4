"""To find people of the registry by a whole name, a phone number or a room, without reading what is encrypted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from shequtong.core.communities.models import Building, Compound, Dwelling
from shequtong.core.communities.places import normal_room, room_indexes
from shequtong.core.identity.registering import normal_phone, phone_indexes
from shequtong.core.registry.models import Overlay, Person
from shequtong.lib import clock, crypto
from shequtong.lib.bigrams import squeeze
from shequtong.lib.text import clean_line

MOST = 50
_DOMAIN = "registry name"


def name_index(name: str) -> str:
    """What finds a name: the same for full width, traditional characters, spaces and dots."""
    return crypto.keyring().blind_index(squeeze(name), _DOMAIN)


def name_indexes(name: str) -> list[str]:
    """What to look for while keys rotate."""
    return crypto.keyring().blind_indexes(squeeze(name), _DOMAIN)


def people() -> Any:
    """People with the door they belong to."""
    shown: Any = select
    return (
        shown(
            Person.id,
            Person.code,
            Person.building_id,
            Person.dwelling_id,
            Person.household_id,
            Person.name,
            Person.phone,
            Person.birth_year,
            Person.relation,
            Person.state,
            Person.source,
            Person.account_id,
            Person.since,
            Person.left_on,
            Building.name.label("building"),
            Compound.name.label("compound"),
            Dwelling.room,
        )
        .join(Dwelling, Dwelling.id == Person.dwelling_id)
        .join(Building, Building.id == Person.building_id)
        .join(Compound, Compound.id == Building.compound_id)
    )


def look_up(session: Session, code: str, typed: str, building_ids: list[int] | None = None) -> list[Any]:
    """Everybody of a community with this name, phone number or room; those of some buildings alone, if given.

    Who has moved out or died is found as well, last.
    """
    typed = clean_line(typed)[:40]
    if not typed:
        return []
    phone = normal_phone(typed)
    if phone:
        fits: Any = Person.phone_index.in_(phone_indexes(phone))
    else:
        doors = _doors(session, code, typed)
        fits = or_(Person.name_index.in_(name_indexes(typed)), Person.dwelling_id.in_(doors))
    found = people().where(Person.code == code, fits)
    if building_ids is not None:
        found = found.where(Person.building_id.in_(building_ids))
    gone = Person.state.in_(("moved_out", "died"))
    return list(session.execute(found.order_by(gone, Person.id).limit(MOST)).all())


def _doors(session: Session, code: str, typed: str) -> Any:
    """The dwellings with this room, in any building."""
    room = normal_room(typed)
    ids = session.scalars(select(Building.id).where(Building.code == code)).all()
    indexes = [index for building_id in ids for index in room_indexes(building_id, room)]
    return select(Dwelling.id).where(Dwelling.code == code, Dwelling.room_index.in_(indexes or [""]))


def runs() -> Any:
    """Overlays that hold today."""
    return Overlay.ended_at.is_(None) & (Overlay.until.is_(None) | (Overlay.until >= clock.today()))
