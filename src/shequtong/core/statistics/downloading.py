"""The same figures as tables for a spreadsheet, where nothing that is written can become a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from defusedcsv import csv

from shequtong.core.statistics.showing import Row
from shequtong.lib.i18n import gettext as _

NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True)
class Sheet:
    """A table with its name; the first row are its headings."""

    name: str
    rows: Sequence[Sequence[str]]


def measures() -> list[str]:
    """The headings of what `figures` tells."""
    return [
        _("Open"),
        _("Past its time"),
        _("Came in"),
        _("First reply in time"),
        _("Answered in time"),
        _("Opened again"),
        _("Satisfaction"),
    ]


def figures(row: Row) -> list[str]:
    """A row's figures as a page shows them, in the order of `measures`."""
    return [row.open, row.overdue, row.received, row.replied, row.in_time, row.reopened, row.rating]


def places(rows: Iterable[Row]) -> Sheet:
    """Places, with how much they are asked by their size."""
    heads = [_("Code"), _("Place"), *measures(), _("Came in for 100 homes"), _("Came in for one clerk")]
    lines = [[row.code, str(row.name), *figures(row), row.per_homes, row.per_clerk] for row in rows]
    return Sheet(_("Places"), [heads, *lines])


def categories(rows: Iterable[Row]) -> Sheet:
    heads = [_("Category"), *measures()]
    return Sheet(_("Categories"), [heads, *([str(row.name), *figures(row)] for row in rows)])


def weeks(rows: Iterable[Row]) -> Sheet:
    """Weeks have no open or overdue ones: those are of now."""
    heads = [_("Week from"), *measures()[2:]]
    return Sheet(_("Weeks"), [heads, *([str(row.week), *figures(row)[2:]] for row in rows)])


def as_csv(sheet: Sheet) -> bytes:
    """One table as CSV, marked as UTF-8 so that Excel reads its Chinese."""
    into = io.StringIO()
    csv.writer(into).writerows(sheet.rows)
    return into.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """All tables as one workbook. What looks like a number is one, all else is text."""
    import xlsxwriter  # a workbook is asked for rarely, and by few

    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            page.set_column(0, 1, 18)
            for number, row in enumerate(sheet.rows):
                for column, told in enumerate(row):
                    _write(page, number, column, told, None if number else head)
    return into.getvalue()


def _write(page: Any, row: int, column: int, told: str, look: Any) -> None:
    if NUMBER.fullmatch(told) and len(told) < 9:  # a code is no number
        page.write_number(row, column, float(told), look)
    else:
        page.write_string(row, column, told, look)
