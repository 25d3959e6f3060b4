"""Where the people of a populated database live: compounds, dwellings, accounts, memberships, offices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session

from shequtong.core.communities import importing
from shequtong.core.communities.models import (
    Appointment,
    Building,
    Compound,
    Division,
    Dwelling,
    Household,
    Membership,
)
from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import Actor, Role
from shequtong.core.identity.models import Account
from shequtong.lib import bulk, clock, crypto, passwords
from shequtong.populate import words

LOGIN = "populated-"
"""Every account that `populate` makes begins so; a database that holds any other is a real one."""
PASSWORD = "shequtong-load"

FIRST = "310113104029"
DISTRICT = "310113"
PER_BUILDING = 48
FEWEST = 3
"""Residents of the smallest community."""
OFFICES = (
    "secretary", "clerk", "clerk", "clerk", "property", "owners_committee", "organisation", "party_branch",
    "police", "doctor", "lawyer",
)  # fmt: skip
ABOVE = {6: "district", 9: "street"}


@dataclass
class Community:
    """A committee with those who live and serve there: ids of accounts by role, and everybody's building."""

    division: Any
    residents: list[int] = field(default_factory=list)
    home: dict[int, int] = field(default_factory=dict)
    officers: dict[str, list[int]] = field(default_factory=dict)
    buildings: list[int] = field(default_factory=list)

    def somebody(self, rng: Random, role: str) -> int:
        return rng.choice(self.residents if role == "resident" else self.officers[role])

    def roles(self) -> list[str]:
        return ["resident", *dict.fromkeys(self.officers)]

    def actor(self, role: str) -> tuple[Actor, Standing]:
        """Somebody of this role, as the rules of a board see them."""
        person = self.residents[0] if role == "resident" else self.officers[role][0]
        code = self.division.code
        roles = [Role(role, code, self.home.get(person))]
        if role == "resident":
            roles.append(Role("owner", code, self.home.get(person)))
        actor = Actor(person, "", tuple(roles))
        return actor, Standing.of(actor, code)


def is_ours(session: Session) -> bool:
    """Is this database empty, or was everybody in it made by `populate`?"""
    return not session.scalar(
        select(func.count()).select_from(Account).where(~Account.login.startswith(LOGIN)).limit(1)
    )


@dataclass
class Town:
    """Everybody there is: communities, and officers of the streets and districts above by their code."""

    communities: list[Community]
    officers: dict[str, int]
    divisions: dict[str, Any]


def settle(session: Session, rng: Random, committees: int, residents: int) -> Town:
    """Choose committees, give each a share of the residents, and those above them their officers."""
    if not session.scalar(select(func.count()).select_from(Division)):
        importing.import_divisions(session, importing.read_table(importing.SHANGHAI))
    return _Settling(session, rng).settle(_committees(session, committees), residents)


def shares(total: int, parts: int) -> list[int]:
    """So many things among so many communities: a few busy ones, a long tail; they add up."""
    weights = [1 / (place + 1) ** 0.6 for place in range(parts)]
    exact = [total * weight / sum(weights) for weight in weights]
    whole = [int(share) for share in exact]
    whole[0] += total - sum(whole)
    return whole


def _committees(session: Session, wanted: int) -> list[Any]:
    """The community of the demo town first, then those of its district, then all others."""
    found = session.execute(
        select(Division.__table__)
        .where(Division.level == "committee", Division.ended_at.is_(None))
        .order_by(Division.code != FIRST, ~Division.code.startswith(DISTRICT), Division.code)
        .limit(wanted)
    ).all()
    return list(found)


class _Settling:
    """Numbers rows before they are written, so that each table is one insert."""

    def __init__(self, session: Session, rng: Random) -> None:
        self.session, self.rng = session, rng
        self.connection = session.connection()
        self.tables = (Account, Compound, Building, Dwelling, Household, Membership, Appointment)
        self.rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in self.tables}
        self.next: dict[Any, int] = {table: bulk.next_id(self.connection, table) for table in self.tables}
        self.hash = passwords.hash(PASSWORD)
        self.now = clock.now()
        self.today = clock.local(self.now).date()

    def settle(self, committees: list[Any], residents: int) -> Town:
        made = []
        for division, share in zip(committees, shares(residents, len(committees)), strict=True):
            made.append(self._community(division, max(share, FEWEST)))
        higher = sorted({division.code[:length] for division in committees for length in ABOVE})
        officers = {code: self._officer(ABOVE[len(code)], code) for code in higher}
        for table in self.tables:
            bulk.insert(self.connection, table, self.rows[table])
        bulk.number_on(self.connection, *self.tables)
        for community in made:
            self._count_residents(community.division.code)
        found = self.session.execute(select(Division.__table__).where(Division.code.in_(higher)))
        return Town(made, officers, {division.code: division for division in found})

    def _add(self, table: Any, **values: Any) -> int:
        number = self.next[table]
        self.next[table] += 1
        self.rows[table].append({"id": number, **values})
        return number

    def _account(self, name: str) -> int:
        number = self.next[Account]
        return self._add(
            Account, login=f"{LOGIN}{number}", name=name, password=self.hash, created_at=self.now
        )

    def _community(self, division: Any, residents: int) -> Community:
        community = Community(division)
        compound = self._add(Compound, code=division.code, name=f"{division.name[:2]}小区")
        homes = self._homes(community, compound, residents)
        for _ in range(residents):
            self._resident(community, *next(homes))
        for office in OFFICES:
            person = self._officer(office, division.code)
            community.officers.setdefault(office, []).append(person)
        for building in community.buildings:
            lives_there = [p for p, home in community.home.items() if home == building]
            if lives_there:
                self._appoint(lives_there[0], "lead", division.code, building)
        return community

    def _homes(self, community: Community, compound: int, residents: int) -> Iterator[tuple[int, int, int]]:
        """Doors one after another; behind some of them live two or three."""
        for number in range(1, residents + 1):
            building = self._add(
                Building,
                compound_id=compound,
                code=community.division.code,
                name=f"{number}号楼",
                sort=number,
            )
            community.buildings.append(building)
            for place in range(PER_BUILDING):
                dwelling = self._dwelling(
                    community.division.code, building, f"{place // 4 + 1}0{place % 4 + 1}"
                )
                household = self._add(Household, dwelling_id=dwelling, since=date(2020, 1, 1), until=None)
                for _ in range(self.rng.choice((1, 1, 1, 1, 2, 3))):
                    yield building, dwelling, household

    def _dwelling(self, code: str, building: int, room: str) -> int:
        area = Decimal(self.rng.randint(4500, 13500)) / 100
        index = crypto.keyring().blind_index(room, f"room:{building}")
        return self._add(Dwelling, building_id=building, code=code, room=room, room_index=index, area=area)

    def _resident(self, community: Community, building: int, dwelling: int, household: int) -> None:
        person = self._account(words.person(self.rng))
        before = self.rows[Membership][-1:]
        first = not before or before[0]["dwelling_id"] != dwelling
        kind = ("owner" if self.rng.random() < 0.75 else "tenant") if first else "family"
        moved_in = self.now - timedelta(days=self.rng.randint(400, 900))
        self._add(
            Membership, account_id=person, code=community.division.code, building_id=building,
            dwelling_id=dwelling, household_id=household, kind=kind, representative=first, state="approved",
            applied_at=moved_in, decided_at=moved_in,
        )  # fmt: skip
        community.residents.append(person)
        community.home[person] = building

    def _officer(self, office: str, code: str) -> int:
        person = self._account(words.person(self.rng))
        self._appoint(person, office, code, None)
        return person

    def _appoint(self, person: int, office: str, code: str, building: int | None) -> None:
        since = date(2020, 1, 1)
        self._add(Appointment, account_id=person, office=office, code=code, building_id=building, since=since)

    def _count_residents(self, code: str) -> None:
        people = select(func.count(Membership.account_id.distinct())).where(
            Membership.code == code, Membership.state == "approved"
        )
        self.session.execute(
            update(Division).where(Division.code == code).values(residents=people.scalar_subquery())
        )
