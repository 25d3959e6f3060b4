"""What the page of a division says: its figures in words, safe for everybody who is behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shequtong.core.duties.timing import categories_of
from shequtong.core.posts.board import Board
from shequtong.core.statistics import cells
from shequtong.core.statistics.figures import Figures
from shequtong.core.statistics.queries import RECENT, Overview, Place

SORTS = {
    "overdue": lambda place: -cells.rank(place.recent.overdue),
    "open": lambda place: -cells.rank(place.recent.open),
    "received": lambda place: -cells.rank(place.recent.received),
}
"""Orders of a list of places; other than these, by code."""

SIZED = ("per_homes", "per_clerk")
"""What is reckoned from how much came in."""

LOUD = 10
"""Overdue stands out where it is one in so many of the open ones, or more."""


@dataclass(frozen=True)
class Row:
    """A place, category or week with its figures as they are shown; `loud` where much is overdue."""

    name: Any
    open: str
    overdue: str
    received: str
    replied: str
    in_time: str
    reopened: str
    rating: str
    per_homes: str = cells.NONE
    per_clerk: str = cells.NONE
    code: str = ""
    week: date | None = None
    loud: bool = False


def places(found: Iterable[Place]) -> list[Row]:
    """Places beside each other, under their sum."""
    listed = list(found)
    return _rows([(place.name, place.recent, _of(place, place.recent)) for place in listed])


def _of(place: Place, figures: Figures) -> dict[str, Any]:
    """What a place has besides: how much it is asked, by its size."""
    return {
        "code": place.code,
        "per_homes": cells.rate(figures.received, place.homes),
        "per_clerk": cells.rate(figures.received, place.staff, per=1),
    }


def categories(found: Overview, rooms: Mapping[str, Board]) -> list[Row]:
    """What people asked for: boards, as `rooms` name them, and their categories, those with the most first."""
    most = sorted(
        found.categories.items(),
        key=lambda pair: (-cells.rank(pair[1].received), -cells.rank(pair[1].open), pair[0]),
    )
    return _rows([(category_words(*key, rooms), figures, {}) for key, figures in most if figures.anything])


def weeks(found: Overview) -> list[Row]:
    """Weeks from the first in which anything happened, the newest first.

    The last few are summed up elsewhere, and those before them: each sum hides its own.
    """
    listed = list(found.weeks.items())
    while len(listed) > 1 and not listed[0][1].anything:
        listed.pop(0)
    newest = [(None, figures, {"week": week}) for week, figures in reversed(listed)]
    return _rows(newest, together=RECENT)


def summary(place: Place, figures: Figures | None = None) -> Row:
    """One place by itself, with its recent figures or others of it."""
    figures = figures or place.recent
    return _rows([(place.name, figures, _of(place, figures))])[0]


def category_words(board: str, category: str, rooms: Mapping[str, Board]) -> Any:
    """A board, or one of its categories."""
    room = rooms.get(board)
    if room is None:
        return board
    return dict(categories_of(room)).get(category, room.name) if category else room.name


def _rows(listed: list[tuple[Any, Figures, dict[str, Any]]], together: int = 0) -> list[Row]:
    """Rows whose sum is shown too: of all of them, or of so many `together`."""
    every = [figures for _name, figures, _more in listed]
    columns = {
        name: cells.columns([getattr(figures, name) for figures in every], together or len(every) or 1)
        for name in ("open", "overdue", "received", "reopened")
    }
    for number, told in enumerate(columns["received"]):
        if told == cells.BESIDE:  # or it could be worked out from these
            listed[number][2].update({name: told for name in SIZED if name in listed[number][2]})
    return [
        Row(
            name=name,
            replied=cells.share(figures.replied_in_time, figures.replied),
            in_time=cells.share(figures.answered_in_time, figures.answered),
            rating=cells.mean(figures.rating_sum, figures.ratings),
            loud=figures.overdue >= cells.FEW and figures.overdue * LOUD >= figures.open,
            **{column: shown[number] for column, shown in columns.items()},
            **more,
        )
        for number, (name, figures, more) in enumerate(listed)
    ]
