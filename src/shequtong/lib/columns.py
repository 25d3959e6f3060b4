"""The cells of a table that somebody sent, by the names of its columns, and read as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shequtong.lib import i18n
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.spreadsheets import NoTable

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")


def rows_of(
    cells: Sequence[Sequence[str]], columns: Mapping[str, Any], needed: Sequence[str], most: int
) -> list[dict[str, str]]:
    """A table's rows by the names of its columns, with `line`, the number that a spreadsheet shows beside a row.

    `columns` holds the heading of each. Raises NoTable when the first row does not name the `needed` ones, or names
    one twice, and for no row or more than `most`.
    """
    known = _headings(columns)
    names = [known.get(_plain(cell), "") for cell in (cells[0] if cells else ())]
    if missing := [str(columns[name]) for name in needed if name not in names]:
        raise NoTable(_l("The first row must name the columns. Missing: %(heads)s", heads="、".join(missing)))
    if len(set(filter(None, names))) < len(list(filter(None, names))):
        raise NoTable(_l("Two columns of this table have the same heading."))
    rows = [
        {"line": str(line), **{name: cell for name, cell in zip(names, row, strict=False) if name}}
        for line, row in enumerate(cells[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    if not rows:
        raise NoTable(_l("There is no row below the headings."))
    if len(rows) > most:
        raise NoTable(_l("This table is too long. Send it in parts."))
    return rows


def as_day(cell: str) -> str:
    """A day as people and spreadsheets write it, as 2026-11-23; what is none is left for its field to refuse."""
    found = _DAY.fullmatch(cell)
    if found is None:
        return cell
    year, month, day = map(int, found.groups())
    return f"{year:04}-{month:02}-{day:02}"


def as_option(cell: str, options: Iterable[tuple[str, Any]]) -> str:
    """The key of an option that is named, in any language, or by its key; what is none is left for its field."""
    listed = tuple(options)
    for locale in i18n.LOCALES:
        with i18n.speaking(locale):
            for key, label in listed:
                if _plain(cell) in (key, _plain(str(label))):
                    return key
    return cell


def _headings(columns: Mapping[str, Any]) -> dict[str, str]:
    """Every heading that is understood, in any language, or the field's own name."""
    found = {name: name for name in columns}
    for locale in i18n.LOCALES:
        with i18n.speaking(locale):
            found |= {_plain(str(label)): name for name, label in columns.items()}
    return found


def _plain(heading: str) -> str:
    return "".join(heading.split()).casefold().rstrip("?？:：*")
