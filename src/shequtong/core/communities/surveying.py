"""Many dwellings at once, from a table that staff paste or upload: first looked at as a whole, then written.

Columns: compound, building, room, floor area in square metres. An empty compound or building is the one above,
as spreadsheets with joined cells give it. What is here already stays, but takes the table's floor area.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from shequtong.core.communities.importing import Mistake
from shequtong.core.communities.models import Building, Compound, Dwelling
from shequtong.core.communities.places import add_compound, normal_room, number_in, room_index, room_indexes
from shequtong.lib.db import rows
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import UnfitText, clean_line

MOST_LINES = 5000
MOST_BYTES = 400_000
LONGEST_NAME, LONGEST_ROOM = 40, 20
LARGEST_AREA = Decimal(10_000)
HEADINGS = {
    "小区",
    "楼",
    "楼栋",
    "楼号",
    "室",
    "室号",
    "房号",
    "面积",
    "建筑面积",
    "compound",
    "building",
    "room",
    "area",
}


@dataclass(frozen=True)
class Line:
    """One dwelling of the table; `before` is the floor area it has here now, None when it is new."""

    number: int
    compound: str
    building: str
    room: str
    area: Decimal
    before: Decimal | None = None
    dwelling_id: int | None = None

    @property
    def is_new(self) -> bool:
        return self.dwelling_id is None

    @property
    def is_changed(self) -> bool:
        return self.dwelling_id is not None and self.before != self.area


@dataclass
class Survey:
    """What a table would do; nothing can be done while there are mistakes."""

    lines: list[Line] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def new(self) -> list[Line]:
        return [line for line in self.lines if line.is_new]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.is_changed]

    @property
    def unchanged(self) -> int:
        return len(self.lines) - len(self.new) - len(self.changed)

    @property
    def area(self) -> Decimal:
        return sum((line.area for line in self.lines), Decimal(0))


def decoded(table: bytes) -> str | None:
    """The text of an uploaded table: UTF-8, or what spreadsheets in China write; None when it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return table.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def survey(session: Session, code: str, text: str) -> Survey:
    """Read a table and compare it with what is here. Writes nothing."""
    found = Survey()
    compounds = list(session.scalars(select(Compound.name).where(Compound.code == code)))
    only = compounds[0] if len(compounds) == 1 else ""
    lines = _read(text, only, found.mistakes)
    if not lines and not found.mistakes:
        found.mistakes.append(Mistake(1, _("The table is empty")))
    here = _Here(session, code)
    found.lines = [here.compared(line) for line in lines]
    return found


def write(session: Session, code: str, found: Survey) -> None:
    """Do what the survey says. Raises Conflict when somebody wrote the same dwellings in the meantime."""
    try:
        with session.begin_nested():
            buildings = _add_buildings(session, code, found.new)
            if found.new:
                session.execute(
                    insert(Dwelling.__table__), [_row(code, buildings, line) for line in found.new]
                )
            if found.changed:
                table = Dwelling.__table__
                areas = update(table).where(table.c.id == bindparam("d")).values(area=bindparam("a"))
                changed = [{"d": line.dwelling_id, "a": line.area} for line in found.changed]
                session.connection().execute(areas, changed)
    except IntegrityError:
        raise Conflict(_("Somebody else was faster. Reload the page to see what happened.")) from None


# The table --------------------------------------------------------------------------------------------


def _read(text: str, only: str, mistakes: list[Mistake]) -> list[Line]:
    lines: list[Line] = []
    seen: dict[tuple[str, str, str], int] = {}
    above = (only, "")
    for number, cells in _cells(text, mistakes):
        if number > MOST_LINES:
            mistakes.append(Mistake(number, _("At most %(most)s lines at a time", most=MOST_LINES)))
            break
        line, wrong = _line(number, cells, above, only)
        if line is None:
            mistakes.append(Mistake(number, wrong))
            continue
        above = (line.compound, line.building)
        key = (line.compound, line.building, line.room)
        if key in seen:
            mistakes.append(Mistake(number, _("The same room is in line %(line)s already", line=seen[key])))
            continue
        seen[key] = number
        lines.append(line)
    return lines


def _cells(text: str, mistakes: list[Mistake]) -> Iterator[tuple[int, list[str]]]:
    """The lines that say something, with their numbers; headings left out."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = next((d for d in "\t;，" if d in first), ",")
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = [_tidy(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            mistakes.append(Mistake(number, _("This line cannot be read")))
            return
        while cells and not cells[-1]:
            cells.pop()
        if cells and not _is_heading(cells):
            yield number, cells


def _tidy(cell: str) -> str:
    """A cell with plain letters and spaces; what cannot be kept stays, to be named as a mistake."""
    try:
        return unicodedata.normalize("NFKC", clean_line(cell))
    except UnfitText:
        return cell


def _is_heading(cells: list[str]) -> bool:
    return sum(_word(cell) in HEADINGS for cell in cells) >= 2


def _word(cell: str) -> str:
    return cell.split("(")[0].strip().lower()


def _line(number: int, cells: list[str], above: tuple[str, str], only: str) -> tuple[Line | None, str]:
    """A line of the table, or what is wrong with it."""
    if len(cells) == 3 and only:
        cells = [only, *cells]
    if len(cells) != 4:
        return None, _("Four columns are needed: compound, building, room, floor area")
    compound, building = cells[0] or above[0], cells[1] or (above[1] if not cells[0] else "")
    room, area = normal_room(cells[2]), _area(cells[3])
    for name, label, longest in (
        (compound, _("Compound"), LONGEST_NAME),
        (building, _("Building"), LONGEST_NAME),
        (room, _("Room"), LONGEST_ROOM),
    ):
        if wrong := _wrong_name(name, label, longest):
            return None, wrong
    if area is None:
        return None, _("“%(given)s” is no floor area in square metres, such as 88.50", given=cells[3][:20])
    return Line(number, compound, building, room, area), ""


def _wrong_name(name: str, label: str, longest: int) -> str:
    try:
        cleaned = clean_line(name)
    except UnfitText as unfit:
        return str(unfit)
    if not cleaned:
        return _("%(column)s is missing", column=label)
    if len(cleaned) > longest:
        return _("%(column)s: write at most %(longest)s characters", column=label, longest=longest)
    if cleaned[0] in "=+@":  # spreadsheets take it for a formula
        return _("%(column)s must not begin with “%(sign)s”", column=label, sign=cleaned[0])
    return ""


def _area(cell: str) -> Decimal | None:
    cell = cell.removesuffix("m2").removesuffix("平方米").removesuffix("㎡").strip()
    try:
        area = Decimal(cell)
        fine = area.is_finite() and 0 < area <= LARGEST_AREA and area == area.quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return area.quantize(Decimal("0.01")) if fine else None


# What is here -----------------------------------------------------------------------------------------


class _Here:
    """The community's buildings and dwellings, for comparing."""

    def __init__(self, session: Session, code: str) -> None:
        self.buildings = _buildings(session, code)
        held = select(Dwelling.id, Dwelling.building_id, Dwelling.room_index, Dwelling.area)
        self.dwellings = {
            (row.building_id, row.room_index): row for row in rows(session, held.where(Dwelling.code == code))
        }

    def compared(self, line: Line) -> Line:
        building_id = self.buildings.get((line.compound, line.building))
        if building_id is None:
            return line
        for index in room_indexes(building_id, line.room):
            if (row := self.dwellings.get((building_id, index))) is not None:
                return Line(**vars(line) | {"before": row.area, "dwelling_id": row.id})
        return line


def _buildings(session: Session, code: str) -> dict[tuple[str, str], int]:
    named = select(Building.id, Building.name, Compound.name.label("compound")).join(
        Compound, Compound.id == Building.compound_id
    )
    found = session.execute(named.where(Building.code == code)).all()
    return {(row.compound, row.name): row.id for row in found}


def _add_buildings(session: Session, code: str, lines: list[Line]) -> dict[tuple[str, str], int]:
    """Every building of the table by (compound, name), the new ones written."""
    here = _buildings(session, code)
    for compound, building in dict.fromkeys((line.compound, line.building) for line in lines):
        if (compound, building) not in here:
            row = Building(
                compound_id=add_compound(session, code, compound).id,
                code=code,
                name=building,
                sort=number_in(building),
            )
            session.add(row)
            session.flush()
            here[compound, building] = row.id
    return here


def _row(code: str, buildings: dict[tuple[str, str], int], line: Line) -> dict[str, Any]:
    building_id = buildings[line.compound, line.building]
    return {
        "building_id": building_id,
        "code": code,
        "room": line.room,
        "room_index": room_index(building_id, line.room),
        "area": line.area,
    }
