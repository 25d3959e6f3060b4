"""Idle goods: given, lent, swapped, sold or wanted, from the first photo to the thanks."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from shequtong.boards.goods import reserving
from shequtong.boards.goods.forms import DEALS, LendForm, ListingForm, ReserveForm
from shequtong.boards.goods.models import Listing
from shequtong.boards.goods.reserving import taker
from shequtong.core.posts.board import Board
from shequtong.core.posts.forms import RatingForm
from shequtong.core.posts.policy import Case, author, in_state, of_kind, resident
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import nobody
from shequtong.lib.workflow import State, Transition, Workflow

lending = of_kind("lend")
promised = in_state("reserved", "out", "due", "overdue")


class Goods(Board):
    def check(self, session: Session, case: Case, form: BoundForm[Any]) -> None:
        """What is sold has a price; what is given, lent, swapped or wanted has none."""
        listing = form.value
        if listing.kind == "sell" and not listing.price:
            form.refuse("price", _("Please write a price. To ask for nothing, choose “Give away”."))
        elif listing.kind != "sell" and listing.price:
            form.refuse("price", _("Only what you sell has a price. Leave this empty, or choose “Sell”."))

    def more(self, session: Session, case: Case) -> Mapping[str, Any]:
        return reserving.told_to_both(session, case)


board = Goods(
    slug="goods",
    name=_l("Idle goods"),
    about=_l("What one no longer needs, another is looking for."),
    icon="armchair",
    colour="moss",
    invite=_l("Offer something"),
    form=ListingForm,
    detail=Listing,
    kinds=DEALS,
    facts=("price", "condition", "pickup"),
    rules={"edit": author & in_state("draft", "available"), "delete": author & ~promised},
    photos_first=True,
    workflow=Workflow(
        states=(
            State("draft", _l("Draft"), audience="parties"),
            State(
                "available",
                _l("Available"),
                "good",
                audience="community",
                lasts=timedelta(days=30),
                until=_l("On offer until"),
            ),
            State("reserved", _l("Reserved"), "info", lasts=timedelta(days=3), until=_l("Reserved until")),
            State("handed_over", _l("Handed over"), is_open=False),
            State("out", _l("Lent out"), "info", lasts=timedelta(days=7), until=_l("To be back by")),
            State("due", _l("Due back today"), "warn", lasts=timedelta(days=1)),
            State("overdue", _l("Overdue"), "bad"),
            State("returned", _l("Brought back"), "good", is_open=False),
            State("rated", _l("Done, with thanks"), is_open=False),
            State("expired", _l("Expired"), is_open=False),
            State("withdrawn", _l("Withdrawn"), is_open=False),
        ),
        transitions=(
            Transition("offer", ("draft",), "available", _l("Offer it"), by=author, at_once=True),
            Transition(
                "reserve",
                ("available",),
                "reserved",
                _l("I would like it"),
                by=resident & ~author,
                form=ReserveForm,
                effect=reserving.reserve,
                says=(("want", _l("I have one for you")),),
                discreet=True,
            ),
            Transition(
                "hand_over",
                ("reserved",),
                "handed_over",
                _l("Handed over"),
                by=author | taker,
                when=~lending,
                discreet=True,
            ),
            Transition(
                "lend_out",
                ("reserved",),
                "out",
                _l("Lent out"),
                by=author,
                when=lending,
                form=LendForm,
                effect=reserving.lend_out,
            ),
            Transition(
                "release",
                ("reserved",),
                "available",
                _l("Free it again"),
                by=author | taker,
                effect=reserving.release,
                discreet=True,
            ),
            Transition(
                "lapse",
                ("reserved",),
                "available",
                _l("Reservation lapsed"),
                by=nobody,
                clock=True,
                effect=reserving.release,
            ),
            Transition("fall_due", ("out",), "due", _l("Due back"), by=nobody, clock=True),
            Transition("run_over", ("due",), "overdue", _l("Overdue"), by=nobody, clock=True),
            Transition("take_back", ("out", "due", "overdue"), "returned", _l("It came back"), by=author),
            Transition(
                "rate",
                ("handed_over", "returned"),
                "rated",
                _l("Say thanks and rate"),
                by=author | taker,
                form=RatingForm,
                effect=reserving.rate,
                discreet=True,
            ),
            Transition("expire", ("available",), "expired", _l("Expired"), by=nobody, clock=True),
            Transition("renew", ("expired",), "available", _l("Offer it again"), by=author),
            Transition(
                "withdraw",
                ("draft", "available", "expired"),
                "withdrawn",
                _l("Withdraw"),
                by=author,
                tone="bad",
            ),
        ),
    ),
)
