"""Tables as spreadsheet programs keep them: written so that nothing can become a formula, read within limits.

A workbook is a ZIP of XML by somebody unknown: a few kilobytes can unfold to gigabytes, or name one cell in the last
column of the last row. So what it would unfold to is looked at before the reader (calamine) sees it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from defusedcsv import csv

from shequtong.lib.i18n import LazyString
from shequtong.lib.i18n import lazy_gettext as _l

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 32 * 1024 * 1024
"""Bytes of a file, and of what is in it."""
MOST_COLUMNS = 60
LONGEST_CELL = 12_000

NUMBER = re.compile(r"\d+(\.\d+)?")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{1,7})(\d{1,10})["']""")
_SHIELDED = re.compile(r"'[@+\-=|%]")
"""What defusedcsv puts before a cell that a spreadsheet program would take for a formula."""


@dataclass(frozen=True)
class Sheet:
    """A table with its name; the first row are its headings."""

    name: str
    rows: Sequence[Sequence[str]]


class NoTable(ValueError):
    """What was sent cannot be read as a table; `reason` is for the person."""

    def __init__(self, reason: LazyString) -> None:
        super().__init__(reason)
        self.reason = reason


# Writing ------------------------------------------------------------------------------------------------


def as_csv(sheet: Sheet) -> bytes:
    """One table as CSV, marked as UTF-8 so that Excel reads its Chinese."""
    into = io.StringIO()
    csv.writer(into).writerows(sheet.rows)
    return into.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Iterable[Sheet], *, figures: bool = True, width: int = 18) -> bytes:
    """Tables as one workbook. With `figures`, what looks like a number is one; all else is text.

    `width` is that of the first two columns, in characters.
    """
    import xlsxwriter  # a workbook is asked for rarely, and by few

    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            page.set_column(0, 1, width)
            for number, row in enumerate(sheet.rows):
                for column, told in enumerate(row):
                    look = None if number else head
                    if figures and NUMBER.fullmatch(told) and len(told) < 9:  # a code is no number
                        page.write_number(number, column, float(told), look)
                    else:
                        page.write_string(number, column, told, look)
    return into.getvalue()


# Reading ------------------------------------------------------------------------------------------------


def read(content: bytes, most_rows: int) -> list[list[str]]:
    """The rows of a CSV file or of the first sheet of a workbook, as text; empty ones too, so that numbers fit.

    Raises NoTable for what is no table, or is longer than `most_rows`.
    """
    if len(content) > MOST_BYTES:
        raise NoTable(_l("This table is too long. Send it in parts."))
    if content.startswith(b"PK"):
        rows = _of_workbook(content, most_rows)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NoTable(_l("This workbook is locked or of an old kind. Save it as .xlsx without a password."))
    else:
        rows = _of_text(content, most_rows)
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > most_rows or any(len(row) > MOST_COLUMNS for row in rows):
        raise NoTable(_l("This table is too long. Send it in parts."))
    if any(len(cell) > LONGEST_CELL for row in rows for cell in row):
        raise NoTable(_l("A cell of this table is too long."))
    return rows


def _of_text(content: bytes, most_rows: int) -> list[list[str]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    comma = max(",;\t", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=comma):
            rows.append([_unshielded(cell) for cell in row])
            if len(rows) > most_rows + 1:
                break
    except csv.Error:
        raise NoTable(_l("This file is no table of text. Save it as CSV.")) from None
    return rows


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise NoTable(_l("This file is no table of text. Save it as CSV."))


def _unshielded(cell: str) -> str:
    return cell[1:].replace("\\|", "|") if _SHIELDED.match(cell) else cell


def _of_workbook(content: bytes, most_rows: int) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    _look_inside(content, most_rows)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError):
        raise NoTable(_l("This workbook cannot be read. Save it as .xlsx or as CSV.")) from None
    return [[_as_text(cell) for cell in row] for row in found]


def _look_inside(content: bytes, most_rows: int) -> None:
    """Refuse a workbook that unfolds to more than fits, or names a cell far outside."""
    far = NoTable(_l("This table is too long. Send it in parts."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            inside = packed.infolist()
            if "xl/workbook.xml" not in packed.namelist():
                raise NoTable(_l("This workbook cannot be read. Save it as .xlsx or as CSV."))
            if len(inside) > 2_000 or sum(one.file_size for one in inside) > MOST_UNPACKED:
                raise far
            for one in inside:
                if one.filename.startswith("xl/worksheets/") and one.filename.endswith(".xml"):
                    for column, row in set(_PLACE.findall(packed.read(one))):
                        if int(row) > most_rows + 1 or _number_of(column) > MOST_COLUMNS:
                            raise far
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError):
        raise NoTable(_l("This workbook cannot be read. Save it as .xlsx or as CSV.")) from None


def _number_of(column: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in column.upper():
        number = number * 26 + letter - 64
    return number


def _as_text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
