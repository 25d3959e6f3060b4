"""How people and their history are shown: masked, but for what was opened with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from shequtong.core.identity import looking
from shequtong.core.registry.forms import FIELDS, OUTCOMES, RELATIONS, SOURCES, STATES
from shequtong.core.registry.queries import Step
from shequtong.lib import dates
from shequtong.lib.i18n import gettext as _

OPENS = {
    "name": "real_name",
    "also_written": "real_name",
    "phone": "phone",
    "birth_year": "birth_year",
    "dwelling": "room",
}
"""Fields of the history to what must be opened before their values are shown."""
EVERYTHING = frozenset(OPENS.values())
NOTHING: frozenset[str] = frozenset()


def name(row: Any, opened: frozenset[str] = NOTHING) -> str:
    return row.name if "real_name" in opened else looking.masked_name(row.name)


def phone(row: Any, opened: frozenset[str] = NOTHING) -> str:
    if "phone" in opened:
        return (row.phone or "").removeprefix("+86") or _("not given")
    return looking.masked_phone(row.phone) or _("not given")


def room(row: Any, opened: frozenset[str] = NOTHING) -> str:
    return row.room if "room" in opened else looking.masked_room(row.room)


def birth_year(row: Any, opened: frozenset[str] = NOTHING) -> str:
    """1941, masked as 194*."""
    if not row.birth_year:
        return _("not given")
    return str(row.birth_year) if "birth_year" in opened else f"{row.birth_year // 10}*"


def facts(step: Step, opened: frozenset[str] = NOTHING) -> list[tuple[Any, str, str]]:
    """What a line of the history changed: (field, before, after). Of what is masked only that it changed."""
    return [
        (
            FIELDS.get(field, field),
            "" if step.name == "add" else _shown(field, before, opened),
            _shown(field, after, opened),
        )
        for field, before, after in step.facts
        if field != "typed" and (before or after)
    ]


def _shown(field: str, value: str, opened: frozenset[str]) -> str:
    if not value:
        return ""
    if field in OPENS:
        return value.removeprefix("+86") if OPENS[field] in opened else "***"
    if field == "relation":
        return str(RELATIONS.get(value, value))
    if field == "state":
        return str(STATES[value][0] if value in STATES else value)
    if field == "outcome":
        return str(OUTCOMES[value][0] if value in OUTCOMES else value)
    if field == "source":
        return str(dict(SOURCES).get(value, value))
    if field in ("since", "until", "left_on", "review_on", "next_on"):
        return dates.day(date.fromisoformat(value))
    return value
