"""What a reporter is asked, and what those who have the matter in hand."""

from __future__ import annotations

from datetime import date

from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import Form, choice, day, text, textarea, yes
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
    to: str = choice(_l("Who shall do it?"), HANDLERS, radio=True)
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
