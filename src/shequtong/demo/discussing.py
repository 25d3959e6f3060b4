"""Who answers the statements of a topic of the story, and how; always the same people and the same answers.

A statement begins with what neighbours think of it: `=` nearly all agree, `+` those of one mind do and those of the
other do not, `-` the other way round, `?` all sorts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

from shequtong.boards.hall.arguing import SIDES
from shequtong.town import Comment, Post, StoryError, Town, awake, names

AGREE = {"=": (94, 94), "+": (91, 12), "-": (14, 90), "?": (50, 44)}
"""Of a hundred people of each mind, so many agree."""
PASS = 12
"""Of a hundred who do not agree, so many pass."""
LEFT_OUT = 9
"""Of a hundred statements, so many somebody leaves unanswered."""
CONVINCED = 30
"""Of a hundred who answer, so many find a reason convincing, more or less."""
ONE_MIND = 56
SITTINGS = timedelta(days=3)


@dataclass(frozen=True)
class Sitting:
    """Somebody answers statements, one after the other: (statement, choice)."""

    after: timedelta
    by: str
    answers: tuple[tuple[Comment, str], ...]


def words(statement: Comment) -> str:
    """A statement without the sign of what neighbours think of it."""
    sign, _space, said = statement.text.partition(" ")
    if sign not in AGREE:
        raise StoryError(f"a statement begins with one of {' '.join(AGREE)}: {statement.text!r}")
    return said


def reason(argument: Comment) -> tuple[int, str, str]:
    """The option that a reason is about, on which side it is, and what it says."""
    sign, _space, said = argument.text.partition(" ")
    if not sign[:-1].isdigit() or sign[-1] not in "+-":
        raise StoryError(f"a reason begins with an option and + or -: {argument.text!r}")
    return int(sign[:-1]), SIDES[sign[-1] == "-"], said


def amendment(proposed: Comment) -> tuple[int, str, str]:
    """The paragraph that somebody would change, how it should read, and why."""
    parts = [part.strip() for part in proposed.text.split("|")]
    if len(parts) != 3 or not parts[0].isdigit():
        raise StoryError(f"a change is `paragraph | words | why`: {proposed.text!r}")
    return int(parts[0]), parts[1], parts[2]


def convinced(town: Town, post: Post) -> Iterator[tuple[timedelta, str, Comment]]:
    """Who finds which reason convincing, and when: within two days after it was given."""
    for argument in post.arguments:
        share = CONVINCED + _lot(post, argument.text, "how many") % 41 - 20
        for login in _people(town, post):
            if login != argument.by and _lot(post, argument.text, login) % 100 < share:
                when = timedelta(days=2) * (_lot(post, f"when {argument.text}", login) % 100 / 100)
                yield awake(post.at, argument.after + timedelta(hours=1) + when), login, argument


def _people(town: Town, post: Post) -> list[str]:
    """Those who answer, always the same."""
    people = [
        p.login
        for p in town.people.values()
        if p.code == post.code and p.standing and p.room and p.login not in {*town.arrivals, *names()}
    ]
    return sorted(people, key=lambda login: _lot(post, "takes part", login))[: post.answering]


def sittings(town: Town, post: Post) -> Iterator[Sitting]:
    """Who answers, after the last statement was written."""
    if not post.statements:
        return
    begin = max(statement.after for statement in post.statements) + timedelta(hours=2)
    for login in _people(town, post):
        after = begin + SITTINGS * (_lot(post, "when", login) % 100 / 100)
        answers = tuple(
            (statement, _choice(post, statement, login))
            for statement in post.statements
            if _lot(post, f"leaves out {statement.text}", login) % 100 >= LEFT_OUT
        )
        yield Sitting(awake(post.at, after), login, answers)


def _choice(post: Post, statement: Comment, login: str) -> str:
    other_mind = _lot(post, "mind", login) % 100 >= ONE_MIND
    if _lot(post, statement.text, login) % 100 < AGREE[statement.text[0]][other_mind]:
        return "agree"
    return "pass" if _lot(post, f"passes {statement.text}", login) % 100 < PASS else "disagree"


def _lot(post: Post, what: str, login: str) -> int:
    return crc32(f"{post.key}|{what}|{login}".encode())
