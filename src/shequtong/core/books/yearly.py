"""A year of books: the budget beside what came in and went out, month by month, and the balance after each line.

All sums are of decimals, and of what holds now: a cancelled line stays in the list and counts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from shequtong.core.books import correcting, queries
from shequtong.core.books.forms import CATEGORIES
from shequtong.core.books.keeping import Books
from shequtong.lib.i18n import gettext as _

NOTHING = Decimal("0.00")
FIRST, LAST = 2000, 2099
"""Years that have a page."""


@dataclass
class Category:
    """One line of the budget: what was `planned` (None without a plan), what came to pass, and what is `left`."""

    direction: str
    key: str
    name: Any
    planned: Decimal | None
    actual: Decimal = NOTHING

    @property
    def left(self) -> Decimal | None:
        """Of what may be spent, or is still expected; below zero when it is more than was planned."""
        return None if self.planned is None else self.planned - self.actual


@dataclass(frozen=True)
class Line:
    """A line of the ledger, with the balance after it."""

    row: Any
    name: Any
    balance: Decimal
    corrected: bool

    @property
    def cancelled(self) -> bool:
        return bool(self.row.state == "cancelled")

    @property
    def title(self) -> Any:
        """What it was for; words that moderation took away stay away, the money does not."""
        return self.row.title if self.row.moderation == "clear" else _("Hidden by the committee")


@dataclass
class Month:
    number: int
    income: Decimal = NOTHING
    expense: Decimal = NOTHING
    lines: int = 0


@dataclass
class Year:
    """All that the page of a year tells."""

    year: int
    opening: Decimal
    carried: bool
    """The opening balance follows from the years before; else it was written down."""
    lines: list[Line]
    categories: list[Category]
    months: list[Month]
    corrections: list[Any]
    changes: list[Any]
    years: list[int] = field(default_factory=list)

    @property
    def income(self) -> Decimal:
        return sum((month.income for month in self.months), NOTHING)

    @property
    def expense(self) -> Decimal:
        return sum((month.expense for month in self.months), NOTHING)

    @property
    def closing(self) -> Decimal:
        return self.opening + self.income - self.expense


def read(session: Session, board: Books, code: str, year: int) -> Year:
    """The books of a year."""
    sums = queries.by_year(session, board, code)
    openings = queries.openings(session, board, code)
    opening = opening_of(year, openings, sums)
    rows = queries.lines(session, board, code, year)
    found = queries.corrections(session, board, code, year)
    years = sorted({*sums, *openings, year}, reverse=True)
    return Year(
        year=year,
        opening=opening,
        carried=year not in openings,
        lines=_balanced(rows, opening, {row.post_id for row in found if row.name == "correct"}),
        categories=_categories(rows, queries.plans(session, board, code, year)),
        months=_months(rows),
        corrections=found,
        changes=queries.changes(session, board, code, year),
        years=[one for one in years if FIRST <= one <= LAST],
    )


def opening_of(year: int, openings: dict[int, Decimal], sums: dict[int, Decimal]) -> Decimal:
    """What a year begins with: as written down, or else what the years since the last such balance left."""
    if year in openings:
        return openings[year]
    since = max((one for one in openings if one < year), default=None)
    begun = openings[since] if since is not None else NOTHING
    between = (net for one, net in sums.items() if one < year and (since is None or one >= since))
    return sum(between, begun)


def _balanced(rows: Sequence[Any], opening: Decimal, corrected: set[int]) -> list[Line]:
    names, balance, lines = dict(CATEGORIES), opening, []
    for row in rows:
        if row.state != "cancelled":
            balance += row.amount if row.direction == "income" else -row.amount
        lines.append(Line(row, names.get(row.category, row.category), balance, row.id in corrected))
    return lines


def _categories(rows: Sequence[Any], plans: Sequence[Any]) -> list[Category]:
    """Everything that was planned or happened, what comes in first, in the order of the form."""
    names = dict(CATEGORIES)
    found = {
        (one.direction, one.category): Category(
            one.direction, one.category, names.get(one.category, one.category), one.amount
        )
        for one in plans
    }
    for row in rows:
        if row.state != "cancelled":
            key = row.direction, row.category
            if key not in found:
                found[key] = Category(*key, names.get(row.category, row.category), None)
            found[key].actual += row.amount
    order = {name: place for place, name in enumerate(names)}
    return sorted(found.values(), key=lambda one: (one.direction != "income", order.get(one.key, len(order))))


def _months(rows: Sequence[Any]) -> list[Month]:
    months = [Month(number) for number in range(1, 13)]
    for row in rows:
        month = months[row.dated.month - 1]
        month.lines += 1
        if row.state == "cancelled":
            continue
        if row.direction == "income":
            month.income += row.amount
        else:
            month.expense += row.amount
    return months


def changes_of(row: Any) -> list[tuple[Any, Any, Any]]:
    """(label, before, after) of each field that a correction changed."""
    return [correcting.in_a_row(*change) for change in (row.facts or {}).get("changes", [])]
