"""A matter's way as a resident understands it at a glance: what happened, who did it, when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from shequtong.boards.matters import handling, meeting
from shequtong.boards.matters.forms import HANDLERS, WHY_NOT
from shequtong.core.communities.forms import OFFICES
from shequtong.core.posts.forms import RATINGS
from shequtong.lib import clock, dates
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l

WORDS = {
    "publish": _l("Reported by a neighbour"),
    "acknowledge": _l("The committee took it up"),
    "start": _l("Work has begun"),
    "dispatch": _l("Passed on"),
    "accept": _l("Taken on"),
    "send_back": _l("Sent back to the committee"),
    "claim_done": _l("It was said to be fixed"),
    "remind": _l("The reporter was asked again"),
    "confirm": _l("Confirmed: it is fixed"),
    "settle": _l("Neighbours confirmed that it is fixed"),
    "reopen": _l("Not fixed: opened again"),
    "ask_info": _l("The reporter is asked"),
    "give_info": _l("The reporter answered"),
    "transfer": _l("Handed to another office"),
    "take_back": _l("Taken back by the committee"),
    "merge": _l("Joined with another matter"),
    "escalate": _l("Handed up to the street"),
    "fast_track": _l("Fast track: straight to the street"),
    "direct": _l("The street said what is to be done"),
    "declare_unfixable": _l("It cannot be fixed"),
    "appeal": _l("The reporter does not agree: opened again"),
    "summon": _l("Asked to come"),
    "meet": _l("Joint meeting"),
    "keep_point": _l("An agreed point was done"),
}
TONES = {
    "confirm": "good",
    "settle": "good",
    "reopen": "bad",
    "appeal": "bad",
    "declare_unfixable": "bad",
    "claim_done": "now",
}


@dataclass(frozen=True)
class Stage:
    """One line of the way: `to` is who was passed it or asked to come, `points` what a meeting agreed on."""

    label: Any
    at: datetime
    name: str | None
    tone: str
    why: Any
    facts: list[tuple[Any, Any]] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)


def stages(session: Session, code: str, timeline: Iterable[Any]) -> list[Stage]:
    """The way of a matter from the rows of `posts.queries.timeline`, oldest first."""
    moves = [row for row in timeline if row.what == "move"]
    names = handling.names(session, code, {(row.facts or {}).get("person") for row in moves} - {None})
    return [_stage(row, names) for row in moves]


@dataclass(frozen=True)
class Point:
    """What a joint meeting agreed on: `kept_at` once it was ticked off, `late` when its day is over before."""

    what: str
    who: str
    by: date
    kept_at: datetime | None
    how: str
    late: bool


def points(timeline: Iterable[Any]) -> list[Point]:
    """All points of all joint meetings, in the order in which they were agreed on."""
    moves = [row for row in timeline if row.what == "move"]
    kept = {(row.facts or {}).get("point"): row for row in moves if row.name == meeting.KEPT}
    return [
        _point(point, kept.get(key))
        for row in moves
        if row.name == "meet"
        for key, point in meeting.numbered(row.id, row.facts)
    ]


def _point(point: Any, kept: Any) -> Point:
    by = date.fromisoformat(point["by"])
    late = kept is None and by < clock.today()
    return Point(
        point["what"], point["who"], by, kept.at if kept else None, str(kept.text or "") if kept else "", late
    )


def photos_after(timeline: Iterable[Any]) -> list[Any]:
    """The pictures of the last repair: [id, width, height, alt] of each."""
    claims = [row for row in timeline if row.what == "move" and row.name == "claim_done"]
    return list((claims[-1].facts or {}).get("photos", [])) if claims else []


def _stage(row: Any, names: dict[int, str]) -> Stage:
    told = row.facts or {}
    return Stage(
        WORDS.get(row.name, row.name),
        row.at,
        row.by_name,
        TONES.get(row.name, ""),
        dict(WHY_NOT).get(row.text, row.text),
        [fact for fact in _facts(told, names) if fact[1]],
        [{**point, "by": dates.day(date.fromisoformat(point["by"]))} for point in told.get("points", [])],
    )


def _facts(told: dict[str, Any], names: dict[int, str]) -> list[tuple[Any, Any]]:
    office = told.get("office") or ""
    called = dict(HANDLERS).get(office) or OFFICES.get(office, "")
    return [
        (_("Who"), names.get(told.get("person") or 0) or told.get("other") or called),
        (_("When"), dates.when(datetime.fromisoformat(told["when"])) if told.get("when") else ""),
        (_("Promised by"), _day(told, "promised_on")),
        (_("Held on the day"), _day(told, "held_on")),
        (_("People present"), told.get("present", "")),
        (_("Rating"), dict(RATINGS).get(str(told.get("rating", "")), "")),
    ]


def _day(told: dict[str, Any], name: str) -> str:
    return str(dates.day(date.fromisoformat(told[name]))) if told.get(name) else ""
