"""Gatherings as calendar programs read them: iCalendar, RFC 5545."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from shequtong.core.gatherings import showing
from shequtong.core.posts.addressing import address
from shequtong.lib.i18n import gettext as _

READ_AGAIN = timedelta(hours=1)
"""How often a calendar program should ask."""
MEDIA_TYPE = "text/calendar; charset=utf-8"
STATES = {"planned": "CONFIRMED", "cancelled": "CANCELLED"}


def write(name: str, rows: Iterable[Any], base_url: str) -> bytes:
    """A calendar of these rows of `queries`. What is called off stays in it and says so."""
    from icalendar import Calendar  # a tenth of a second that only those pay who read a calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Shequtong//gatherings//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", READ_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for row in rows:
        calendar.add_component(_event(row, base_url.rstrip("/")))
    return bytes(calendar.to_ical())


def _event(row: Any, base_url: str) -> Any:
    from icalendar import Event

    page = base_url + address(row)
    event = Event()
    event.add("uid", f"gathering-{row.post_id}@{urlsplit(base_url).hostname}")
    event.add("dtstamp", row.changed_at)
    event.add("last-modified", row.changed_at)
    event.add("sequence", row.version)
    event.add("dtstart", row.starts_at)
    event.add("dtend", row.ends_at)
    event.add("summary", row.title)
    event.add("location", row.place)
    event.add("status", STATES[row.state])
    event.add("transp", "OPAQUE" if getattr(row, "my_state", None) == "in" else "TRANSPARENT")
    event.add("url", page)
    event.add("description", "\n".join(filter(None, (_mine(row), _stands(row), row.excerpt, page))))
    return event


def _mine(row: Any) -> str:
    """What the reader of a calendar of their own has to do with it."""
    state = getattr(row, "my_state", None)
    if row.state != "planned" or state not in ("in", "waiting"):
        return ""
    return str(_("You have a place") if state == "in" else _("You are in the queue"))


def _stands(row: Any) -> str:
    if row.state == "cancelled":
        return str(_("Cancelled: %(reason)s", reason=row.reason)) if row.reason else str(_("Cancelled"))
    return showing.room(row)
