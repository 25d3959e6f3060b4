"""The tree of divisions, brought in from a table of the statistics bureau, again and again without harm.

The table is complete for the part of the tree it describes: what is here but not there has ended. Nothing is
ever deleted, for people's words hang on it.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session

from shequtong.core.communities.join_codes import new_join_codes
from shequtong.core.communities.models import LEVELS, Division
from shequtong.lib import clock, files
from shequtong.lib.db import rows as run
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import UnfitText, clean_line

SHANGHAI = files.PACKAGE / "data" / "shanghai-divisions.csv"
"""The whole of Shanghai, which comes with the house."""

COLUMNS = ("code", "level", "name", "parent_code")
LONGEST_NAME = 60
ABOVE = {"city": 0, "district": 2, "street": 6, "committee": 9}
"""Level to the length of its parent's code."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong in one line of the table; line 1 holds the headings."""

    line: int
    message: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(what)s", line=self.line, what=self.message)


class ImportRefused(ValueError):
    """The table has mistakes; nothing was changed."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Change:
    """One division that changed; `before` is its old name, or its old code when it moved."""

    code: str
    name: str
    before: str = ""


@dataclass(frozen=True)
class Changes:
    """What an import did. A division that moved has a new code, under its new parent, and keeps its join code."""

    added: list[Change] = field(default_factory=list)
    renamed: list[Change] = field(default_factory=list)
    moved: list[Change] = field(default_factory=list)
    ended: list[Change] = field(default_factory=list)
    returned: list[Change] = field(default_factory=list)
    unchanged: int = 0

    def __bool__(self) -> bool:
        return any((self.added, self.renamed, self.moved, self.ended, self.returned))

    def in_words(self) -> list[str]:
        """The counts, then each change that is not simply new."""
        counts = _(
            "%(added)s added, %(renamed)s renamed, %(moved)s moved, %(ended)s ended, %(returned)s returned, "
            "%(unchanged)s as they were",
            added=len(self.added),
            renamed=len(self.renamed),
            moved=len(self.moved),
            ended=len(self.ended),
            returned=len(self.returned),
            unchanged=self.unchanged,
        )
        return [
            counts,
            *(_("Renamed: %(code)s %(before)s is now %(name)s", **vars(change)) for change in self.renamed),
            *(
                _("Moved: %(name)s was %(before)s and is now %(code)s", **vars(change))
                for change in self.moved
            ),
            *(_("Ended: %(code)s %(name)s", **vars(change)) for change in self.ended),
            *(_("Returned: %(code)s %(name)s", **vars(change)) for change in self.returned),
        ]


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file. Raises ImportRefused when it is no such table."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise ImportRefused([Mistake(1, _("Missing headings: %(names)s", names=", ".join(missing)))])
            return list(reader)
    except UnicodeDecodeError:
        raise ImportRefused([Mistake(1, _("This file is not UTF-8; save it as “CSV UTF-8”"))]) from None
    except csv.Error as wrong:
        raise ImportRefused([Mistake(1, str(wrong))]) from None


def import_divisions(session: Session, rows: Iterable[Mapping[str, Any]]) -> Changes:
    """Make the tree as the table says. Raises ImportRefused, with every mistake by line, and changes nothing."""
    table = _checked(session, rows)
    here = {row.code: row for row in run(session, _ALL)}
    missing = _missing(here, table)
    new = {code: name for code, name in table.items() if code not in here}
    moved = _moved(new, missing)
    renamed = [code for code, name in table.items() if code in here and here[code].name != name]
    returned = [code for code in table if code in here and here[code].ended_at is not None]

    _end(session, missing, moved.values())
    _add(session, new, {code: here[before] for code, before in moved.items()})
    _each(session, _DIVISION.c.name, [{"c": code, "value": table[code]} for code in renamed])
    _each(session, _DIVISION.c.ended_at, [{"c": code, "value": None} for code in returned])
    _give_join_codes(session, [code for code in table if code in here and _lacks_join_code(here[code])])
    return Changes(
        added=[Change(code, name) for code, name in new.items() if code not in moved],
        renamed=[Change(code, table[code], here[code].name) for code in renamed],
        moved=[Change(code, table[code], before) for code, before in moved.items()],
        ended=[Change(code, row.name) for code, row in missing.items() if code not in moved.values()],
        returned=[Change(code, table[code]) for code in returned],
        unchanged=len(table) - len(new) - len({*renamed, *returned}),
    )


_DIVISION = Division.__table__
_ALL = select(_DIVISION).order_by(_DIVISION.c.code)
_KEPT_IN_A_MOVE = (
    "join_code",
    "boards_on",
    "boards_off",
    "board_names",
    "hold_first_posts",
    "report_threshold",
    "second_look",
)


def _checked(session: Session, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Code to name of every row, parents first. Raises ImportRefused."""
    table: dict[str, str] = {}
    lines: dict[str, int] = {}
    mistakes: list[Mistake] = []
    for line, row in enumerate(rows, start=2):
        code, name, message = _read(row)
        if not message and code in lines:
            message = _("The code %(code)s is in line %(line)s already", code=code, line=lines[code])
        if message:
            mistakes.append(Mistake(line, message))
            continue
        table[code], lines[code] = name, line
    mistakes += _orphans(session, table, lines)
    if not table and not mistakes:
        mistakes.append(Mistake(2, _("The table is empty")))
    if mistakes:
        raise ImportRefused(sorted(mistakes, key=lambda mistake: mistake.line))
    return dict(sorted(table.items(), key=lambda item: (len(item[0]), item[0])))


def _read(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """(code, name, what is wrong) of a row."""
    code, level, raw, parent = (str(row.get(column) or "").strip() for column in COLUMNS)
    if not (code.isascii() and code.isdigit()) or len(code) not in LEVELS:
        return code, "", _("A code has 2, 6, 9 or 12 digits, not “%(code)s”", code=code[:20])
    if LEVELS[len(code)] != level:
        return (
            code,
            "",
            _(
                "A code of %(digits)s digits is a %(level)s, not “%(given)s”",
                digits=len(code),
                level=LEVELS[len(code)],
                given=level[:20],
            ),
        )
    above = code[: ABOVE[level]]
    if parent != above:
        return (
            code,
            "",
            _(
                "The parent of %(code)s is %(above)s, not “%(given)s”",
                code=code,
                above=above or _("empty"),
                given=parent[:20],
            ),
        )
    try:
        name = clean_line(raw)
    except UnfitText as unfit:
        return code, "", str(unfit)
    if not name or len(name) > LONGEST_NAME:
        return code, "", _("A name has 1 to %(longest)s characters", longest=LONGEST_NAME)
    return code, name, ""


def _orphans(session: Session, table: Mapping[str, str], lines: Mapping[str, int]) -> list[Mistake]:
    """Rows whose parent is neither in the table nor here."""
    wanted = {above(code) for code in table} - set(table) - {""}
    listed = select(Division.code).where(Division.code.in_(wanted), Division.ended_at.is_(None))
    unknown = wanted - set(session.scalars(listed)) if wanted else set()
    return [
        Mistake(lines[code], _("Its parent %(above)s is neither in the table nor here", above=above(code)))
        for code in table
        if above(code) in unknown
    ]


def above(code: str) -> str:
    """The code of a division's parent; empty for a city."""
    return code[: ABOVE[LEVELS[len(code)]]]


def _described(table: Mapping[str, str]) -> dict[str, int]:
    """The parts of the tree that the table is complete for: the code at the top, and the longest code in it.

    A table that comes down from the city to one district describes that district only; the rows above it say
    where it hangs. A table without committees says nothing about committees.
    """
    children: dict[str, list[str]] = {}
    for code in table:
        children.setdefault(above(code), []).append(code)
    tops = [code for code in table if above(code) not in table]
    described = {}
    for top in tops:
        while len(children.get(top, ())) == 1:
            top = children[top][0]
        described[top] = max(len(code) for code in table if code.startswith(top))
    return described


def _missing(here: Mapping[str, Any], table: Mapping[str, str]) -> dict[str, Any]:
    """What is here, but no longer in the part of the tree that the table describes; and all below it."""
    described = _described(table)
    missing: dict[str, Any] = {}
    for code, row in sorted(here.items(), key=lambda item: len(item[0])):
        if code in table or row.ended_at is not None:
            continue
        expected = any(
            code.startswith(top) and len(top) < len(code) <= longest for top, longest in described.items()
        )
        if expected or above(code) in missing:
            missing[code] = row
    return missing


def _moved(new: Mapping[str, str], missing: Mapping[str, Any]) -> dict[str, str]:
    """New code to old code, where one name left one place of a district and came to one other."""
    left = Counter((code[:6], row.name) for code, row in missing.items())
    came = Counter((code[:6], name) for code, name in new.items())
    was = {(code[:6], row.name, len(code)): code for code, row in missing.items()}
    return {
        code: was[key]
        for code, name in new.items()
        if (key := (code[:6], name, len(code))) in was and left[key[:2]] == came[key[:2]] == 1
    }


def _add(session: Session, new: Mapping[str, str], moved: Mapping[str, Any]) -> None:
    """Write new divisions, parents first; one that moved keeps its join code and settings."""
    if not new:
        return
    codes = iter(new_join_codes(session, sum(len(code) == 12 for code in new if code not in moved)))
    session.execute(
        insert(_DIVISION),
        [
            {
                "code": code,
                "level": LEVELS[len(code)],
                "name": name,
                "parent_code": above(code) or None,
                "residents": 0,
                **_settings(code, moved.get(code), codes),
            }
            for code, name in new.items()
        ],
    )


def _settings(code: str, before: Any, codes: Iterator[str]) -> dict[str, Any]:
    if before is not None:
        return {name: getattr(before, name) for name in _KEPT_IN_A_MOVE}
    return {
        "join_code": next(codes) if len(code) == 12 else None,
        "boards_on": [],
        "boards_off": [],
        "board_names": {},
        "hold_first_posts": 1,
        "report_threshold": 3,
        "second_look": "",
    }


def _end(session: Session, ended: Iterable[str], moved: Iterable[str]) -> None:
    """Mark divisions ended; the join code of one that moved goes with it."""
    now = clock.now()
    _each(session, _DIVISION.c.ended_at, [{"c": code, "value": now} for code in ended])
    _each(session, _DIVISION.c.join_code, [{"c": code, "value": None} for code in moved])


def _lacks_join_code(row: Any) -> bool:
    return row.level == "committee" and row.join_code is None


def _give_join_codes(session: Session, codes: list[str]) -> None:
    made = new_join_codes(session, len(codes)) if codes else []
    given = [{"c": code, "value": join_code} for code, join_code in zip(codes, made, strict=True)]
    _each(session, _DIVISION.c.join_code, given)


def _each(session: Session, column: Any, values: list[dict[str, Any]]) -> None:
    """Set one column, row by row, in one statement sent many times."""
    if values:
        statement = update(_DIVISION).where(_DIVISION.c.code == bindparam("c"))
        session.connection().execute(statement.values({column.name: bindparam("value")}), values)
