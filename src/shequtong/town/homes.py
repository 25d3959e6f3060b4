"""Who lives where: the neighbours written by hand, and people for the other flats, the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32

from shequtong.town.script import StoryError


@dataclass(frozen=True)
class Dwelling:
    """A flat: `room` 302 is the second door on the third floor; `area` in square metres."""

    building: str
    room: str
    area: Decimal


@dataclass(frozen=True)
class Community:
    """A committee's community: its compound, its flats, the picture of its `plan`, and what its secretary chose.

    `holds_first_posts_from` is when the desk began to look at the first posts of new members, if ever.
    """

    code: str
    name: str
    compound: str
    boards_on: tuple[str, ...]
    listed_words: tuple[str, ...]
    holds_first_posts_from: timedelta | None
    buildings: tuple[str, ...]
    dwellings: tuple[Dwelling, ...]
    plan: str = ""

    @property
    def area(self) -> Decimal:
        return sum((dwelling.area for dwelling in self.dwellings), Decimal(0))


@dataclass(frozen=True)
class Person:
    """Somebody with an account. `code` is the division they live or serve in.

    `relation` is owner, tenant or family, or empty without a flat. `office` is empty for a mere resident;
    a lead's is over `building`. `standing` is false for those not yet let in. `phone` cannot ring: it is
    in a range of satellite telephones that was never given out.
    """

    login: str
    name: str
    real_name: str
    phone: str
    code: str
    building: str = ""
    room: str = ""
    relation: str = ""
    office: str = ""
    about: str = ""
    representative: bool = False
    standing: bool = True


def community(read: dict[str, Any]) -> Community:
    dwellings = tuple(
        Dwelling(block["name"], f"{floor}{door:02}", Decimal(area))
        for block in read["buildings"]
        for floor in range(1, block["floors"] + 1)
        for door, area in enumerate(block["areas"], 1)
    )
    return Community(
        read["code"],
        read["name"],
        read["compound"],
        tuple(read["boards_on"]),
        tuple(read["listed_words"]),
        timedelta(days=day) if (day := read.get("holds_first_posts_from_day")) is not None else None,
        tuple(block["name"] for block in read["buildings"]),
        dwellings,
        read.get("plan", ""),
    )


def flat(town: Community, home: str) -> Dwelling:
    """`3-502` is flat 502 of 3号楼."""
    building, _, room = home.partition("-")
    for dwelling in town.dwellings:
        if (dwelling.building, dwelling.room) == (f"{building}号楼", room):
            return dwelling
    raise StoryError(f"{town.name} has no flat {home!r}")


class Invention:
    """Names, drawn from the lists of names.toml: the same key always draws the same name."""

    def __init__(self, lists: dict[str, Any]) -> None:
        self.lists = lists
        self.taken: set[str] = set()
        self.phones = 0

    def chance(self, *key: object) -> int:
        """A number from 0 to 9999 that only depends on the key."""
        return crc32("|".join(map(str, key)).encode()) % 10_000

    def pick(self, what: str, *key: object) -> str:
        options = self.lists[what]
        return str(options[crc32("|".join((what, *map(str, key))).encode()) % len(options)])

    def real_name(self, login: str) -> str:
        return self.pick("surnames", login) + self.pick("given", login).removeprefix("阿")

    def phone(self) -> str:
        self.phones += 1
        return f"17400{self.phones:06}"

    def display_name(self, building: str, login: str) -> str:
        """As neighbours call each other: 朵朵妈, 七号楼小顾, 阿明, 周末钓鱼. No two the same."""
        for attempt in range(200):
            key = (login, attempt)
            surname = self.pick("surnames", *key)
            name = (
                self.pick("children", *key)
                + self.pick_of(("妈", "爸", "妈妈", "外婆", "爷爷", "奶奶"), *key),
                f"{_numeral(building)}号楼" + self.pick_of(("老", "小", "阿"), *key) + surname,
                surname + self.pick_of(("阿姨", "师傅", "伯伯", "老师", "女士", "先生", "大姐"), *key),
                self.pick("nicknames", *key),
                "阿" + self.pick("given", *key)[-1],
            )[self.chance("style", *key) % 5]
            if name not in self.taken:
                self.taken.add(name)
                return name
        raise StoryError("names.toml has too few names")

    def pick_of(self, options: tuple[str, ...], *key: object) -> str:
        return options[self.chance("of", *key) % len(options)]


def fill(
    read: dict[str, Any], town: Community, lived_in: set[tuple[str, str]], invent: Invention
) -> Iterator[Person]:
    """People for the flats that nobody written by hand lives in; some flats stay empty, some have two."""
    tenants = {"5号楼": 45, "6号楼": 35}
    for dwelling in town.dwellings:
        home = (dwelling.building, dwelling.room)
        login = f"{town.code[-3:]}-{dwelling.building.removesuffix('号楼')}-{dwelling.room}"
        alone = home not in lived_in
        if alone and invent.chance("empty", login) < read["empty"] * 100:
            continue
        rents = invent.chance("rents", login) < tenants.get(dwelling.building, 12) * 100
        if alone:
            yield _resident(town, dwelling, login, "tenant" if rents else "owner", True, invent)
        if invent.chance("second", login) < read["second"] * 100:
            yield _resident(
                town, dwelling, f"{login}b", "tenant" if alone and rents else "family", False, invent
            )


def _resident(
    town: Community, dwelling: Dwelling, login: str, relation: str, representative: bool, invent: Invention
) -> Person:
    return Person(
        login,
        invent.display_name(dwelling.building, login),
        invent.real_name(login),
        invent.phone(),
        town.code,
        dwelling.building,
        dwelling.room,
        relation,
        representative=representative,
    )


def _numeral(building: str) -> str:
    number = int(building.removesuffix("号楼"))
    units = "零一二三四五六七八九十"
    return units[number] if number <= 10 else "十" + units[number - 10]
