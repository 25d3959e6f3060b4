"""People as their neighbours may see them: a name, a building at most, an office. No counts, no ranking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, and_, bindparam, cast, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.core.communities.models import Appointment, Building, Division, Membership
from shequtong.core.communities.standing import STAFF
from shequtong.core.follows.following import number_of
from shequtong.core.follows.models import Follow, Mute
from shequtong.core.follows.muting import has_blocked
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.lib import clock
from shequtong.lib.db import at_most, rows

PAGE = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives or serves: `building` is theirs or the one they lead, `office` empty for a home."""

    code: str
    community: str
    building: str
    office: str
    title: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as one particular reader may see them."""

    id: int
    name: str
    about: str
    places: tuple[Place, ...]
    followed: bool
    follows_me: bool
    muted: bool
    blocked: bool

    @property
    def homes(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if not place.office)

    @property
    def offices(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if place.office)


# One person -------------------------------------------------------------------------------------------


def _person() -> Any:
    home, lives, office, serves, led = (
        aliased(Division),
        aliased(Building),
        Appointment,
        aliased(Division),
        aliased(Building),
    )
    me: Any = bindparam("me")
    target = cast(Account.id, String())
    return (
        select(
            Account.id,
            Account.name,
            Account.about,
            exists()
            .where(Follow.account_id == me, Follow.kind == "person", Follow.target == target)
            .label("followed"),
            exists()
            .where(
                Follow.account_id == Account.id,
                Follow.kind == "person",
                Follow.target == bindparam("me_as_target", type_=String()),
            )
            .label("follows_me"),
            select(Mute.block)
            .where(Mute.account_id == me, Mute.other_id == Account.id)
            .scalar_subquery()
            .label("blocked"),
            has_blocked(Account.id, me).label("blocks_me"),
            home.code.label("home_code"),
            home.name.label("home_name"),
            lives.name.label("home_building"),
            office.office,
            office.title,
            serves.code.label("office_code"),
            serves.name.label("office_name"),
            led.name.label("office_building"),
        )
        .select_from(Account)
        .outerjoin(Membership, and_(Membership.account_id == Account.id, Membership.state == "approved"))
        .outerjoin(home, home.code == Membership.code)
        .outerjoin(lives, lives.id == Membership.building_id)
        .outerjoin(office, and_(office.account_id == Account.id, *_in_force()))
        .outerjoin(serves, serves.code == office.code)
        .outerjoin(led, led.id == office.building_id)
        .where(Account.id == bindparam("account_id"), Account.disabled_at.is_(None))
        .order_by(Membership.id, office.id)
    )


def _in_force() -> tuple[Any, ...]:
    today: Any = bindparam("today")
    return Appointment.since <= today, or_(Appointment.until.is_(None), Appointment.until >= today)


_PERSON = _person()


def find_person(session: Session, account_id: int, actor: Actor) -> Person | None:
    """Somebody with whom the reader shares a community; of their places, only those that are shared (A2).

    None for strangers, and for who has blocked the reader, unless one of the two has an office to fill here.
    """
    found = rows(
        session,
        _PERSON,
        account_id=account_id,
        me=actor.id or 0,
        me_as_target=str(actor.id),
        today=_today(),
    ).all()
    if not found:
        return None
    first = found[0]
    places = _shared(found, actor)
    hidden = first.blocks_me and not _on_duty(places, actor)
    if account_id != actor.id and (not places or hidden):
        return None
    return Person(
        first.id,
        first.name,
        first.about,
        tuple(places),
        first.followed,
        first.follows_me,
        first.blocked is not None,
        bool(first.blocked),
    )


def _shared(found: Iterable[Any], actor: Actor) -> list[Place]:
    mine = {role.code for role in actor.roles if role.name != "applicant"}
    places: dict[Place, None] = {}
    for row in found:
        if row.home_code and (row.id == actor.id or any(row.home_code.startswith(code) for code in mine)):
            places[Place(row.home_code, row.home_name, row.home_building, "", "")] = None
        if row.office_code and (
            row.id == actor.id
            or any(row.office_code.startswith(c) or c.startswith(row.office_code) for c in mine)
        ):
            places[
                Place(row.office_code, row.office_name, row.office_building or "", row.office, row.title)
            ] = None
    return list(places)


def _on_duty(places: Iterable[Place], actor: Actor) -> bool:
    """Does either serve where the other is at home? A block is between neighbours."""
    theirs = any(place.office not in ("", "lead") for place in places)
    return theirs or any(
        role.name in STAFF and place.code.startswith(role.code) for role in actor.roles for place in places
    )


# Neighbours -------------------------------------------------------------------------------------------


def my_buildings(session: Session, actor: Actor) -> list[Any]:
    """The buildings of the compounds I live in, my own first: rows with id, name, code, compound and `mine`."""
    homes = {role.building_id for role in actor.roles if role.name == "resident"}
    if not homes:
        return []
    compounds = select(Building.compound_id).where(Building.id.in_(homes))
    found = session.execute(
        select(Building.id, Building.name, Building.code, Building.compound_id)
        .where(Building.compound_id.in_(compounds))
        .order_by(Building.compound_id, Building.sort, Building.id)
    ).all()
    return sorted(found, key=lambda building: building.id not in homes)


def _neighbours() -> Any:
    me: Any = bindparam("me")
    return (
        select(Account.id, Account.name, Account.about, Building.name.label("building_name"))
        .join(Membership, Membership.account_id == Account.id)
        .join(Building, Building.id == Membership.building_id)
        .where(
            Membership.state == "approved",
            Account.id != me,
            Account.disabled_at.is_(None),
            ~has_blocked(Account.id, me),
            ~has_blocked(me, Account.id),
        )
        .distinct()
    )


_OF_BUILDING = (
    _neighbours()
    .where(Membership.building_id == bindparam("building_id"), Account.id < bindparam("before"))
    .order_by(Account.id.desc())
    .limit(at_most(PAGE + 1))
)


def people_of(
    session: Session, building_id: int, actor: Actor, before: int | None = None
) -> tuple[list[Any], int | None]:
    """Who lives in a building of my compound, the newest neighbour first; and where the next page begins."""
    values = {"building_id": building_id, "before": before or 2**62, "me": actor.id}
    found = list(rows(session, _OF_BUILDING, **values).all())
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def _mutual() -> Any:
    mine, theirs = aliased(Follow), aliased(Follow)
    me: Any = bindparam("me")
    return (
        select(Account.id, Account.name, Account.about)
        .join(mine, and_(mine.kind == "person", number_of("person", mine) == Account.id))
        .join(
            theirs,
            and_(
                theirs.account_id == Account.id,
                theirs.kind == "person",
                theirs.target == bindparam("me_as_target", type_=String()),
            ),
        )
        .where(mine.account_id == me, Account.disabled_at.is_(None))
        .order_by(mine.at.desc(), Account.id.desc())
        .limit(at_most(200))
    )


_MUTUAL = _mutual()


def mutual_follows(session: Session, actor: Actor) -> list[Any]:
    """People who follow me and whom I follow."""
    return list(rows(session, _MUTUAL, me=actor.id, me_as_target=str(actor.id)).all())


# What I follow ------------------------------------------------------------------------------------------

_PEOPLE = (
    select(Account.id, Account.name)
    .join(Follow, and_(Follow.kind == "person", number_of("person") == Account.id))
    .where(Follow.account_id == bindparam("me"))
    .order_by(Follow.at.desc())
)
_BUILDINGS = (
    select(Building.id, Building.name, Building.code, Division.name.label("community"))
    .join(Division, Division.code == Building.code)
    .join(Follow, and_(Follow.kind == "building", number_of("building") == Building.id))
    .where(Follow.account_id == bindparam("me"))
    .order_by(Building.code, Building.sort)
)
_COMMITTEES = (
    select(Division.code, Division.name)
    .join(Follow, and_(Follow.kind == "committee", Follow.target == Division.code))
    .where(Follow.account_id == bindparam("me"))
    .order_by(Division.code)
)
_BOARDS = select(Follow.target).where(Follow.account_id == bindparam("me"), Follow.kind == "board")
_PLACES = select(Division.code, Division.name, Division.board_names).where(
    Division.code.in_(bindparam("codes", expanding=True))
)
_MUTED = (
    select(Account.id, Account.name, Mute.block)
    .join(Mute, Mute.other_id == Account.id)
    .where(Mute.account_id == bindparam("me"))
    .order_by(Mute.at.desc())
)


def followed_people(session: Session, account_id: int) -> list[Any]:
    return list(rows(session, _PEOPLE, me=account_id).all())


def followed_boards(session: Session, account_id: int) -> list[tuple[Any, str]]:
    """(community's code, name and names of boards; the board's slug) of every board I follow."""
    targets = sorted(rows(session, _BOARDS, me=account_id).scalars())
    split = [tuple(target.split("/", 1)) for target in targets]
    codes = {code for code, _slug in split}
    places = {row.code: row for row in rows(session, _PLACES, codes=list(codes))} if codes else {}
    return [(places[code], slug) for code, slug in split if code in places]


def followed_buildings(session: Session, account_id: int) -> list[Any]:
    return list(rows(session, _BUILDINGS, me=account_id).all())


def followed_committees(session: Session, account_id: int) -> list[Any]:
    return list(rows(session, _COMMITTEES, me=account_id).all())


def muted_people(session: Session, account_id: int) -> list[Any]:
    """Whom I have muted or blocked (`block`)."""
    return list(rows(session, _MUTED, me=account_id).all())


_TARGETS = select(Follow.kind, Follow.target).where(
    Follow.account_id == bindparam("me"), Follow.kind.in_(("board", "building", "committee"))
)


def followed_places(session: Session, account_id: int) -> set[tuple[str, str]]:
    """(kind, target) of every board, building and committee I follow."""
    return {(row.kind, row.target) for row in rows(session, _TARGETS, me=account_id)}


def _today() -> date:
    return clock.local(clock.now()).date()
