"""What staff fill in: hours of duty, times per category, reply templates, replies, and visits at doors."""

from __future__ import annotations

from datetime import date
from typing import Any

from shequtong.core.duties import timing
from shequtong.lib import rosters
from shequtong.lib.forms import BoundForm, Form, choice, day, integer, text, textarea
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _hours(label: Any) -> Any:
    return text(label, max=60, required=False)


class LineForm(Form):
    words: str = text(_l("What must be done?"), max=120, min=2)
    post_id: int | None = choice(_l("Which guide says how?"), "guides", required=False, default=None)
    board: str = choice(_l("Whose clocks belong to it?"), "boards", required=False)


class RosterForm(Form):
    monday: str = _hours(_l("Monday"))
    tuesday: str = _hours(_l("Tuesday"))
    wednesday: str = _hours(_l("Wednesday"))
    thursday: str = _hours(_l("Thursday"))
    friday: str = _hours(_l("Friday"))
    saturday: str = _hours(_l("Saturday"))
    sunday: str = _hours(_l("Sunday"))
    dates: str = textarea(
        _l("Single days"),
        max=8_000,
        required=False,
        help=_l("One line each, such as 2026-12-31 09:00-11:30. A day without hours is off."),
    )


class TimesForm(Form):
    what: str = choice(_l("For what"), "whats")
    first_reply: int = integer(_l("First reply, in duty hours"), ge=1, le=timing.MOST)
    resolve: int = integer(_l("Answer, in duty hours"), ge=1, le=timing.MOST)


class TemplateForm(Form):
    title: str = text(_l("Name of the template"), max=40)
    words: str = textarea(
        _l("Words"), max=1_000, help=_l("{name} becomes the name of the neighbour you answer.")
    )


class ReplyForm(Form):
    body: str = textarea(_l("Your reply"), max=4_000)


class VisitForm(Form):
    building_id: int = choice(_l("Building"), "buildings")
    room: str = text(_l("Room"), max=20)
    visited_on: date = day(_l("Day of the visit"))
    note: str = textarea(_l("What you heard"), max=2_000)
    again_on: date | None = day(
        _l("Come back on"), required=False, future=True, help=_l("It shows on the desk from that day.")
    )


def roster_form(words: str) -> BoundForm[Any]:
    """The hours of duty as they stand."""
    roster = rosters.read(words)
    week = {name: rosters.said(hours) for name, hours in zip(WEEKDAYS, roster.week, strict=True)}
    dates = "\n".join(f"{day} {rosters.said(hours)}".strip() for day, hours in sorted(roster.dates.items()))
    return RosterForm.blank(**week, dates=dates)


def roster_of(form: BoundForm[Any]) -> str:
    """The words of the roster that was filled in; what is none marks its field."""
    week = {}
    for number, name in enumerate(WEEKDAYS, 1):
        try:
            week[number] = rosters.hours(getattr(form.checked, name, ""))
        except rosters.BadRoster:
            form.refuse(name, _("Write hours such as 08:30-12:00 13:00-17:30"))
            return ""
    words = rosters.written(week, {}) + "\n" + form.value.dates
    try:
        rosters.read(words)
    except rosters.BadRoster as wrong:
        if wrong.line:
            form.refuse("dates", _("This line is no day with hours: %(line)s", line=wrong.line))
        else:
            form.refuse("monday", _("Somebody must be on duty on at least one day of the week"))
        return ""
    return words.strip()
