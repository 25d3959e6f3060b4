"""What an officer is asked for a bulletin, and a committee that passes it on."""

from __future__ import annotations

from datetime import date, datetime

from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import Form, choice, day, moment, phone, text, textarea
from shequtong.lib.i18n import lazy_gettext as _l

TOPICS = (
    ("policy", _l("Policy")),
    ("service", _l("Public service")),
    ("health", _l("Health")),
    ("traffic", _l("Roads and works")),
    ("safety", _l("Safety and weather")),
    ("culture", _l("Culture and sport")),
)


class BulletinForm(PostForm):
    topic: str = choice(_l("What is it about?"), TOPICS, told=_l("Topic"))
    body: str = textarea(_l("Text"), max=20_000)
    issued_by: str = text(
        _l("Issued by"), required=False, help=_l("The department that answers for it, if it is another.")
    )
    contact: str = phone(_l("Telephone for questions"), required=False)
    valid_until: date | None = day(
        _l("In force until"),
        required=False,
        future=True,
        help=_l("Left empty, it stays until it is withdrawn."),
    )


class ScheduleForm(Form):
    at: datetime = moment(_l("When should it appear?"))


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


class SetAsideForm(Form):
    note: str = text(_l("Why does it not concern us?"), max=120, required=False)
