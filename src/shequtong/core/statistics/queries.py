"""A place, those below it, and their kept figures: as many queries for 567 committees as for one."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, String, and_, bindparam, case, cast, func, literal_column, or_, select, union_all
from sqlmodel import Session

from shequtong.core.communities.models import LEVELS, Division
from shequtong.core.duties.models import Duty
from shequtong.core.posts.models import Post
from shequtong.core.statistics.figures import Figures
from shequtong.core.statistics.models import Barometer, OpenTally, WeekTally
from shequtong.core.statistics.weighing import MEASURES, week_of
from shequtong.lib import clock
from shequtong.lib.db import UtcDateTime, ask

WEEKS = 12
"""Weeks that are drawn, this one and those before it."""
RECENT = 4
"""Weeks that are summed up and compared: this one, which is not over yet, and those before it."""

DIGITS = {level: digits for digits, level in LEVELS.items()}
EVERYTHING: Any = literal_column("''", String)
"""Word for word as in the predicate of the partial indexes."""


@dataclass
class Place:
    """A division with its figures: recent ones, and of the same number of weeks before."""

    code: str
    name: str
    level: str
    homes: int = 0
    staff: int = 0
    buildings: int = 0
    silent: int = 0
    recent: Figures = field(default_factory=Figures)
    before: Figures = field(default_factory=Figures)


@dataclass
class Overview:
    """A place from above: those it lies in, those below, its categories and its weeks, oldest first.

    `told` is what its barometer says, if it was read yet.
    """

    here: Place
    path: list[Place] = field(default_factory=list)
    below: list[Place] = field(default_factory=list)
    categories: dict[tuple[str, str], Figures] = field(default_factory=dict)
    weeks: dict[date, Figures] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    read_on: date | None = None


def _measures(table: Any) -> list[Any]:
    return [getattr(table, measure) for measure in MEASURES]


_BELOW = and_(
    Division.level == bindparam("level"),
    Division.code > bindparam("code"),
    Division.code < bindparam("beyond"),
    Division.ended_at.is_(None),
)
_SLOW = ("homes", "staff", "buildings", "silent")
"""What changes so slowly that the barometer of this morning says it."""
_PLACES = (
    select(
        Division.code,
        Division.name,
        Division.level,
        Barometer.read_on,
        *(getattr(Barometer, name) for name in _SLOW),
        case((Division.code == bindparam("code"), cast(Barometer.told, String))).label("told"),
    )
    .outerjoin(Barometer, Barometer.code == Division.code)
    .where(or_(Division.code.in_(bindparam("path", expanding=True)), _BELOW))
    .order_by(Division.code)
)
_since: Any = bindparam("since", type_=Date())
_recent: Any = bindparam("recent", type_=Date())
_summed: Any = [func.sum(measure).label(measure.key) for measure in _measures(WeekTally)]
_WEEKS_HERE: Any = select(
    WeekTally.code, WeekTally.week, WeekTally.board, WeekTally.category, *_measures(WeekTally)
).where(WeekTally.code == bindparam("code"), WeekTally.board == EVERYTHING, WeekTally.week >= _since)
_KINDS_HERE: Any = (
    select(
        WeekTally.code,
        func.min(WeekTally.week).label("week"),
        WeekTally.board,
        WeekTally.category,
        *_summed,
    )
    .where(WeekTally.code == bindparam("code"), WeekTally.board != EVERYTHING, WeekTally.week >= _recent)
    .group_by(WeekTally.code, WeekTally.board, WeekTally.category)
)
_WEEKS_BELOW: Any = (
    select(
        WeekTally.code,
        func.min(WeekTally.week).label("week"),
        EVERYTHING.label("board"),
        EVERYTHING.label("category"),
        *_summed,
    )
    .join(Division, Division.code == WeekTally.code)
    .where(_BELOW, WeekTally.board == EVERYTHING, WeekTally.week >= _recent)
    .group_by(WeekTally.code)
)
_WEEKS = union_all(_WEEKS_HERE, _KINDS_HERE, _WEEKS_BELOW)

_overdue: Any = func.sum(
    case((OpenTally.due_on < bindparam("today", type_=Date()), OpenTally.posts), else_=0)
).label("overdue")
_OPEN_HERE: Any = (
    select(
        OpenTally.code, OpenTally.board, OpenTally.category, func.sum(OpenTally.posts).label("open"), _overdue
    )
    .where(OpenTally.code == bindparam("code"))
    .group_by(OpenTally.code, OpenTally.board, OpenTally.category)
)
_OPEN_BELOW: Any = (
    select(
        OpenTally.code,
        EVERYTHING.label("board"),
        EVERYTHING.label("category"),
        func.sum(OpenTally.posts).label("open"),
        _overdue,
    )
    .join(Division, Division.code == OpenTally.code)
    .where(_BELOW, OpenTally.board == EVERYTHING)
    .group_by(OpenTally.code)
)
_OPEN = union_all(_OPEN_HERE, _OPEN_BELOW)

_DUE_TODAY = (
    select(Post.code, Post.board, Duty.category, func.count().label("posts"))
    .join(Duty, and_(Duty.post_id == Post.id, Duty.kind == "resolve", Duty.done_at.is_(None)))
    .where(
        Post.owed_at >= bindparam("midnight", type_=UtcDateTime()),
        Post.owed_at <= bindparam("now", type_=UtcDateTime()),
        Post.code >= bindparam("code"),
        Post.code < bindparam("beyond"),
    )
    .group_by(Post.code, Post.board, Duty.category)
)


def overview(session: Session, code: str, level: str) -> Overview:
    """A place, with all below it of this level, in the order of their codes."""
    today = clock.today()
    since, recent = weeks_back(WEEKS), weeks_back(RECENT)
    values = {"code": code, "beyond": beyond(code), "level": level}
    path = [code[:digits] for digits in LEVELS if digits <= len(code)]
    listed = ask(session, _PLACES, path=path, **values)
    places = [
        Place(row.code, row.name, row.level, *(getattr(row, name) or 0 for name in _SLOW)) for row in listed
    ]
    number = next(number for number, place in enumerate(places) if place.code == code)
    here, barometer = places[number], listed[number]
    found = Overview(
        here,
        [place for place in places if len(place.code) < len(code)],
        [place for place in places if len(place.code) > len(code)],
        weeks={since + timedelta(weeks=number): Figures() for number in range(WEEKS)},
        told=json.loads(barometer.told or "{}"),
        read_on=barometer.read_on,
    )
    categories: defaultdict[tuple[str, str], Figures] = defaultdict(Figures)
    below = {place.code: place.recent for place in found.below}
    for row in ask(session, _WEEKS, since=since, recent=recent, **values):
        if row.code != code:
            below[row.code].add(row)
        elif not row.board:
            found.weeks.setdefault(row.week, Figures()).add(row)
            if row.week >= recent:
                here.recent.add(row)
            elif row.week >= weeks_back(2 * RECENT):
                here.before.add(row)
        else:
            categories[row.board, row.category].add(row)
    for row in ask(session, _OPEN, today=today, **values):
        figures = _of(row, code, here, below, categories)
        figures.open, figures.overdue = int(row.open), int(row.overdue)
    for row in ask(session, _DUE_TODAY, midnight=_midnight(today), now=clock.now(), **values):
        here.recent.overdue += row.posts
        categories[row.board, row.category].overdue += row.posts
        if place := below.get(row.code[: DIGITS.get(level, 0)]):
            place.overdue += row.posts
    found.categories = dict(categories)
    return found


def _of(row: Any, code: str, here: Place, below: dict[str, Figures], categories: Any) -> Figures:
    if row.code != code:
        return below[row.code]
    figures: Figures = categories[row.board, row.category] if row.board else here.recent
    return figures


def weeks_back(number: int) -> date:
    """The Monday with which the last so many weeks began, this one among them."""
    return week_of(clock.now()) - timedelta(weeks=number - 1)


def beyond(code: str) -> str:
    """The first code after all that begin with this one."""
    return code[:-1] + chr(ord(code[-1]) + 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LOCAL)
