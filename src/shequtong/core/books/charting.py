"""Bars for the months, as numbers for an SVG that the page draws. Beside it stands a table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shequtong.core.books.yearly import Month

WIDTH, HEIGHT = 480, 150
SLOT, BAR = 40, 14
"""A month's place, and one of its two bars."""


@dataclass(frozen=True)
class Bar:
    """A bar from its upper left corner. Only its height is a rounded number; what it stands for is in the table."""

    x: int
    y: float
    height: float
    look: str


@dataclass(frozen=True)
class Chart:
    """Bars, and the yuan that the highest of them stands for, rounded to a whole one."""

    bars: tuple[Bar, ...]
    months: tuple[tuple[int, int], ...]
    most: str
    width: int = WIDTH
    height: int = HEIGHT
    bar: int = BAR


def chart(months: Sequence[Month]) -> Chart:
    """Two bars a month: what came in, and what was spent."""
    most = max([max(month.income, month.expense) for month in months])
    bars = []
    for place, month in enumerate(months):
        left = place * SLOT + (SLOT - 2 * BAR - 2) // 2
        for x, look, amount in ((left, "income", month.income), (left + BAR + 2, "expense", month.expense)):
            if amount and most:
                height = float(round(amount * HEIGHT / most, 1))
                bars.append(Bar(x, round(HEIGHT - height, 1), height, look))
    middle = tuple((place * SLOT + SLOT // 2, month.number) for place, month in enumerate(months))
    return Chart(tuple(bars), middle, _short(most))


def _short(yuan: object) -> str:
    return f"{yuan:,.0f}"
