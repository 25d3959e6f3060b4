"""What the writer of a notice is asked, and the committee that makes it final."""

from __future__ import annotations

from datetime import date

from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import Form, choice, choices, day, text, textarea, yes
from shequtong.lib.i18n import lazy_gettext as _l

KINDS = (
    ("info", _l("Information")),
    ("must_read", _l("Must be read")),
    ("public_notice", _l("Public notice")),
    ("emergency", _l("Emergency")),
)


CONCERNS = (
    ("owner", _l("Only the owners there")),
    ("tenant", _l("Only the tenants there")),
)


class NoticeForm(PostForm):
    kind: str = choice(
        _l("What kind of notice?"),
        "kinds",
        radio=True,
        help=_l(
            "A notice that must be read asks each household to confirm. A public notice asks for objections."
        ),
    )
    body: str = textarea(_l("Text"), max=20_000)
    places: list[str] = choices(
        _l("For which buildings?"),
        "places",
        help=_l(
            "Choose none for the whole community. A notice for one building is read by that building only, "
            "one for several by everybody; only the doors you choose are told and asked to confirm."
        ),
    )
    concerns: str = choice(
        _l("For whom there?"), CONCERNS, required=False, placeholder=_l("For everybody who lives there")
    )
    until: date | None = day(
        _l("Until when?"),
        required=False,
        future=True,
        help=_l(
            "The last day to confirm, or to object. A public notice usually stands for seven days or more."
        ),
    )


class CorrectForm(Form):
    title: str = text(_l("Title"), max=80, min=2)
    body: str = textarea(_l("Text"), max=20_000)
    correction: str = text(
        _l("What was wrong?"), max=200, help=_l("Readers see this beside the new text. The old text is kept.")
    )
    again: bool = yes(
        _l("Ask every household to confirm again"),
        help=_l("For a notice that must be read. Confirmations of the old text do not count any more."),
    )


class FinaliseForm(Form):
    answer: str = textarea(
        _l("A last word to everybody"),
        max=5_000,
        required=False,
        help=_l("For example what was changed. Each objection has its own answer already."),
    )
