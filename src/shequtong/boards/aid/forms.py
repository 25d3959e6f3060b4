"""What those who ask for help or offer it say, and what those who answer."""

from __future__ import annotations

from datetime import datetime

from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import Form, choice, moment, text, textarea, yes
from shequtong.lib.i18n import lazy_gettext as _l

KINDS = (("ask", _l("I need help")), ("offer", _l("I can help")))
HELP = (
    ("care", _l("Care and company")),
    ("errand", _l("Errands and shopping")),
    ("tool", _l("Lending tools")),
    ("skill", _l("Skills and repairs")),
    ("ride", _l("Rides")),
    ("lost_found", _l("Lost and found")),
    ("urgent", _l("Urgent")),
)


class AidForm(PostForm):
    kind: str = choice(_l("What brings you here?"), KINDS, radio=True)
    title: str = text(_l("In one line"), max=80, min=2)
    help: str = choice(
        _l("Kind of help"), HELP, help=_l("If somebody's life is in danger, call 110, 119 or 120 first.")
    )
    at: datetime | None = moment(_l("When"), required=False)
    place: str = text(
        _l("Where"), required=False, help=_l("For example: gate 2, parcel lockers. Not your room.")
    )
    body: str = textarea(_l("Tell us more"), required=False)
    vulnerable: bool = yes(
        _l("It concerns a child, or an elder who lives alone"),
        help=_l("Then the committee looks first and vouches for it, before neighbours can answer."),
    )


class VolunteerForm(Form):
    note: str = text(
        _l("A few words"), max=120, required=False, help=_l("Only the two of you and the committee read it.")
    )


class ThanksForm(Form):
    reason: str = textarea(_l("Your words of thanks"), max=500, required=False)
