"""What an officer is asked for a bulletin, and a committee that passes it on."""

from __future__ import annotations

from datetime import date

from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import Form, branches, choice, choices, day, integer, phone, text, textarea
from shequtong.lib.i18n import lazy_gettext as _l

KINDS = (
    ("info", _l("For information")),
    ("must_read", _l("Each household confirms")),
)
TOPICS = (
    ("policy", _l("Policy")),
    ("service", _l("Public service")),
    ("health", _l("Health")),
    ("traffic", _l("Roads and works")),
    ("safety", _l("Safety and weather")),
    ("culture", _l("Culture and sport")),
)
WHOM = (
    ("all", _l("All committees below")),
    ("some", _l("Only those that I choose")),
)
HOURS = 24
"""Hours of duty in which committees pass a bulletin on, unless its issuer says otherwise: three working days."""


class BulletinForm(PostForm):
    kind: str = choice(
        _l("What do households do with it?"),
        "kinds",
        radio=True,
        help=_l(
            "A committee that passes it on asks its households to confirm, door by door, if you want it."
        ),
    )
    topic: str = choice(_l("What is it about?"), TOPICS, told=_l("Topic"))
    body: str = textarea(_l("Text"), max=20_000)
    issued_by: str = text(
        _l("Issued by"), required=False, help=_l("The department that answers for it, if it is another.")
    )
    contact: str = phone(_l("Telephone for questions"), required=False)
    whom: str = choice(_l("Which committees is it for?"), WHOM, radio=True)
    aim: list[str] = branches(
        _l("Those that I choose"), "below", help=_l("A street stands for all of its committees.")
    )
    hours: int = integer(
        _l("Please pass on within"),
        ge=1,
        le=400,
        required=False,
        default=HOURS,
        help=_l("In hours of duty of each committee; 24 are three working days."),
    )
    until: date | None = day(
        _l("Households confirm until"),
        required=False,
        future=True,
        help=_l("Only for what each household confirms."),
        told=_l("Confirm until"),
    )
    valid_until: date | None = day(
        _l("In force until"),
        required=False,
        future=True,
        help=_l("Left empty, it stays until it is withdrawn."),
    )


class CorrectForm(Form):
    title: str = text(_l("Title"), max=80, min=2)
    body: str = textarea(_l("Text"), max=20_000)
    correction: str = text(
        _l("What was wrong?"), max=200, help=_l("Readers see this beside the new text. The old text is kept.")
    )


class RelayForm(Form):
    note: str = textarea(
        _l("A word to our residents"),
        max=300,
        required=False,
        help=_l("For example where and when to find it here. It stands above the text."),
    )
    places: list[str] = choices(
        _l("For which buildings?"), "places", help=_l("Choose none for the whole community.")
    )


class SetAsideForm(Form):
    note: str = textarea(_l("Why does it not concern us?"), max=120)
