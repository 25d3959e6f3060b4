"""Bars for the weeks, as numbers for an SVG that the page draws. Beside it stands a table that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shequtong.core.statistics.cells import BESIDE, FEW, columns
from shequtong.core.statistics.figures import Figures
from shequtong.core.statistics.queries import RECENT

WIDTH, HEIGHT = 480, 150
SLOT, BAR = 40, 14
"""A week's place, and one of its two bars."""


@dataclass(frozen=True)
class Bar:
    """A bar from its upper left corner; `look` is what it stands for, and whether its height is told."""

    x: float
    y: float
    height: float
    look: str


@dataclass(frozen=True)
class Chart:
    """Bars, a line with its figure at the highest, and the first day of some weeks where they stand."""

    bars: tuple[Bar, ...]
    days: tuple[tuple[float, date], ...]
    most: int
    width: int = WIDTH
    height: int = HEIGHT
    bar: int = BAR


def chart(weeks: Mapping[date, Figures]) -> Chart:
    """Two bars a week: what was received, and what was answered, in time and late."""
    received = _received(weeks)
    most = max([FEW * 2, *received, *(week.answered for week in weeks.values())])
    bars: list[Bar] = []
    for number, week in enumerate(weeks.values()):
        left = number * SLOT + (SLOT - 2 * BAR - 2) / 2
        bars += _stack(left, (("received", received[number]),), most)
        answered = ("in-time", week.answered_in_time), ("late", week.answered_late)
        bars += _stack(left + BAR + 2, answered, most)
    days = tuple((number * SLOT + SLOT / 2, day) for number, day in enumerate(weeks) if number % 3 == 2)
    return Chart(tuple(bars), days, most)


def _received(weeks: Mapping[date, Figures]) -> list[int]:
    """What came in, rounded down to fives where the table has a star: with its height another could be worked out."""
    newest = [week.received for week in reversed(weeks.values())]
    told = columns(newest, RECENT)
    drawn = [n // FEW * FEW if words == BESIDE else n for n, words in zip(newest, told, strict=True)]
    return drawn[::-1]


def _stack(x: float, parts: tuple[tuple[str, int], ...], most: int) -> list[Bar]:
    """Parts on top of each other; all that are so few that they are not told are equally high."""
    bars, y = [], float(HEIGHT)
    for look, number in parts:
        if number:
            few = number < FEW
            height = (FEW / 2 if few else number) * HEIGHT / most
            y -= height
            bars.append(Bar(x, round(y, 1), round(height, 1), f"{look} few" if few else look))
    return bars
