"""Results: what each option got, and who chose it by building and by owners and tenants, without cells of a few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

CROWD = 5
"""Fewer sheets than this are told as "<5" (product rule 4)."""


@dataclass(frozen=True)
class Line:
    """One option: how many chose it, and its part of all sheets. Where options are put in order, `points` too."""

    words: str
    count: int
    percent: int
    points: int = 0


@dataclass(frozen=True)
class Table:
    """A breakdown: a row of cells for each group, None where too few chose it; `size` is the number of its sheets."""

    groups: list[tuple[str, int | None, list[int | None]]]


@dataclass(frozen=True)
class Result:
    """What came of one question; `said` are own words, in an order that tells nothing."""

    question: Any
    sheets: int
    lines: list[Line] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)


def count(questions: Iterable[Any], sheets: Sequence[Any], *, words: bool = False) -> list[Result]:
    """The results of all questions; own words only where `words` says so."""
    return [_result(question, sheets, words) for question in questions]


def _result(question: Any, sheets: Sequence[Any], words: bool) -> Result:
    key = str(question.number)
    told = [(sheet, sheet.answers[key]) for sheet in sheets if sheet.answers.get(key)]
    if question.kind == "text":
        said = sorted(answer for _sheet, answer in told) if words else []
        return Result(question, len(told), said=said)
    lines = []
    for place, option in enumerate(question.options):
        chosen = sum(1 for _sheet, answer in told if place in _first(question, answer))
        points = (
            sum(len(question.options) - answer.index(place) for _sheet, answer in told if place in answer)
            if question.kind == "ranked"
            else 0
        )
        lines.append(Line(option, chosen, 100 * chosen // len(told) if told else 0, points))
    tables = {
        name: table
        for name, group in (("building", lambda s: s.building or ""), ("tenure", lambda s: s.tenure))
        if (table := _table(question, told, group))
    }
    return Result(question, len(told), lines, tables=tables)


def _first(question: Any, answer: list[int]) -> list[int]:
    """The options that count as chosen: where they are put in order, the first."""
    return answer[:1] if question.kind == "ranked" else answer


def _table(question: Any, told: list[Any], group: Callable[[Any], str]) -> Table | None:
    """The breakdown by a group; None where there is but one."""
    names = list(dict.fromkeys(group(sheet) for sheet, _answer in told))
    if len(names) < 2:
        return None
    rows = []
    for name in names:
        theirs = [_first(question, answer) for sheet, answer in told if group(sheet) == name]
        rows.append(
            [len(theirs)]
            + [sum(place in answer for answer in theirs) for place in range(len(question.options))]
        )
    hidden = hide(rows)
    shown: list[list[int | None]] = [
        [None if (r, c) in hidden else cell for c, cell in enumerate(row)] for r, row in enumerate(rows)
    ]
    return Table([(name, row[0], row[1:]) for name, row in zip(names, shown, strict=True)])


def hide(rows: list[list[int]]) -> set[tuple[int, int]]:
    """(row, column) of the cells that are not told: those under five, and enough others that none can be worked out.

    The first column is the size of the group. The sums of all columns are told elsewhere, so a row or a column never
    hides one cell alone: the smallest other one goes with it. What a whole group says of so few is hidden too.
    An option that nobody chose is told to be so, and hides nothing.
    """
    columns = [c for c, _cell in enumerate(rows[0]) if any(row[c] for row in rows)]
    hidden = {(r, c) for r, row in enumerate(rows) for c in columns if row[c] < CROWD or row[0] < CROWD}
    changed = True
    while changed:
        changed = False
        for line in _lines(len(rows), columns):
            gone = [cell for cell in line if cell in hidden]
            left = [cell for cell in line if cell not in hidden]
            if len(gone) == 1 and left:
                hidden.add(min(left, key=lambda cell: (rows[cell[0]][cell[1]], cell)))
                changed = True
    return hidden


def _lines(rows: int, columns: list[int]) -> list[list[tuple[int, int]]]:
    across = [[(r, c) for c in columns] for r in range(rows)]
    down = [[(r, c) for r in range(rows)] for c in columns]
    return across + down
