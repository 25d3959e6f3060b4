"""What somebody who plans, takes part or reports is asked."""

from __future__ import annotations

from datetime import datetime

from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import Form, choice, integer, moment, phone, text, textarea
from shequtong.lib.i18n import lazy_gettext as _l

KINDS = (("activity", _l("Activity")), ("pledge", _l("Pledge")), ("wish", _l("Small wish")))


class DeedForm(PostForm):
    kind: str = choice(
        _l("What do you plan?"),
        KINDS,
        radio=True,
        help=_l(
            "An activity has a time and a place. A pledge is a service you promise. A small wish is one "
            "neighbour's, for another to fulfil."
        ),
    )
    body: str = textarea(_l("What happens, and what is needed?"))
    starts_at: datetime | None = moment(_l("When?"), required=False, told=_l("When"))
    place: str = text(_l("Where?"), required=False, told=_l("Where"))
    places: int | None = integer(
        _l("How many can take part?"),
        ge=1,
        le=1000,
        required=False,
        help=_l("Left empty, everybody can. A small wish needs one."),
        told=_l("Places"),
    )
    contact: str = phone(_l("Telephone for questions"), required=False)


class ClaimForm(Form):
    note: str = text(
        _l("A word to those who plan it"),
        max=120,
        required=False,
        help=_l("Only they and the committee read it."),
    )


class FinishForm(Form):
    report: str = textarea(_l("What was done?"), max=5_000)
    came: int | None = integer(_l("How many took part?"), required=False, le=10_000)
