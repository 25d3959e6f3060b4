"""What those who offer, ask and book are asked, and what a desk is."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import Form, choice, moment, money, text, textarea, yes
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


class QuestionForm(PostForm):
    desk: str = choice(
        _l("Desk"),
        DESKS,
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
    desk: str = choice(_l("Desk"), DESKS)
    title: str = text(
        _l("The question, in other words"), max=80, min=2, help=_l("No names, rooms or telephone numbers.")
    )
    body: str = textarea(_l("The answer for everybody"))


class ReplyForm(Form):
    reason: str = textarea(_l("Your answer"), max=4000)


class AskAgainForm(Form):
    reason: str = textarea(_l("What would you still like to know?"), max=2000)


class CloseForm(Form):
    consent: bool = yes(
        _l("The desk may publish this question and its answer, without my name"),
        help=_l("It writes both anew, so that nobody can tell who asked."),
    )
