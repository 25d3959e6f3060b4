"""What was changed between two texts, in parts to show; and a change taken into a text that has moved on meanwhile.

Lines are compared first, then the clauses of what changed, then their characters (words, where they are not
Chinese). What would take long to compare is told as a whole: difflib takes cubic time on texts made to be unlike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal, NamedTuple

Kind = Literal["same", "added", "removed"]

PAIRS = 100_000
"""So many pairs of lines, clauses or characters are compared, and no more."""
ALIKE = 0.5
"""Less alike than this, two clauses share some characters by chance, and the one takes the place of the other."""
AROUND = 40
"""Characters of what is unchanged that an excerpt keeps on either side of a change."""

_CLAUSE = re.compile(r"[^，。；：、！？,.;:!?\n]*[，。；：、！？,.;:!?\n]|[^，。；：、！？,.;:!?\n]+")
_TOKEN = re.compile(r"[A-Za-z0-9]+|[^\S\n]+|.", re.DOTALL)


class Part(NamedTuple):
    """A piece of text that both have, that only the new one has, or that only the old one had."""

    what: Kind
    text: str


def between(old: str, new: str) -> list[Part]:
    """`old` and `new` as one text; "same" and "removed" make up the one, "same" and "added" the other."""
    return list(_joined(list(_by_lines(old, new))))


def added(parts: Iterable[Part]) -> str:
    """What is new, for whoever has to look at that alone."""
    return " … ".join(part.text.strip() for part in parts if part.what == "added" and part.text.strip())


def excerpt(parts: Sequence[Part]) -> list[Part]:
    """The changes with a little of what stands around them."""
    shown = []
    for place, (what, text) in enumerate(parts):
        if what == "same":
            head = text[:AROUND] if place > 0 else ""
            tail = text[-AROUND:] if place < len(parts) - 1 else ""
            if len(head) + len(tail) < len(text):
                text = f"{head}…{tail}"
        shown.append(Part(what, text))
    return shown


def merge(base: str, mine: str, theirs: str) -> str | None:
    """`theirs` with what `mine` changed in `base`, by lines; None when both changed the same lines."""
    lines = base.splitlines()
    edits = sorted({*_edits(lines, mine.splitlines()), *_edits(lines, theirs.splitlines())})
    for (start, end, _new), (following, _end, _other) in pairwise(edits):
        if following == start or following < end:
            return None
    for start, end, new in reversed(edits):
        lines[start:end] = new
    return "\n".join(lines)


def _edits(before: list[str], after: list[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for what, i1, i2, j1, j2 in _opcodes(before, after):
        if what != "equal":
            yield i1, i2, tuple(after[j1:j2])


def _by_lines(old: str, new: str) -> Iterator[Part]:
    return _parts(old.splitlines(keepends=True), new.splitlines(keepends=True), _by_clauses)


def _by_clauses(old: str, new: str) -> Iterator[Part]:
    return _parts(_CLAUSE.findall(old), _CLAUSE.findall(new), _by_characters)


def _by_characters(old: str, new: str) -> Iterator[Part]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    alike = sum(i2 - i1 for what, i1, i2, _j1, _j2 in _opcodes(before, after) if what == "equal")
    if 2 * alike < ALIKE * (len(before) + len(after)):
        return iter((Part("removed", old), Part("added", new)))
    return _parts(before, after, None)


def _parts(
    before: list[str], after: list[str], closer: Callable[[str, str], Iterator[Part]] | None
) -> Iterator[Part]:
    """What is the same, went and came; a look closer at what took the place of something."""
    for what, i1, i2, j1, j2 in _opcodes(before, after):
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        if what == "equal":
            yield Part("same", come)
        elif closer and gone and come:
            yield from closer(gone, come)
        else:
            yield Part("removed", gone)
            yield Part("added", come)


def _opcodes(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    """As difflib tells them; what both begin and end with is set aside first, for a text is mostly as it was."""
    most = min(len(before), len(after))
    head = next((n for n in range(most) if before[n] != after[n]), most)
    tail = next((n for n in range(most - head) if before[-1 - n] != after[-1 - n]), most - head)
    i, j = len(before) - tail, len(after) - tail
    told: list[tuple[str, int, int, int, int]] = [("replace", head, i, head, j)]
    if (i - head) * (j - head) <= PAIRS:
        middle = SequenceMatcher(None, before[head:i], after[head:j], autojunk=False).get_opcodes()
        told = [(what, head + i1, head + i2, head + j1, head + j2) for what, i1, i2, j1, j2 in middle]
    return [("equal", 0, head, 0, head), *told, ("equal", i, len(before), j, len(after))]


def _joined(parts: list[Part]) -> Iterator[Part]:
    """Neighbours of one kind as one part, and what went before what came.

    A character or two that stayed by chance between two changes belong to both: they only make it hard to read.
    """
    parts = [part for part in parts if part.text]
    stayed, gone, come = "", "", ""
    for place, (what, text) in enumerate(parts):
        more = place + 1 < len(parts) and parts[place + 1].what != "same"
        chance = what == "same" and (gone or come) and more and len(text) <= 2 and text.isalnum()
        if what == "same" and not chance:
            yield from _told(removed=gone, added=come)
            stayed, gone, come = stayed + text, "", ""
            continue
        yield from _told(same=stayed)
        stayed = ""
        gone += text if what != "added" else ""
        come += text if what != "removed" else ""
    yield from _told(removed=gone, added=come)
    yield from _told(same=stayed)


def _told(*, same: str = "", removed: str = "", added: str = "") -> Iterator[Part]:
    found = (Part("same", same), Part("removed", removed), Part("added", added))
    return (part for part in found if part.text)
