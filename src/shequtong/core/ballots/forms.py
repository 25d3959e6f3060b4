"""What the pages of a round ask."""

from __future__ import annotations

from shequtong.lib.forms import Form, choice, text
from shequtong.lib.i18n import lazy_gettext as _l


class BallotForm(Form):
    choice: str = choice(_l("Your ballot"), "options", radio=True)


class PaperForm(Form):
    building_id: int = choice(_l("Building"), "buildings")
    room: str = text(_l("Room"), max=20, inputmode="numeric")
    choice: str = choice(_l("What is ticked on the paper?"), "options", radio=True)


class MandateForm(Form):
    holder: str = text(
        _l("Who votes for you?"), max=40, help=_l("Their name, as neighbours see it here. Ask them first.")
    )


class PaperMandateForm(Form):
    building_id: int = choice(_l("Building"), "buildings")
    room: str = text(_l("Room"), max=20, inputmode="numeric")
    holder: str = text(_l("Who votes for them?"), max=40, help=_l("Their name, as neighbours see it here."))


class ReceiptForm(Form):
    receipt: str = text(_l("Your receipt"), max=40, placeholder="ABCD-2345-EFGH-6789")
