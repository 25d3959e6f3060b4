"""The same figures as tables for a spreadsheet, where nothing that is written can become a formula."""

from __future__ import annotations

from collections.abc import Iterable

from shequtong.core.statistics.showing import Row
from shequtong.lib.i18n import gettext as _
from shequtong.lib.spreadsheets import Sheet


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
