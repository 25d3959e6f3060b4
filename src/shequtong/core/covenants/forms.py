"""What the pages of the covenant ask."""

from __future__ import annotations

from datetime import date

from shequtong.lib.forms import Form, choice, day, text
from shequtong.lib.i18n import lazy_gettext as _l


class PaperSignatureForm(Form):
    building_id: int = choice(_l("Building"), "buildings")
    room: str = text(_l("Room"), max=20, inputmode="numeric")


class ReviewForm(Form):
    review_on: date = day(_l("Look at it again on"), future=True)
