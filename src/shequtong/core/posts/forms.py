"""What every board asks a poster for; a board adds its own fields."""

from __future__ import annotations

from shequtong.lib.forms import Form, choice, text, textarea
from shequtong.lib.i18n import lazy_gettext as _l


class PostForm(Form):
    """Title and body. A board with photos gets its photo field from the page."""

    title: str = text(_l("Title"), max=80, min=2)
    body: str = textarea(_l("What do you want to say?"), max=10_000, required=False)


RATINGS = (
    ("5", _l("5 – very good")),
    ("4", _l("4 – good")),
    ("3", _l("3 – all right")),
    ("2", _l("2 – not so good")),
    ("1", _l("1 – bad")),
)


class RatingForm(Form):
    """How something went: `rating` is a number from 5 down to 1, `reason` a word about it."""

    rating: int = choice(_l("How was it?"), RATINGS, radio=True)
    reason: str = textarea(_l("A word about it"), max=500, required=False)


class NameForm(Form):
    """What a board is called in one community."""

    name: str = text(
        _l("Name here"),
        max=24,
        required=False,
        help=_l("Two to eight Chinese characters, or up to 24 Latin letters. Empty is the usual name."),
    )


class CommentForm(Form):
    body: str = textarea(_l("Your comment"), max=4_000)


class ObjectionForm(Form):
    objection: str = textarea(
        _l("What do you object to, and why?"), max=1_000, min=4, help=_l("The committee answers each one.")
    )


class ReplyForm(Form):
    words: str = textarea(_l("The committee's answer"), max=1_000)
