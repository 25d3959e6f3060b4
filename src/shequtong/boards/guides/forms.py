"""What a guide says, and what somebody asks and is answered."""

from __future__ import annotations

from datetime import date

from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import Form, choice, day, text, textarea
from shequtong.lib.i18n import lazy_gettext as _l

KINDS = (("question", _l("Question")), ("item", _l("Guide")))
CLASSES = (
    ("residence", _l("Residence and papers")),
    ("insurance", _l("Social and health insurance")),
    ("relief", _l("Relief and hardship")),
    ("elders", _l("Elders and disability")),
    ("family", _l("Children and family")),
    ("work", _l("Work and business")),
    ("housing", _l("Housing and repairs")),
    ("law", _l("Law, mediation, veterans")),
)


class QuestionForm(PostForm):
    title: str = text(_l("Your question"), max=80, min=2)
    item_id: int | None = choice(
        _l("Is it about one of our guides?"),
        "items",
        required=False,
        default=None,
        told=_l("About the guide"),
    )
    category: str = choice(_l("What is it about?"), CLASSES, told=_l("Topic"))
    body: str = textarea(
        _l("Tell us more"), required=False, help=_l("Neighbours can read it: no names, numbers or rooms.")
    )


class ItemForm(PostForm):
    title: str = text(_l("What is it called?"), max=80, min=2)
    category: str = choice(_l("What is it about?"), CLASSES, told=_l("Topic"))
    body: str = textarea(_l("For whom is it, in a sentence or two?"), max=2_000)
    materials: str = textarea(_l("What to bring"), max=3_000, required=False, help=_l("One thing a line."))
    steps: str = textarea(_l("Step by step"), max=3_000, required=False, help=_l("One step a line."))
    place: str = text(_l("Where"), max=120)
    hours: str = text(_l("When it is open"), max=120)
    fee: str = text(_l("What it costs"), max=80, required=False, help=_l("For example: free of charge."))
    time_limit: str = text(_l("How long it takes"), max=80, required=False)
    legal_basis: str = text(_l("Legal basis"), max=200, required=False)
    owner: str = text(_l("Who answers for it"), max=80)
    review_on: date = day(
        _l("Check again on"),
        future=True,
        help=_l("From this day on, readers see that it may be out of date."),
    )
    also_called: str = textarea(
        _l("What people call it"),
        max=500,
        required=False,
        help=_l("Everyday words, one a line: whoever searches for them finds this guide."),
    )
    item_key: str = text(
        _l("Its name in our spreadsheet"), max=20, required=False, help=_l("Short and its own, such as A01.")
    )


class RenewForm(Form):
    review_on: date = day(_l("Check again on"), future=True)


class AnswerForm(Form):
    answer: str = textarea(_l("Your answer"), max=5_000)


class PromoteForm(Form):
    title: str = text(_l("Question"), max=80, min=2)
    item_id: int | None = choice(
        _l("Show it on this guide too"), "items", required=False, default=None, told=_l("About the guide")
    )
    body: str = textarea(_l("More about it"), required=False)
    answer: str = textarea(
        _l("Answer"),
        max=5_000,
        help=_l("Everybody will read this, neighbours or not: take out names, numbers and rooms."),
    )


class MissingForm(Form):
    note: str = text(_l("What was missing or wrong?"), max=200, required=False)
