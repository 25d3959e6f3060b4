"""Chinese found by the first letters of its readings: djpd is 电瓶车 typed in a hurry, sbk 社保卡.

A character with several readings answers to each. The table, `initials.txt`, is made by `scripts/write_initials.py`
from the readings of Unicode's Unihan database; it holds the characters of GB 2312.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("initials.txt")
LONGEST = 12
"""Letters that somebody types of a word; more are a word of another language."""


def are_initials(typed: str) -> bool:
    """May this be the first letters of a Chinese word?"""
    return 2 <= len(typed) <= LONGEST and typed.isascii() and typed.isalpha()


@lru_cache(maxsize=8192)
def begins(text: str) -> tuple[frozenset[str], ...]:
    """For each character of a folded text that is read, the letters it may begin with."""
    table = _table()
    return tuple(
        table.get(character) or frozenset(character)
        for character in text
        if character in table or character.isalnum()
    )


def reads_as(text: str, letters: str) -> bool:
    """Do the letters stand for neighbouring characters of this folded text?"""
    found = begins(text)
    width = len(letters)
    return any(
        all(letter in here for letter, here in zip(letters, found[start : start + width], strict=True))
        for start in range(len(found) - width + 1)
    )


@cache
def _table() -> dict[str, frozenset[str]]:
    letters: dict[str, set[str]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        letter, characters = line.split(" ", 1)
        for character in characters:
            letters.setdefault(character, set()).add(letter)
    return {character: frozenset(held) for character, held in letters.items()}
