"""What somebody is asked who plans a gathering, signs up, or stands at the door."""

from __future__ import annotations

from datetime import datetime

from shequtong.lib.forms import Form, integer, moment, text, textarea
from shequtong.lib.i18n import lazy_gettext as _l

MOST_PLACES = 10_000
MOST_GUESTS = 9


class PlanForm(Form):
    starts_at: datetime = moment(_l("When does it begin?"))
    ends_at: datetime = moment(_l("When does it end?"), future=False)
    place: str = text(_l("Where do you meet?"), max=120, min=2)
    places: int | None = integer(
        _l("How many places are there?"),
        ge=1,
        le=MOST_PLACES,
        required=False,
        help=_l("Guests count too. Left empty, everybody finds a place."),
    )
    guests: int | None = integer(
        _l("How many guests may each bring?"),
        le=MOST_GUESTS,
        required=False,
        help=_l("Family and friends who sign up with them. Left empty: none."),
    )


class CancelForm(Form):
    reason: str = textarea(
        _l("Why is it cancelled?"), max=300, min=2, help=_l("Everybody who signed up reads it.")
    )


class SignUpForm(Form):
    guests: int | None = integer(_l("How many do you bring along?"), le=MOST_GUESTS, required=False)


class CheckInForm(Form):
    ticket: str = text(
        _l("Check-in code"),
        max=20,
        autocomplete="off",
        help=_l("Six characters on their telephone or paper."),
    )


class LateForm(Form):
    name: str = text(_l("Who came without signing up?"), max=40, help=_l("The name that neighbours see."))
