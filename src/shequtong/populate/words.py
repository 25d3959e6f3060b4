"""Plausible Chinese by the thousand: sentences of `data/phrases.toml`, their slots filled, the same for a seed."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from html import escape
from random import Random
from typing import Any

from shequtong.lib.files import PACKAGE
from shequtong.lib.text import clean

LENGTH, SPREAD, SHORTEST = 227, 90, 40
"""Characters of a body: their mean, deviation and least."""

_SLOT = re.compile(r"\{(\w+)\}")


@cache
def phrases() -> dict[str, Any]:
    return tomllib.loads((PACKAGE / "data" / "phrases.toml").read_text(encoding="utf-8"))


def fill(rng: Random, sentence: str) -> str:
    """A sentence with its slots filled."""
    words = phrases()["words"]
    return _SLOT.sub(
        lambda slot: str(rng.randint(2, 28)) if slot[1] == "n" else rng.choice(words[slot[1]]), sentence
    )


def title(rng: Random, board: str) -> str:
    return fill(rng, rng.choice(_of(board)["titles"]))


def sentence(rng: Random, board: str) -> str:
    return fill(rng, rng.choice(_of(board)["sentences"]))


def comment(rng: Random) -> str:
    return fill(rng, rng.choice(phrases()["common"]["comments"]))


def body(rng: Random, board: str) -> str:
    """A few paragraphs: first what the board is about, then what neighbours say around it."""
    wanted = max(SHORTEST, rng.gauss(LENGTH, SPREAD)) - 12
    about, around = list(_of(board)["sentences"]), list(phrases()["common"]["sentences"])
    rng.shuffle(about)
    rng.shuffle(around)
    text = fill(rng, about.pop())
    while len(text) < wanted and around:
        text += "\n\n" if rng.random() < 0.15 else ""
        text += fill(rng, about.pop() if about and rng.random() < 0.35 else around.pop())
    return text


def rendered(text: str) -> str:
    """What `lib.markdown.render` makes of such plain paragraphs, without its parser."""
    return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in text.split("\n\n"))


def excerpt(text: str, length: int) -> str:
    """What `lib.markdown.excerpt` makes of them."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def person(rng: Random) -> str:
    """A display name, as neighbours choose them."""
    people = phrases()["people"]
    surname = rng.choice(people["surnames"])
    kind = rng.random()
    if kind < 0.25:
        return f"{rng.choice('小老')}{surname}"
    if kind < 0.5:
        return f"{surname}{rng.choice(people['called'])}"
    return clean(surname + "".join(rng.choice(people["given"]) for _ in range(rng.choice((1, 2, 2)))))


def _of(board: str) -> dict[str, list[str]]:
    boards: dict[str, dict[str, list[str]]] = phrases()["board"]
    return boards.get(board) or boards["talk"]
