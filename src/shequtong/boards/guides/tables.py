"""The handbook as a table: what each column holds, and what a table that was sent would change.

A row is known by its key: the item's name in the spreadsheet, or `#12` for one that has none. What a table says of an
item is compared with what stands, so the same table sent again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Literal

from shequtong.boards.guides.forms import CLASSES, ItemForm
from shequtong.lib import columns
from shequtong.lib.differences import Part, between
from shequtong.lib.forms import widget_of
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.spreadsheets import Sheet
from shequtong.lib.text import UnfitText, clean

MOST_ROWS = 500
"""Items of one table; a handbook that is larger is sent in parts."""

COLUMNS: dict[str, Any] = {
    "item_key": _l("Key"),
    "category": _l("Class"),
    "title": _l("What is it called?"),
    "body": _l("For whom it is"),
    "materials": _l("What to bring"),
    "steps": _l("Step by step"),
    "place": _l("Where"),
    "hours": _l("When it is open"),
    "fee": _l("What it costs"),
    "time_limit": _l("How long it takes"),
    "legal_basis": _l("Legal basis"),
    "owner": _l("Who answers for it"),
    "review_on": _l("Check again on"),
    "also_called": _l("What people call it"),
}
"""Field to the heading of its column, in the order of the table."""

EDITABLE = ("draft", "revised", "live", "stale")

What = Literal["new", "changed", "same", "wrong"]


@dataclass
class Row:
    """One row of a table that was sent: what it would do, and what is wrong with it."""

    line: int
    key: str
    title: str
    what: What
    post_id: int = 0
    hidden: bool = False
    """It is read now, and would have to be checked again before it is read anew."""
    form: ItemForm | None = None
    changes: list[tuple[Any, list[Part]]] = field(default_factory=list)
    mistakes: list[tuple[Any, Any]] = field(default_factory=list)
    """(heading of the column, what is wrong)."""


def table_of(items: Iterable[tuple[Any, Any]]) -> Sheet:
    """The items of a place as a table that can be sent back."""
    heads = [str(label) for label in COLUMNS.values()]
    return Sheet(_("Guides"), [heads, *([told[name] for name in COLUMNS] for told in map(_told, items))])


def _told(item: tuple[Any, Any]) -> dict[str, str]:
    post, guide = item
    stands = _stands(post, guide)
    return stands | {
        "item_key": guide.item_key or f"#{post.id}",
        "category": str(dict(CLASSES).get(guide.category, guide.category)),
    }


def _stands(post: Any, guide: Any) -> dict[str, str]:
    """What an item says now, by column."""
    told = {"title": post.title, "body": post.body}
    return {name: str(told.get(name, getattr(guide, name, "")) or "") for name in COLUMNS}


def rows_of(cells: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """A table's rows, see `lib.columns.rows_of`."""
    return columns.rows_of(cells, COLUMNS, ("title", "category", "item_key"), MOST_ROWS)


def plan(rows: Iterable[Mapping[str, str]], items: Iterable[tuple[Any, Any]]) -> list[Row]:
    """What each row would do with the items that stand."""
    standing: dict[str, tuple[Any, Any]] = {}
    for item in items:
        standing[f"#{item[0].id}"] = item
        if item[1].item_key:
            standing[item[1].item_key] = item
    seen: dict[Any, str] = {}
    return [_judged(given, standing, seen) for given in rows]


def _judged(given: Mapping[str, str], standing: Mapping[str, tuple[Any, Any]], seen: dict[Any, str]) -> Row:
    line = int(given["line"])
    values, unfit = _cleaned(given)
    key = values.get("item_key", "")
    row = Row(line, key, values.get("title", ""), "wrong")
    row.mistakes += [(COLUMNS[name], reason) for name, reason in unfit]
    if not key:
        row.mistakes.append((COLUMNS["item_key"], _("Give each row a key of its own, such as A01")))
        return row
    item = standing.get(key)
    mark = item[0].id if item else key
    if mark in seen:
        row.mistakes.append((COLUMNS["item_key"], _("Row %(line)s has the same key", line=seen[mark])))
        return row
    seen[mark] = str(line)
    if item is None and key.startswith("#"):
        row.mistakes.append((COLUMNS["item_key"], _("There is no guide with this number")))
        return row
    if item:
        values = _stands(*item) | values
        row.post_id = item[0].id
        row.title = row.title or item[0].title
    if key.startswith("#"):
        values["item_key"] = ""
    _check(row, values, item)
    return row


def _cleaned(given: Mapping[str, str]) -> tuple[dict[str, str], list[tuple[str, Any]]]:
    """The cells of a row, made fit to keep; and the columns whose cell cannot be kept, with why."""
    values: dict[str, str] = {}
    unfit: list[tuple[str, Any]] = []
    for name in COLUMNS:
        if name not in given:
            continue
        try:
            values[name] = clean(given[name])
        except UnfitText as reason:
            values[name] = ""
            unfit.append((name, reason.reason))
    if "category" in values:
        values["category"] = columns.as_option(values["category"], CLASSES)
    if "review_on" in values:
        values["review_on"] = columns.as_day(values["review_on"])
    return values, unfit


def _check(row: Row, values: dict[str, str], item: tuple[Any, Any] | None) -> None:
    """Read the row as the form of an item, and compare it with what stands."""
    stands = _stands(*item) if item else {}
    settled = {}
    if item and values["review_on"] == stands["review_on"]:
        settled = {"review_on": item[1].review_on}  # a day that is over is no mistake of this table
    form = ItemForm.read(values, settled=settled)
    if form.errors or row.mistakes:
        row.mistakes += [(COLUMNS.get(name, ""), wrong) for name, wrong in form.errors.items()]
        return
    row.form = form.value
    if item is None:
        row.what = "new"
        return
    new = {name: str(getattr(row.form, name)) for name in COLUMNS}
    differing = [name for name in COLUMNS if new[name] != stands[name]]
    row.changes = [
        (COLUMNS[name], between(_shown(name, stands[name]), _shown(name, new[name]))) for name in differing
    ]
    row.what = "changed" if differing else "same"
    if differing and item[0].state not in EDITABLE:
        row.what = "wrong"
        row.mistakes.append((COLUMNS["title"], _("It waits for being published: publish it first")))
    row.hidden = item[0].state in ("live", "stale")


def _shown(name: str, value: str) -> str:
    options = widget_of(ItemForm.model_fields[name]).options
    return str(dict(options).get(value, value)) if isinstance(options, tuple) and options else value


def mark_of(rows: Iterable[Row]) -> str:
    """A short sum of what a plan would do: it changes when the handbook has changed meanwhile."""
    told = "\n".join(_lines(rows))
    return blake2b(told.encode(), digest_size=8).hexdigest()


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield f"{row.line} {row.key} {row.what} {row.post_id} {row.form!r} {row.changes!r}"
