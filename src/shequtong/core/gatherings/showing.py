"""A gathering in words: how it stands, what I have to do with it, and the days of a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import segno
from sqlmodel import Session

from shequtong.core.gatherings import checking_in, queries
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import clock, dates
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import ngettext


def panel(session: Session, case: Case) -> Mapping[str, Any]:
    """What the page of a post shows of its gathering."""
    found = queries.one(session, case.post.id, case.actor.id)
    return {"gathering": found, **around(case, found)} if found is not None else {}


def around(case: Case, gathering: Any) -> dict[str, Any]:
    """What all pages of a gathering know: its hours in words, and what this visitor may do."""
    open_for_changes = gathering.state == "planned" and not begun(gathering)
    return {
        "hours": hours(gathering),
        "room": room(gathering),
        "begun": begun(gathering),
        "may_sign_up": open_for_changes and allows(case, "sign_up"),
        "may_plan": open_for_changes and allows(case, "plan"),
        "may_check_in": allows(case, "check_in"),
        "door_open": checking_in.is_open(gathering),
    }


def begun(gathering: Any) -> bool:
    return bool(gathering.starts_at <= clock.now())


def over(gathering: Any) -> bool:
    return bool(gathering.ends_at <= clock.now())


def hours(gathering: Any) -> str:
    """From when to when, with the day told once where it is the same."""
    begins, ends = clock.local(gathering.starts_at), clock.local(gathering.ends_at)
    if begins.date() == ends.date():
        return f"{weekday(begins)} {begins:%H:%M}–{ends:%H:%M}"
    return f"{weekday(begins)} {begins:%H:%M} – {weekday(ends)} {ends:%H:%M}"


def weekday(moment: datetime) -> str:
    """The day with its weekday: 12月5日 周六."""
    return f"{dates.day(moment)} {dates.weekday(moment)}"


def room(gathering: Any) -> str:
    """How many places there are left, in words; "" where nobody counts."""
    if gathering.places is None:
        return ""
    left = gathering.places - gathering.taken
    if left > 0:
        return ngettext("%(n)s place left", "%(n)s places left", left)
    return str(_("All places are taken"))


def by_day(rows: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """(day in words, its gatherings), in the order of the rows."""
    return [
        (weekday(clock.local(next(iter(found)).starts_at)), found)
        for found in (
            list(some) for _day, some in groupby(rows, lambda row: clock.local(row.starts_at).date())
        )
    ]


def code_to_scan(base_url: str, home: str, ticket: str) -> str:
    """The picture that leads staff who scan it to the check-in page, with the code filled in; a data address."""
    address = f"{base_url.rstrip('/')}{home}/check-in?ticket={ticket}"
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=2))
