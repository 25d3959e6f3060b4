"""What reporters, moderators and authors who appeal are asked."""

from __future__ import annotations

from shequtong.lib.forms import Form, choice, integer, text, textarea
from shequtong.lib.i18n import lazy_gettext as _l

REASONS = (
    ("spam", _l("Advertising or spam")),
    ("abuse", _l("Insults or bullying")),
    ("privacy", _l("Shows somebody's private data")),
    ("false", _l("False or misleading")),
    ("unlawful", _l("Against the law")),
    ("banned_goods", _l("Goods that may not be traded")),
    ("off_topic", _l("Belongs on another board")),
    ("other", _l("Something else")),
)
"""Why something is wrong: reporters and moderators choose from the same list."""

FINE = ("fine", _l("Nothing is wrong with it"))

ACTIONS = (
    ("approve", _l("Leave it up")),
    ("warn", _l("Leave it up and warn the author")),
    ("hide", _l("Hide it")),
    ("remove", _l("Remove it")),
    ("suspend", _l("Hide it and suspend the author")),
)

WHY_HELD = {
    "first_post": _l("The first posts of a new member are looked at first"),
    "listed_word": _l("It holds words from the committee's list"),
    "reports": _l("Several neighbours reported it"),
}

LABELS = dict((*ACTIONS, ("restore", _l("Shown again after an appeal"))))
REASON_LABELS = dict((*REASONS, FINE, ("appeal", _l("The appeal was right"))))


class ReportForm(Form):
    reason: str = choice(_l("What is wrong?"), REASONS, radio=True)
    note: str = textarea(_l("Tell the committee more"), max=500, required=False)


class DecisionForm(Form):
    """`seen` is the state the moderator saw; a decision on anything newer is refused."""

    action: str = choice(_l("What do you decide?"), ACTIONS, radio=True)
    reason: str = choice(_l("Why?"), (FINE, *REASONS))
    note: str = textarea(
        _l("A word to the author"), max=500, required=False, help=_l("The author reads it beside the reason.")
    )
    days: int | None = integer(
        _l("Suspend for how many days?"),
        ge=1,
        le=90,
        required=False,
        help=_l("Only when you suspend; 7 if left empty."),
    )


class AppealForm(Form):
    words: str = textarea(_l("Why should somebody look again?"), max=1000)


class AnswerForm(Form):
    verdict: str = choice(
        _l("What do you decide?"),
        (("uphold", _l("The author is right: show it again")), ("dismiss", _l("The decision stays"))),
        radio=True,
    )
    words: str = textarea(_l("Your answer to the author"), max=1000)


class WordForm(Form):
    word: str = text(_l("Word to hold"), max=32)
