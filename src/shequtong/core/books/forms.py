"""What is asked of those who keep books, of those who question a line, and of those who answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import Form, choice, day, integer, money, text, textarea, yes
from shequtong.lib.i18n import lazy_gettext as _l

MOST = 1_000_000_000
"""Yuan of one line."""

DIRECTIONS = (("expense", _l("Spent")), ("income", _l("Received")))
CATEGORIES = (
    ("lifts", _l("Lifts")),
    ("cleaning", _l("Cleaning and waste")),
    ("green", _l("Trees and lawns")),
    ("guard", _l("Guards and gates")),
    ("utilities", _l("Water and electricity")),
    ("repairs", _l("Repairs and equipment")),
    ("parking", _l("Parking")),
    ("advertising", _l("Advertising and rent of common places")),
    ("care", _l("Elders, children and people in need")),
    ("activities", _l("Activities and volunteers")),
    ("office", _l("Office and staff")),
    ("grants", _l("Grants and gifts")),
    ("interest", _l("Interest")),
    ("other", _l("Anything else")),
)
"""What money is taken in or spent for."""


class LedgerForm(PostForm):
    title: str = text(_l("What was it for?"), max=80, min=2)
    direction: str = choice(_l("Kind of entry"), DIRECTIONS, radio=True)
    category: str = choice(_l("Budget category"), CATEGORIES, required=False, default="other")
    amount: Decimal = money(_l("Amount"), le=MOST, help=_l("In yuan."))
    dated: date = day(_l("Day"))
    with_whom: str = text(_l("Paid to or received from"), required=False)
    body: str = textarea(_l("Explain it"), required=False)


class ContractForm(PostForm):
    title: str = text(_l("What is the contract about?"), max=80, min=2)
    with_whom: str = text(_l("With whom"))
    amount: Decimal | None = money(_l("Amount"), le=MOST, required=False, help=_l("In yuan."))
    dated: date = day(_l("From"))
    ends: date | None = day(_l("Until"), required=False)
    body: str = textarea(_l("What was agreed"), required=False)


class RecordForm(PostForm):
    title: str = text(_l("Title"), max=80, min=2)
    dated: date = day(_l("Day"))
    body: str = textarea(_l("Record"))


class QuestionForm(Form):
    reason: str = textarea(_l("Your question"), max=1000)


class ReplyForm(Form):
    """`question` is the number of its comment; without it, the one that has waited longest is answered."""

    question: int | None = integer(_l("Question"), le=2**62, required=False)
    reason: str = textarea(_l("Your answer"), max=4000)


class CorrectForm(Form):
    """A line as it should have been."""

    direction: str = choice(_l("Kind of entry"), DIRECTIONS, radio=True)
    category: str = choice(_l("Budget category"), CATEGORIES)
    amount: Decimal = money(_l("Amount"), le=MOST, help=_l("In yuan."))
    dated: date = day(_l("Day"))
    with_whom: str = text(_l("Paid to or received from"), required=False)
    reason: str = textarea(_l("Why is it corrected?"), max=500)


class PlanForm(Form):
    """One line of a budget."""

    direction: str = choice(_l("Kind of entry"), DIRECTIONS, radio=True)
    category: str = choice(_l("Budget category"), CATEGORIES)
    amount: Decimal = money(_l("Planned for the year"), le=MOST, help=_l("In yuan."))
    reason: str = text(
        _l("Why is it changed?"), max=200, required=False, help=_l("Only for a line that was set before.")
    )


class OpeningForm(Form):
    """What a year begins with."""

    balance: Decimal = money(_l("Balance on 1 January"), le=MOST, help=_l("In yuan."))
    in_debt: bool = yes(_l("So much was owed: the balance is below zero"))
    why: str = text(
        _l("Why is it changed?"), max=200, required=False, help=_l("Only for a balance that was set before.")
    )
