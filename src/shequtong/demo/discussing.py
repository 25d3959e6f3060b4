"""Who answers the statements of a topic of the story, and how; always the same people and the same answers.

A statement begins with what neighbours think of it: `=` nearly all agree, `+` those of one mind do and those of the
other do not, `-` the other way round, `?` all sorts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

from shequtong.town import Comment, Post, StoryError, Town, awake, names

AGREE = {"=": (94, 94), "+": (91, 12), "-": (14, 90), "?": (50, 44)}
"""Of a hundred people of each mind, so many agree."""
PASS = 12
"""Of a hundred who do not agree, so many pass."""
LEFT_OUT = 9
"""Of a hundred statements, so many somebody leaves unanswered."""
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


def sittings(town: Town, post: Post) -> Iterator[Sitting]:
    """Who answers, after the last statement was written."""
    if not post.statements:
        return
    begin = max(statement.after for statement in post.statements) + timedelta(hours=2)
    people = [
        p.login
        for p in town.people.values()
        if p.code == post.code and p.standing and p.room and p.login not in {*town.arrivals, *names()}
    ]
    for login in sorted(people, key=lambda login: _lot(post, "takes part", login))[: post.answering]:
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
