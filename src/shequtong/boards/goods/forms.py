"""What a giver, a taker and both at the end are asked."""

from __future__ import annotations

from decimal import Decimal

from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import Form, choice, integer, money, text, textarea
from shequtong.lib.i18n import lazy_gettext as _l

DEALS = (
    ("give", _l("Give away")),
    ("lend", _l("Lend")),
    ("swap", _l("Swap")),
    ("sell", _l("Sell")),
    ("want", _l("Wanted")),
)
CATEGORIES = (
    ("baby", _l("Baby and child")),
    ("furniture", _l("Furniture")),
    ("appliance", _l("Household appliances")),
    ("book", _l("Books")),
    ("clothes", _l("Clothes")),
    ("tool", _l("Tools")),
    ("sport", _l("Sport and bicycles")),
    ("plant", _l("Plants")),
    ("other", _l("Other")),
)
CONDITIONS = (
    ("new", _l("As new")),
    ("good", _l("Good")),
    ("used", _l("Used, works well")),
    ("repair", _l("Needs a small repair")),
)


class ListingForm(PostForm):
    kind: str = choice(_l("What do you want to do?"), DEALS, radio=True)
    title: str = text(_l("Name of the thing"), max=80, min=2)
    category: str = choice(_l("Category"), CATEGORIES)
    condition: str = choice(_l("Condition"), CONDITIONS, required=False)
    price: Decimal | None = money(_l("Price"), required=False, help=_l("Only when you sell. In yuan."))
    pickup: str = text(
        _l("Where to pick it up"),
        required=False,
        help=_l("For example: gate 2, parcel lockers. Not your room."),
    )
    body: str = textarea(_l("Describe it"), required=False)


class ReserveForm(Form):
    note: str = text(
        _l("A word to the giver"), max=120, required=False, help=_l("Only the two of you read it.")
    )


class LendForm(Form):
    days: int = integer(_l("For how many days?"), ge=1, le=90)
