"""Before the story begins: the tree of the district, the houses, the offices, and who lives here already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import select
from sqlmodel import Session

from shequtong.boards.services import desks
from shequtong.boards.services.forms import DeskForm, PersonForm
from shequtong.core.communities import appointing, founding, importing, joining, places, surveying
from shequtong.core.communities.models import Building, Compound, Division, Dwelling, Membership
from shequtong.core.duties import reckoning, replying
from shequtong.core.identity.models import Account
from shequtong.core.media import hanging
from shequtong.core.moderation import listing
from shequtong.demo import cascading
from shequtong.demo.people import People
from shequtong.lib import rosters
from shequtong.town import PICTURES, Community, Person, StoryError, Town
from shequtong.town.story import ServiceDesk

ADMIN, SECRETARY = "admin", "secretary"
BY_ADMIN = ("secretary", "street", "district")
SETTLING = timedelta(days=60)
"""How long it took until everybody who lives here had joined."""

Homes = dict[tuple[str, str, str], Dwelling]


def found(session: Session, town: Town, people: People) -> Homes:
    """The tree, the houses and the offices; the dwellings by code, building and room."""
    _grow_tree(session, town)
    buildings = {place.code: _build(session, place) for place in town.communities.values()}
    _appoint_everybody(session, town, people, buildings)
    cascading.settle(session, town, people, ADMIN)
    for place in town.communities.values():
        _set_up(session, town, people, place)
    return {
        (place.code, dwelling.building, dwelling.room): _dwelling(session, place.code, dwelling, buildings)
        for place in town.communities.values()
        for dwelling in place.dwellings
    }


def _grow_tree(session: Session, town: Town) -> None:
    """The real tree of the district: its streets and towns, and their committees."""
    district = next(iter(town.communities))[:6]
    table = importing.read_table(importing.SHANGHAI)
    importing.import_divisions(
        session, [r for r in table if r["code"].startswith(district) or district.startswith(r["code"])]
    )


def _build(session: Session, place: Community) -> dict[str, int]:
    """Survey the compound from a table of its flats; its buildings by name."""
    table = "\n".join(f"{place.compound}\t{d.building}\t{d.room}\t{d.area}" for d in place.dwellings)
    survey = surveying.survey(session, place.code, table)
    if survey.mistakes:
        raise StoryError(f"places.toml: {survey.mistakes[0]}")
    surveying.write(session, place.code, survey)
    return dict(session.execute(select(Building.name, Building.id).where(Building.code == place.code)).all())


def _dwelling(session: Session, code: str, dwelling: Any, buildings: dict[str, dict[str, int]]) -> Dwelling:
    found = places.find_dwelling(session, code, buildings[code][dwelling.building], dwelling.room)
    assert found is not None
    return found


def _appoint_everybody(
    session: Session, town: Town, people: People, buildings: dict[str, dict[str, int]]
) -> None:
    """The administrator appoints secretaries and officers; each secretary fills the offices of the committee."""
    chief = town.people[ADMIN]
    founding.create_admin(session, chief.login, chief.name)
    people.know(session.scalars(select(Account).where(Account.login == chief.login)).one(), chief)
    in_office = [p for p in town.people.values() if p.office and p.login != ADMIN]
    for person in sorted(in_office, key=lambda p: p.office not in BY_ADMIN):
        account = people.register(session, person)
        boss = ADMIN if person.office in BY_ADMIN else _secretary_of(town, person.code)
        appointing.appoint(
            session,
            people.actor(session, boss),
            account,
            person.office,
            person.code,
            building_id=buildings[person.code][person.building] if person.office == "lead" else None,
        )


def _secretary_of(town: Town, code: str) -> str:
    return next(p.login for p in town.people.values() if p.office == SECRETARY and p.code == code)


def _set_up(session: Session, town: Town, people: People, place: Community) -> None:
    """What the secretary chose for the community."""
    division = session.get_one(Division, place.code)
    division.boards_on = list(place.boards_on)
    division.hold_first_posts = 0
    division.shares_matters = place.code == town.duties.code
    secretary = people.actor(session, _secretary_of(town, place.code))
    if place.plan:
        compound = session.scalars(select(Compound).where(Compound.code == place.code)).one()
        hanging.hang(session, secretary, compound, (PICTURES / f"{place.plan}.webp").read_bytes(), place.plan)
    for word in place.listed_words:
        listing.add(session, place.code, word, secretary)
    if place.code == town.duties.code:
        reckoning.change_roster(session, place.code, town.duties.roster)
        for title, words in town.duties.templates.items():
            replying.add(session, place.code, secretary, title, words)
        for desk in town.duties.desks:
            _man(session, people, place.code, desk)


def _man(session: Session, people: People, code: str, desk: ServiceDesk) -> None:
    """Open a desk with its hours, and say who answers there."""
    rosters.read(desk.hours)
    opened = desks.open_desk(session, code, DeskForm.model_validate(desk.told), desk.hours)
    for login, part in ((desk.first, "first"), (desk.backup, "backup")):
        desks.put(session, opened, PersonForm(account_id=people.ids[login], part=part, weekdays=[], weeks=""))


# Who lives here already ---------------------------------------------------------------------------------


def arrivals(town: Town, founded: datetime) -> Iterator[tuple[datetime, Person]]:
    """When everybody who lives here before the story asked to join; a household's representative comes first."""
    later = {request.login for request in town.requests}
    for person in town.people.values():
        if person.room and person.login not in later:
            chance = crc32(person.login.encode()) % 1000 / 1000
            half = SETTLING * (0.45 * chance + (0 if person.representative else 0.5))
            yield _by_day(founded + half), person


def _by_day(moment: datetime) -> datetime:
    """The same day at an hour when people are up."""
    return moment.replace(hour=8 + moment.minute % 13)


def move_in(session: Session, town: Town, people: People, homes: Homes, person: Person) -> Membership:
    """Somebody asks to join, and a clerk of their committee lets them in."""
    if person.login not in people.ids:
        people.register(session, person)
    claim = joining.apply(
        session, people.ids[person.login], homes[person.code, person.building, person.room], person.relation
    )
    clerks = [
        p.login for p in town.people.values() if p.code == person.code and p.office in ("clerk", SECRETARY)
    ]
    clerk = clerks[crc32(person.login.encode()) % len(clerks)]
    joining.approve(session, claim, people.actor(session, clerk))
    people.changed(person.login)
    if claim.state != "approved" or claim.representative != person.representative:
        raise StoryError(f"{person.login}: {claim.state}, representative {claim.representative}")
    return claim
