"""What was changed between two texts, clause by clause and, within a clause, character by character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_CLAUSE = re.compile(r"[^，。；：、！？,.;:!?\n]*[，。；：、！？,.;:!?\n]?")
FINE = 400
"""Characters up to which a changed passage is compared character by character."""


class Part(NamedTuple):
    """A piece of text that both have, that only the new one has, or that only the old one had."""

    what: Literal["same", "added", "removed"]
    text: str


def between(old: str, new: str) -> list[Part]:
    """`old` and `new` as one text; "same" and "removed" make up the one, "same" and "added" the other."""
    return list(_joined(_by_clauses(old, new)))


def _by_clauses(old: str, new: str) -> Iterator[Part]:
    before, after = (list(filter(None, _CLAUSE.findall(text))) for text in (old, new))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, i, j, k, m in matcher.get_opcodes():
        gone, come = "".join(before[i:j]), "".join(after[k:m])
        if what == "replace" and len(gone) <= FINE and len(come) <= FINE:
            yield from _by_characters(gone, come)
        else:
            yield from _replaced(gone, come, same=what == "equal")


def _by_characters(old: str, new: str) -> Iterator[Part]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.5:  # two sentences that share some characters by chance
        yield from _replaced(old, new)
        return
    for what, i, j, k, m in matcher.get_opcodes():
        yield from _replaced(old[i:j], new[k:m], same=what == "equal")


def _replaced(old: str, new: str, same: bool = False) -> Iterator[Part]:
    if same:
        yield Part("same", new)
        return
    if old:
        yield Part("removed", old)
    if new:
        yield Part("added", new)


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """Neighbours of one kind as one part."""
    last: Part | None = None
    for part in parts:
        if last and last.what == part.what:
            last = Part(last.what, last.text + part.text)
            continue
        if last:
            yield last
        last = part
    if last:
        yield last
