"""A matter as a service request: what, where, how far, and never who."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from shequtong.boards.matters.board import board
from shequtong.boards.matters.forms import HANDLERS
from shequtong.boards.matters.open311.queries import Jurisdiction
from shequtong.boards.matters.open311.services import NAMES
from shequtong.boards.matters.open311.speaking import moment
from shequtong.lib import clock
from shequtong.lib.i18n import gettext as _

_NUMBERS = re.compile(r"\d[\d\s-]{5,}[\dxX]")
"""What may be a telephone or identity number that somebody wrote into a title."""

_ROOM = re.compile(r"\d{3,4}\s*室|\d+-\d{3,4}(?!\d)")
"""A door: 302室, 3-302."""


def states(status: str) -> list[str]:
    """The states of a matter that are open or closed."""
    wanted = status == "open"
    return [state.name for state in board.workflow.states if state.is_open is wanted]


def told(row: Any, place: Jurisdiction) -> dict[str, Any]:
    """The fields of the specification. Where we have no such thing, or it is for neighbours alone, they are empty."""
    state = board.workflow.state(row.state)
    return {
        "service_request_id": str(row.id),
        "status": "open" if state.is_open else "closed",
        "status_notes": str(state.label),
        "service_name": str(NAMES[row.category]),
        "service_code": row.category,
        "description": without_persons(row.title),
        "agency_responsible": str(dict(HANDLERS).get(row.handler or "") or place.names.get(row.code, "")),
        "service_notice": None,
        "requested_datetime": moment(row.created_at),
        "updated_datetime": moment(row.moved_at or row.created_at),
        "expected_datetime": moment(_expected(row)),
        "address": place.address(row.code, row.building),
        "address_id": str(row.building_id) if row.building_id else None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def without_persons(title: str) -> str:
    """A title whose writer gave a number or a door away: neighbours read it, the world does not."""
    return _ROOM.sub(_("(a flat)"), _NUMBERS.sub(_("(a number)"), title))


def _expected(row: Any) -> datetime | None:
    """The day that was promised, to its end; else when the answer is owed."""
    if row.promised_on:
        return datetime.combine(row.promised_on, time(23, 59, 59), clock.LOCAL)
    owed: datetime | None = row.owed_at if row.owed == "resolve" else None
    return owed
