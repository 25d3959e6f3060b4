"""What those who offer, ask and book are asked, and what a desk is."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from shequtong.core.duties.forms import RosterForm
from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import Form, choice, choices, day, moment, money, text, textarea, yes
from shequtong.lib.i18n import lazy_gettext as _l

KINDS = (
    ("question", _l("Ask a desk")),
    ("booking", _l("Booking")),
    ("offer", _l("Service")),
    ("answer", _l("Published answer")),
)
DESKS = (
    ("police", _l("Community police")),
    ("doctor", _l("Family doctor")),
    ("lawyer", _l("Legal advice")),
    ("property", _l("Property service")),
    ("other", _l("Something else")),
)


PARTS = (("first", _l("Answers first")), ("backup", _l("Stands in")))
WEEKDAYS = (
    ("1", _l("Monday")),
    ("2", _l("Tuesday")),
    ("3", _l("Wednesday")),
    ("4", _l("Thursday")),
    ("5", _l("Friday")),
    ("6", _l("Saturday")),
    ("7", _l("Sunday")),
)
WEEKS = (("odd", _l("Odd weeks of the year")), ("even", _l("Even weeks of the year")))


class QuestionForm(PostForm):
    desk: str = choice(
        _l("Desk"),
        "desks",
        radio=True,
        help=_l(
            "Who shall answer? Only you, the desk and the committee read it. "
            "If a desk has nobody, the committee answers."
        ),
    )
    title: str = text(_l("Your question in one line"), max=80, min=2)
    body: str = textarea(_l("Tell us more"), required=False)


class BookingForm(PostForm):
    offer_id: int = choice(_l("What would you like to book?"), "offers")
    title: str = text(_l("What do you come for?"), max=80, min=2)
    preferred: datetime = moment(_l("Time that would suit you"))
    body: str = textarea(
        _l("Anything they should know"), required=False, help=_l("Only they and the committee read it.")
    )


class OfferForm(PostForm):
    title: str = text(_l("What do you offer?"), max=80, min=2)
    desk: str = choice(_l("Kind of service"), DESKS)
    hours: str = text(_l("When"), required=False, help=_l("For example: Wednesdays 9:00 to 11:00."))
    place: str = text(_l("Where"), required=False)
    fee: Decimal | None = money(_l("Fee"), required=False, help=_l("Left empty, it is free."))
    body: str = textarea(_l("Describe it"), required=False)


class PublishedForm(PostForm):
    """A published answer. Nobody fills it in: it is made of what was written up and agreed to."""

    desk: str = choice(_l("Desk"), DESKS)
    title: str = text(_l("The question, in other words"), max=80, min=2)
    body: str = textarea(_l("The answer for everybody"))


class WriteUpForm(Form):
    title: str = text(
        _l("The question, in other words"), max=80, min=2, help=_l("No names, rooms or telephone numbers.")
    )
    body: str = textarea(
        _l("The answer for everybody"),
        max=4000,
        help=_l("Somebody else looks it over, and who asked reads it before it goes out."),
    )
    seen: bool = yes(_l("I have looked at what was pointed out: it tells nobody who asked"))


class HandOverForm(Form):
    to: str = choice(_l("Who shall take it over?"), "takers")
    reason: str = textarea(_l("A word for them"), max=300, required=False)


class DeskForm(RosterForm):
    """A desk; its hours are those of `RosterForm`."""

    kind: str = choice(_l("Kind of desk"), DESKS)
    name: str = text(_l("What residents call it"), max=20, min=2)
    about: str = text(_l("What one can ask there"), max=80, required=False)
    place: str = text(_l("Where"), max=60, required=False)
    phone: str = text(_l("Telephone of the desk"), max=24, required=False)
    closed: bool = yes(_l("Takes no questions for now"))


class PersonForm(Form):
    """How somebody answers at a desk."""

    account_id: int = choice(_l("Who answers?"), "people")
    part: str = choice(_l("In which part?"), PARTS, radio=True)
    weekdays: list[str] = choices(_l("On which days?"), WEEKDAYS, help=_l("None ticked: every day."))
    weeks: str = choice(_l("In which weeks?"), WEEKS, required=False, placeholder=_l("Every week"))
    away_from: date | None = day(_l("Away from"), required=False)
    away_until: date | None = day(_l("Away until"), required=False)


class ReplyForm(Form):
    reason: str = textarea(_l("Your answer"), max=4000)


class AskAgainForm(Form):
    reason: str = textarea(_l("What would you still like to know?"), max=2000)


class CloseForm(Form):
    consent: bool = yes(
        _l("The desk may publish this question and its answer, without my name"),
        help=_l(
            "It writes both anew, and somebody else looks it over. Nothing goes out before you have read it and said "
            "yes, and you can take it back at any time."
        ),
    )
