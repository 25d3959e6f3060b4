"""Lines of a ledger as a spreadsheet keeps them: what each column holds, what is wrong in a row, which one is there.

A row is recognised by its fingerprint, made of what it says of the money. The same table sent again therefore enters
nothing twice; two tickets of one day for the same sum are two rows, and two lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

from shequtong.core.books.fingerprints import mark_of
from shequtong.core.books.forms import CATEGORIES, DIRECTIONS, LedgerForm
from shequtong.core.books.yearly import FIRST, LAST, Year
from shequtong.lib import columns
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.spreadsheets import Sheet

MOST_ROWS = 200
"""Lines of one table; a longer one is sent in parts."""

COLUMNS: dict[str, Any] = {
    "dated": _l("Day"),
    "title": _l("What was it for?"),
    "direction": _l("Kind of entry"),
    "category": _l("Budget category"),
    "amount": _l("Amount"),
    "with_whom": _l("Paid to or received from"),
    "body": _l("Explain it"),
}
"""Field to the heading of its column, in the order of the table."""
NEEDED = ("dated", "title", "direction", "amount")

_SUM = re.compile(r"[¥￥]?\s*([\d,，]+(?:\.\d+)?)\s*元?")

What = Literal["new", "same", "wrong"]


@dataclass
class Row:
    """One row of a table that was sent: what it would do, and the form that says what is wrong in it."""

    line: int
    what: What
    form: BoundForm[LedgerForm]

    @property
    def mistakes(self) -> list[tuple[Any, Any]]:
        """(heading of the column, what is wrong)."""
        return [(COLUMNS.get(name, ""), wrong) for name, wrong in self.form.errors.items()]


def rows_of(cells: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """A table's rows, see `lib.columns.rows_of`."""
    return columns.rows_of(cells, COLUMNS, NEEDED, MOST_ROWS)


def plan(rows: Iterable[Mapping[str, str]], entered: Mapping[str, int]) -> list[Row]:
    """What each row would do, where `entered` counts the lines that are in the books by their fingerprint."""
    left = Counter(entered)
    told = []
    for given in rows:
        form = LedgerForm.read({name: _fit(name, given.get(name, "")) for name in COLUMNS})
        if form.checked is not None and not FIRST <= form.value.dated.year <= LAST:
            form.refuse("dated", _("Choose a day"))
        what: What = "wrong"
        if form.checked is not None:
            one = form.value
            mark = mark_of(one.dated, one.title, one.direction, one.amount, one.with_whom)
            what = "same" if left[mark] > 0 else "new"
            left[mark] -= what == "same"
        told.append(Row(int(given["line"]), what, form))
    return told


def mark_of_all(rows: Iterable[Row]) -> str:
    """A short sum of what a plan would do: it changes when the books have changed meanwhile."""
    told = "\n".join(f"{row.line} {row.what} {row.form.checked!r}" for row in rows)
    return blake2b(told.encode(), digest_size=8).hexdigest()


def _fit(name: str, cell: str) -> str:
    """A cell as people type it, as its field reads it."""
    cell = cell.strip()
    if name == "dated":
        return columns.as_day(cell)
    if name == "amount" and (found := _SUM.fullmatch(cell)):
        return found[1].replace(",", "").replace("，", "")
    if name == "direction":
        return columns.as_option(cell, DIRECTIONS)
    if name == "category":
        return columns.as_option(cell, CATEGORIES)
    return cell


# Writing ------------------------------------------------------------------------------------------------


def empty() -> Sheet:
    """The headings alone, to fill in."""
    return Sheet(_("Ledger"), [[str(label) for label in COLUMNS.values()]])


def lines(told: Year) -> Sheet:
    """Every line of a year with the balance after it; a cancelled one says so and has no sum."""
    heads = [_("Day"), _("What for"), _("Kind of entry"), _("Budget category"), _("Amount"), _("With whom")]
    rows = [[*heads, _("Balance after it"), _("Remark")]]
    names = {key: str(label) for key, label in DIRECTIONS}
    for line in told.lines:
        row = line.row
        said = row.moderation == "clear"
        remark = (
            _("Cancelled, does not count") if line.cancelled else _("Corrected") if line.corrected else ""
        )
        rows.append(
            [
                str(row.dated),
                str(line.title),
                names[row.direction],
                str(line.name),
                f"{row.amount:.2f}",
                row.with_whom if said else "",
                f"{line.balance:.2f}",
                remark,
            ]
        )
    return Sheet(_("Line by line"), rows)


def budget(told: Year) -> Sheet:
    """What was planned, what came of it and what is left, by category, and the balance at both ends."""
    names = {key: str(label) for key, label in DIRECTIONS}
    rows = [[_("Budget category"), _("Kind of entry"), _("Planned"), _("So far"), _("Left")]]
    for one in told.categories:
        planned = "" if one.planned is None else f"{one.planned:.2f}"
        left = "" if one.left is None else f"{one.left:.2f}"
        rows.append([str(one.name), names[one.direction], planned, f"{one.actual:.2f}", left])
    rows.append([_("At its beginning"), "", "", f"{told.opening:.2f}", ""])
    rows.append([_("Balance now"), "", "", f"{told.closing:.2f}", ""])
    return Sheet(_("Budget and what came of it"), rows)
