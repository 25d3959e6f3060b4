"""What programs ask for, read as the specification writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shequtong.boards.matters.open311.queries import MOST
from shequtong.boards.matters.open311.services import NAMES
from shequtong.boards.matters.open311.telling import states
from shequtong.lib import clock
from shequtong.lib.errors import Invalid
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import number

SPAN = timedelta(days=90)
"""The longest span of one question, and the usual one."""

_UNESCAPED_PLUS = re.compile(r" (?=\d\d:?\d\d$)")


@dataclass(frozen=True)
class Question:
    """Which requests are wanted: single ones by number, or those of a span of time."""

    ids: list[int]
    start: datetime
    end: datetime
    categories: list[str]
    states: list[str]


def read(asked: Mapping[str, str]) -> Question:
    """Numbers override all else. An empty parameter is as good as none. Raises Invalid, naming what is wrong."""
    ids = [found for each in _listed(asked, "service_request_id") if (found := number(each))]
    if asked.get("service_request_id", "").strip():
        now = clock.now()
        return Question(ids[:MOST] or [0], now, now, [], [])
    categories = _listed(asked, "service_code")
    if unknown := [code for code in categories if code not in NAMES]:
        raise Invalid(_("service_code: there is no service %(code)s.", code=unknown[0]))
    statuses = _listed(asked, "status")
    if [status for status in statuses if status not in ("open", "closed")]:
        raise Invalid(_("status: open or closed."))
    start, end = _span(asked)
    wanted = [state for status in dict.fromkeys(statuses or ("open", "closed")) for state in states(status)]
    return Question([], start, end, categories or list(NAMES), wanted)


def _span(asked: Mapping[str, str]) -> tuple[datetime, datetime]:
    start, end = _moment(asked, "start_date"), _moment(asked, "end_date")
    if start and end and not timedelta(0) <= end - start <= SPAN:
        raise Invalid(_("end_date: at most 90 days after start_date, and not before it."))
    if start:
        return start, end or start + SPAN
    end = end or clock.now()
    return end - SPAN, end


def _moment(asked: Mapping[str, str], name: str) -> datetime | None:
    """A moment with its offset. A plus sign that arrived as a space is one all the same; without an offset the
    community's own clock is meant."""
    typed = asked.get(name, "").strip()
    if not typed:
        return None
    try:
        at = datetime.fromisoformat(_UNESCAPED_PLUS.sub("+", typed))
        at = at if at.tzinfo else at.replace(tzinfo=clock.LOCAL)
        at - SPAN, at + SPAN  # a span of it can be reckoned
    except (ValueError, OverflowError):
        raise Invalid(_("%(name)s: write it as 2026-11-23T08:00:00+08:00.", name=name)) from None
    return at


def _listed(asked: Mapping[str, str], name: str) -> list[str]:
    return [each.strip() for each in asked.get(name, "").split(",") if each.strip()]
