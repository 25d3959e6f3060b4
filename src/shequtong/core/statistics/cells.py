"""Figures as they are shown: so few that one could guess whom they are about are not told (rule 4, privacy)."""

from __future__ import annotations

from collections.abc import Sequence

FEW = 5
HIDDEN = "<5"
NONE = "–"
BESIDE = "*"
"""Hidden with another one: with it and the sum, that one could be worked out."""


def cell(number: int) -> str:
    """A count; from one to four they are all the same."""
    return HIDDEN if 0 < number < FEW else str(number)


def rank(number: int) -> int:
    """By which lists are ordered: what is hidden must not be told by its place either."""
    return min(number, 1) if number < FEW else number


def share(part: int, whole: int) -> str:
    """A part in per cent, rounded down; of fewer than five it is not told, of none there is none."""
    if not whole:
        return NONE
    return HIDDEN if whole < FEW else f"{100 * part // whole}%"


def mean(total: int, number: int) -> str:
    """The mean of some ratings with one decimal; of fewer than five it is not told."""
    if not number:
        return NONE
    return HIDDEN if number < FEW else f"{total / number:.1f}"


def rate(number: int, of: int, per: int = 100) -> str:
    """So many for each `per` of something; of few not told, where there is nothing to compare with none."""
    if not of:
        return NONE
    return HIDDEN if 0 < number < FEW else f"{number * per / of:.1f}"


def column(numbers: Sequence[int]) -> list[str]:
    """Counts whose sum is shown too. Where only one of them is hidden, the smallest other one is as well."""
    shown = [cell(number) for number in numbers]
    if shown.count(HIDDEN) == 1:
        others = [index for index, number in enumerate(numbers) if number >= FEW]
        if others:
            shown[min(others, key=lambda index: numbers[index])] = BESIDE
    return shown


def columns(numbers: Sequence[int], together: int) -> list[str]:
    """The same where so many after each other, from the first, have a sum of their own."""
    starts = range(0, len(numbers), together)
    return [told for start in starts for told in column(numbers[start : start + together])]
