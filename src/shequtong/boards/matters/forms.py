"""What a reporter is asked, and what those who have the matter in hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from shequtong.core.posts.forms import PostForm
from shequtong.lib import clock
from shequtong.lib.forms import BoundForm, Form, choice, day, moment, text, textarea, yes
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l

CATEGORIES = (
    ("light", _l("Lamps and electricity")),
    ("water", _l("Water and drains")),
    ("lift", _l("Lifts")),
    ("road", _l("Roads and paths")),
    ("rubbish", _l("Rubbish and cleaning")),
    ("corridor", _l("Things left in corridors")),
    ("parking", _l("Parking and charging")),
    ("noise", _l("Noise and neighbours")),
    ("building", _l("Walls, roofs and doors")),
    ("green", _l("Trees and lawns")),
    ("animals", _l("Animals and pests")),
    ("safety", _l("Fire and safety")),
    ("other", _l("Other")),
)
HANDLERS = (
    ("property", _l("Property firm")),
    ("organisation", _l("Social organisation")),
    ("street", _l("Street or town office")),
)
POINTS = 3
"""Points that a joint meeting agrees on, at most; a longer meeting is written down as two."""

WHY_NOT = (
    ("not_found", _l("Nothing could be found on the spot")),
    ("law", _l("The law does not allow it")),
    ("technical", _l("It cannot be done technically")),
    ("money", _l("There is no money for it for now")),
    ("owners", _l("The owners would have to decide it together")),
    ("private", _l("It is for the neighbours concerned to settle")),
)


class MatterForm(PostForm):
    title: str = text(_l("What needs fixing?"), max=80, min=2)
    category: str = choice(_l("Category"), CATEGORIES)
    building_id: int | None = choice(_l("Building"), "buildings", required=False, default=None)
    place: str = text(_l("Where exactly"), required=False, help=_l("For example: third floor, by the lift."))
    pin: str = text(_l("On the plan"), max=40, required=False, options="plans")
    body: str = textarea(_l("Tell us more"), required=False)
    private: bool = yes(
        _l("Only for the committee"),
        help=_l("Only you, the committee and those it gives the matter to will read it."),
    )
    on_behalf: str = text(
        _l("Reported for"),
        required=False,
        help=_l("When you write it down for somebody. Only those who handle the matter read the name."),
    )


class AskForm(Form):
    reason: str = textarea(_l("What do you need to know?"), max=500)


class AnswerForm(Form):
    reason: str = textarea(_l("Your answer"), max=1000)


class DispatchForm(Form):
    to: str = choice(_l("Who shall do it?"), "handlers")
    reason: str = textarea(_l("A word to them"), max=500, required=False)


class PromiseForm(Form):
    promised_on: date | None = day(
        _l("Done by"), required=False, future=True, help=_l("Neighbours see this day.")
    )


class ClaimForm(Form):
    reason: str = textarea(_l("What was done?"), max=500)


class TransferForm(Form):
    reason: str = textarea(_l("To which office, and under which number?"), max=500)


class MergeForm(Form):
    target: str = text(_l("Number or address of the other matter"), max=200)


class DirectForm(Form):
    reason: str = textarea(_l("What is to be done?"), max=500)


class SummonForm(Form):
    to: str = choice(_l("Who shall come?"), "summoned", required=False)
    other: str = text(_l("Or another department"), max=40, required=False)
    at: datetime = moment(_l("When"))
    reason: str = textarea(_l("What about, and where do you meet?"), max=500)


class PointForm(Form):
    point: str = choice(_l("Which point?"), "points", radio=True)
    reason: str = textarea(_l("How it was done"), max=500, required=False)


class MeetingForm(Form):
    """Minutes: who met when, what was said, and each point agreed on with who does it and by when."""

    held_on: date = day(_l("Day of the meeting"))
    present: str = text(_l("Who was there"), max=200)
    reason: str = textarea(_l("What was agreed"), max=2000)
    what_1: str = text(_l("First point: what shall be done"), max=120, required=False)
    who_1: str = text(_l("Who does it"), max=40, required=False)
    by_1: date | None = day(_l("By when"), required=False, future=True)
    what_2: str = text(_l("Second point: what shall be done"), max=120, required=False)
    who_2: str = text(_l("Who does it"), max=40, required=False)
    by_2: date | None = day(_l("By when"), required=False, future=True)
    what_3: str = text(_l("Third point: what shall be done"), max=120, required=False)
    who_3: str = text(_l("Who does it"), max=40, required=False)
    by_3: date | None = day(_l("By when"), required=False, future=True)

    def points(self) -> list[dict[str, Any]]:
        """The points that say anything: what, who, and by when as an ISO day, each empty where it is missing."""
        rows = [
            [getattr(self, f"{name}_{n}") for name in ("what", "who", "by")] for n in range(1, POINTS + 1)
        ]
        return [
            {"what": what, "who": who, "by": by.isoformat() if by else ""}
            for what, who, by in rows
            if what or who or by
        ]


def check_meeting(form: BoundForm[MeetingForm]) -> None:
    """A meeting is over when it is written down; a point names who does what, and by when."""
    if form.value.held_on > clock.today():
        form.refuse("held_on", _("Write the minutes when the meeting is over."))
        return
    typed = form.value
    for n in range(1, POINTS + 1):
        named = {name: getattr(typed, f"{name}_{n}") for name in ("what", "who", "by")}
        for name in [name for name, value in named.items() if not value] if any(named.values()) else []:
            form.refuse(f"{name}_{n}", _("Each point needs what is done, who does it and by when."))
