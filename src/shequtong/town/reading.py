"""From the TOML files to the town."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from shequtong.town.checks import check
from shequtong.town.homes import Community, Invention, Person, community, fill, flat
from shequtong.town.script import Comment, StoryError, awake, comments, span
from shequtong.town.story import (
    Decision,
    Duties,
    Entry,
    Follow,
    Gathering,
    Paper,
    Poll,
    Post,
    Report,
    Request,
    ServiceDesk,
    SignUp,
    Step,
    Town,
    Visit,
)

HERE = Path(__file__).parent
HOME = "310113104029"


def load(here: Path = HERE) -> Town:
    """Read and check the whole story. Raises StoryError with the file and the post when something is wrong."""
    read = _read(here / "places.toml")["community"]
    communities = {entry["code"]: community(entry) for entry in read}
    requests = _read(here / "joining.toml")["request"]
    people = _people(here, read, communities, requests)
    crowd = {code: _residents(people, code) for code in communities}
    posts = [post for path in sorted((here / "life").glob("*.toml")) for post in _posts(path, crowd)]
    _unique((post.key for post in posts), "posts")
    town = Town(
        communities,
        people,
        tuple(sorted(posts, key=lambda post: (post.at, post.key))),
        tuple(_request(entry) for entry in requests),
        {
            login: Follow(**{k: tuple(v) for k, v in entry.items()})
            for login, entry in _read(here / "follows.toml").items()
        },
        _read(here / "pictures" / "pictures.toml"),
        _duties(_read(here / "duties.toml"), communities),
    )
    check(town)
    return town


def names(here: Path = HERE) -> dict[str, str]:
    """What those are called who can be tried out, by login; without reading the rest."""
    return {entry["login"]: entry["name"] for entry in _read(here / "accounts.toml")["account"]}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise StoryError(f"{path.name}: {error}") from error


def _people(
    here: Path, read: list[dict[str, Any]], communities: dict[str, Community], requests: list[dict[str, Any]]
) -> dict[str, Person]:
    invent = Invention(_read(here / "names.toml"))
    found = [_account(entry, communities, invent) for entry in _read(here / "accounts.toml")["account"]]
    for code, lines in _read(here / "neighbours.toml").items():
        found += [_neighbour(login, line, communities[code], invent) for login, line in lines.items()]
    known = {person.login for person in found}
    for entry in requests:
        if entry["login"] not in known:
            line = [entry["name"], entry["home"], entry["relation"], "", ""]
            found.append(_neighbour(entry["login"], line, communities[HOME], invent, standing=False))
    invent.taken |= {person.name for person in found}
    for entry in read:
        place = communities[entry["code"]]
        lived_in = {(p.building, p.room) for p in found if p.code == place.code and p.standing and p.room}
        found += fill(entry, place, lived_in, invent)
    _unique((person.login for person in found), "logins")
    _unique((person.name for person in found), "display names")
    return {person.login: person for person in found}


def _account(entry: dict[str, Any], communities: dict[str, Community], invent: Invention) -> Person:
    code = entry.get("at", HOME)
    home = flat(communities[code], entry["home"]) if "home" in entry else None
    return Person(
        entry["login"],
        entry["name"],
        invent.real_name(entry["login"]),
        invent.phone(),
        code,
        home.building if home else entry.get("building", ""),
        home.room if home else "",
        entry.get("relation", ""),
        "" if entry["job"] in {"resident", "applicant"} else entry["job"],
        entry.get("about", ""),
        representative=home is not None and entry["job"] != "applicant",
        standing=entry["job"] != "applicant",
    )


def _neighbour(
    login: str, line: list[str], place: Community, invent: Invention, standing: bool = True
) -> Person:
    name, home, relation, office, about = line
    dwelling = flat(place, home) if home else None
    return Person(
        login,
        name,
        invent.real_name(login),
        invent.phone(),
        place.code,
        dwelling.building if dwelling else "",
        dwelling.room if dwelling else "",
        relation,
        office,
        about,
        representative=dwelling is not None and standing,
        standing=standing,
    )


def _duties(read: dict[str, Any], communities: dict[str, Community]) -> Duties:
    place = communities[read["code"]]
    return Duties(
        place.code,
        read["roster"].strip(),
        {entry["title"]: entry["words"] for entry in read["template"]},
        tuple(_visit(entry, place) for entry in read["visit"]),
        tuple(_desk(dict(entry)) for entry in read["desk"]),
    )


def _desk(entry: dict[str, str]) -> ServiceDesk:
    hours, first, backup = (entry.pop(name).strip() for name in ("hours", "first", "backup"))
    return ServiceDesk(entry, hours, first, backup)


def _visit(entry: dict[str, Any], place: Community) -> Visit:
    home = flat(place, entry["home"])
    again = timedelta(days=entry["again_day"]) if "again_day" in entry else None
    at = timedelta(days=entry["day"], hours=15)
    return Visit(entry["by"], home.building, home.room, at, entry["note"], again)


def _residents(people: dict[str, Person], code: str) -> list[Person]:
    return [p for p in people.values() if p.code == code and p.standing and p.room and p.login != "xiaoyun"]


def _posts(path: Path, crowd: dict[str, list[Person]]) -> Iterator[Post]:
    board = path.stem
    read = _read(path)
    for entry in read["post"]:
        try:
            yield _post(board, dict(entry), read.get("opening", ""), crowd)
        except (StoryError, KeyError, TypeError) as error:
            raise StoryError(f"{path.name}, {entry.get('key', entry.get('title'))}: {error}") from error


def _post(board: str, entry: dict[str, Any], opening: str, crowd: dict[str, list[Person]]) -> Post:
    code = entry.pop("at", HOME)
    here = crowd.get(code, crowd[HOME])
    key, author = entry.pop("key"), entry.pop("author")
    within = entry.pop("within", None)
    readers = [person for person in here if within in (None, person.building)]
    steps = [step for line in entry.pop("steps", []) for step in _steps(key, dict(line), here)]
    opening = entry.pop("opening", opening)
    if opening and not entry.pop("draft", False):
        steps.insert(0, Step(opening, author, timedelta()))
    at = timedelta(days=entry.pop("day"), hours=entry.pop("hour"))
    ballots = dict(entry.pop("ballots", {}))
    signed = entry.pop("signatures", {})
    judged = dict(entry.pop("ratings", {}))
    takes, counted = span(ballots.pop("over", "0h")), ballots.pop("counted", "")
    post = Post(
        key,
        code,
        board,
        entry.pop("kind", ""),
        author,
        at,
        entry.pop("title"),
        entry.pop("body", "").strip(),
        entry.pop("fields", {}),
        entry.pop("private", False),
        entry.pop("pinned", False),
        entry.pop("held", ""),
        tuple(entry.pop("pictures", ())),
        tuple(_awake(at, said) for said in comments(entry.pop("comments", ""))),
        tuple(sorted((_awake(at, step) for step in steps), key=lambda step: step.after)),
        _reactions(key, entry.pop("reactions", {}), author, readers),
        _some(entry.pop("followers", 0), f"{key}follow", author, readers),
        tuple(entry.pop("grew_from", ())),
        tuple(Report(**_timed(line)) for line in entry.pop("reports", ())),
        tuple(Decision(**_timed(line)) for line in entry.pop("moderation", ())),
        {key: number for key, number in ballots.items() if key != "by"},
        takes,
        (span(counted), ballots["by"]) if counted else None,
        tuple(_awake(at, said) for said in comments(entry.pop("statements", ""))),
        entry.pop("answering", 0),
        tuple(_awake(at, said) for said in comments(entry.pop("objections", ""))),
        signed.get("homes", 0),
        span(signed.get("over", "0h")),
        _gathering(at, author, entry.pop("gathering", None)),
        tuple(Paper(**_timed(line)) for line in entry.pop("papers", ())),
        {stars: homes for stars, homes in judged.items() if stars != "over"},
        span(judged.get("over", "0h")),
        tuple(_awake(at, _entry(dict(line))) for line in entry.pop("books", ())),
        _poll(at, author, entry.pop("poll", None)),
        tuple(_awake(at, said) for said in comments(entry.pop("arguments", ""))),
        tuple(_awake(at, said) for said in comments(entry.pop("amendments", ""))),
    )
    if entry:
        raise StoryError(f"it has words nobody understands: {sorted(entry)}")
    return post


def _poll(at: timedelta, author: str, entry: dict[str, Any] | None) -> Poll | None:
    if entry is None:
        return None
    after, over = awake(at, span(entry.pop("after"))), span(entry.pop("over"))
    questions, answering = tuple(entry.pop("questions")), entry.pop("answering")
    return Poll(author, after, questions, entry, answering, over)


def _gathering(at: timedelta, author: str, entry: dict[str, Any] | None) -> Gathering | None:
    """`sign_ups` are logins in the order in which they come, `every` so often; `lead+2` brings two."""
    if entry is None:
        return None
    after, every, coming = span(entry.pop("after")), span(entry.pop("every", "3h")), entry.pop("sign_ups", [])
    sign_ups = []
    for number, told in enumerate(coming, 1):
        login, _plus, guests = told.partition("+")
        sign_ups.append(_awake(at, SignUp(login, after + every * number, int(guests or 0))))
    return Gathering(author, awake(at, after), entry, tuple(sign_ups))


def _entry(line: dict[str, Any]) -> Entry:
    reached = line.pop("reached", "")
    return Entry(**_timed(line), reached=span(reached) if reached else None)


def _awake(at: timedelta, told: Any) -> Any:
    """The comment or step, and the answers to it, at an hour when people are up. The clock never sleeps."""
    if told.by == "clock":
        return told
    if isinstance(told, Comment):
        told = replace(told, answers=tuple(_awake(at, answer) for answer in told.answers))
    return replace(told, after=awake(at, told.after))


def _steps(key: str, line: dict[str, Any], here: list[Person]) -> Iterator[Step]:
    """One line is one step; with a list in `by`, or a `crowd` of shares by building, one for each person."""
    do, after, reason = line.pop("do"), span(line.pop("after")), line.pop("reason", "")
    pictures = tuple(line.pop("pictures", ()))
    by = line.pop("by", [])
    pace, over = span(line.pop("every", "45m")), span(line.pop("over", "4d"))
    if "crowd" in line:
        shares = line.pop("crowd")
        by = [
            p.login
            for p in here
            if p.representative
            and _chance(key, do, p.login) < 100 * shares.get(p.building.removesuffix("号楼"), 0)
        ]
        yield from (
            Step(do, who, after + over * (_chance(key, "when", who) / 100), reason, line) for who in by
        )
    elif isinstance(by, list):
        yield from (Step(do, who, after + pace * n, reason, line) for n, who in enumerate(by))
    else:
        yield Step(do, by, after, reason, line, pictures)


def _reactions(
    key: str, told: dict[str, int | list[str]], author: str, here: list[Person]
) -> dict[str, tuple[str, ...]]:
    """Who reacts how; everybody does it once."""
    reactions: dict[str, tuple[str, ...]] = {}
    for kind, who in told.items():
        done = {login for logins in reactions.values() for login in logins}
        reactions[kind] = _some(who, f"{key}{kind}", author, [p for p in here if p.login not in done])
    return reactions


def _some(who: int | list[str], key: str, author: str, here: list[Person]) -> tuple[str, ...]:
    """The people named, or so many of the neighbours, the same ones every time."""
    if not isinstance(who, int):
        return tuple(who)
    others = [person.login for person in here if person.login != author]
    return tuple(sorted(others, key=lambda login: crc32(f"{key}|{login}".encode()))[:who])


def _chance(*key: str) -> int:
    """A number from 0 to 99 that only depends on the key."""
    return crc32("|".join(key).encode()) % 100


def _timed(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "after": span(line["after"])}


def _request(entry: dict[str, Any]) -> Request:
    return Request(
        entry["login"],
        timedelta(days=entry["day"], hours=entry["hour"]),
        entry["note"],
        entry["outcome"],
        entry.get("by", ""),
        span(entry.get("after", "0h")),
        entry.get("reason", ""),
    )


def _unique(names: Iterator[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise StoryError(f"two {what} are called {name!r}")
        seen.add(name)
