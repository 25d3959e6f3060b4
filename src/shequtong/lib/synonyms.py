"""Everyday words and the words of offices for the same thing: who searches for the one finds the other.

The table is `synonyms.toml`, some of it for one city. What a committee's own staff teach stands with the guide.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path

from shequtong.lib.bigrams import fold

FILE = Path(__file__).with_name("synonyms.toml")


@lru_cache(maxsize=4096)
def alternatives(term: str, city: str = "") -> tuple[str, ...]:
    """A folded term with its everyday word replaced by each other word for the same thing; the longest one counts."""
    groups = [group for of in ("all", city) for group in _groups().get(of, ())]
    known = [(word, group) for group in groups for word in group if word in term]
    if not known:
        return ()
    word, group = max(known, key=lambda found: len(found[0]))
    return tuple(term.replace(word, other) for other in group if other != word)


@cache
def _groups() -> dict[str, tuple[tuple[str, ...], ...]]:
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {of: tuple(tuple(map(fold, group)) for group in held["words"]) for of, held in read.items()}
