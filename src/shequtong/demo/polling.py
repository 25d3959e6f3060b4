"""Who answers a poll of the story, and what; always the same people and the same answers.

The first option of a question is liked most, the last least. Those who can be tried leave their sheets empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zlib import crc32

from shequtong.town import Post, Town, awake, names


@dataclass(frozen=True)
class Answered:
    """A sheet: answers by the number of the question, as the product keeps them."""

    after: timedelta
    by: str
    answers: dict[str, Any]


def sheets(town: Town, post: Post) -> Iterator[Answered]:
    """Every sheet of the poll on a post, at an hour when people are up."""
    poll = post.poll
    if poll is None:
        return
    homes = {
        (p.building, p.room): p.login
        for p in town.people.values()
        if p.code == post.code
        and p.representative
        and p.room
        and p.login not in {*town.arrivals, *names(), poll.by}
    }
    for login in sorted(homes.values(), key=lambda login: _lot(post, "takes part", login))[: poll.answering]:
        after = poll.after + poll.over * (_lot(post, "when", login) % 97 / 100)
        answers = {
            str(number): _answer(post, question, number, login)
            for number, question in enumerate(poll.questions, 1)
        }
        yield Answered(
            awake(post.at, after), login, {number: told for number, told in answers.items() if told}
        )


def _answer(post: Post, question: dict[str, Any], number: int, login: str) -> Any:
    options, kind = question.get("options", []), question["kind"]
    if kind == "text":
        said = question.get("said", [])
        return said[_lot(post, f"says {number}", login) % len(said)] if said else None
    liked = sorted(
        range(len(options)), key=lambda place: (place + 1) * (_lot(post, f"{number} {place}", login) % 100)
    )
    many = {"single": 1, "several": 1 + _lot(post, f"many {number}", login) % 2, "ranked": 3}[kind]
    return sorted(liked[:many]) if kind == "several" else liked[:many]


def _lot(post: Post, what: str, login: str) -> int:
    return crc32(f"{post.key}|{what}|{login}".encode())
