"""Books that are open: entries of money, contracts and decisions, each of which a resident can question.

Whoever keeps such books declares a board with this workflow, these forms and a table of `Entry`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import Numeric
from sqlmodel import Field

from shequtong.core.posts.forms import PostForm
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.policy import author, in_state, resident
from shequtong.lib.db import Table
from shequtong.lib.forms import Form, choice, day, money, text, textarea
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import Rule
from shequtong.lib.workflow import State, Transition, Workflow

DIRECTIONS = (("expense", _l("Spent")), ("income", _l("Received")))
FACTS = ("direction", "amount", "dated")


class Entry(Table):
    """`amount` in yuan is without sign: `direction` says whether it came or went. `dated` is the day it happened."""

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    direction: str = ""
    amount: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))
    dated: date | None = None
    ends: date | None = None
    with_whom: str = ""


class LedgerForm(PostForm):
    title: str = text(_l("What was it for?"), max=80, min=2)
    direction: str = choice(_l("Kind of entry"), DIRECTIONS, radio=True)
    amount: Decimal = money(_l("Amount"), le=1_000_000_000, help=_l("In yuan."))
    dated: date = day(_l("Day"))
    with_whom: str = text(_l("Paid to or received from"), required=False)
    body: str = textarea(_l("Explain it"), required=False)


class ContractForm(PostForm):
    title: str = text(_l("What is the contract about?"), max=80, min=2)
    with_whom: str = text(_l("With whom"))
    amount: Decimal | None = money(_l("Amount"), le=1_000_000_000, required=False, help=_l("In yuan."))
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
    reason: str = textarea(_l("Your answer"), max=4000)


RULES = {"edit": author & in_state("draft"), "delete": author & in_state("draft")}
"""What was published stands; a mistake is archived and entered anew."""

OWES = Owed(reply=("questioned",), author_answers=True)


def questionable(keeper: Rule) -> Workflow:
    """The life of an entry in the books of `keeper`."""
    return Workflow(
        states=(
            State("draft", _l("Draft"), audience="parties"),
            State("live", _l("Open to see"), audience="community"),
            State("questioned", _l("Questioned, not answered yet"), "warn"),
            State("answered", _l("Question answered"), "good"),
            State("archived", _l("Archived"), is_open=False),
        ),
        transitions=(
            Transition("publish", ("draft",), "live", _l("Publish"), by=author, at_once=True),
            Transition(
                "question",
                ("live", "answered"),
                "questioned",
                _l("Ask about this"),
                by=resident & ~author,
                form=QuestionForm,
            ),
            Transition(
                "answer", ("questioned",), "answered", _l("Give an answer"), by=keeper, form=ReplyForm
            ),
            Transition(
                "archive", ("live", "answered"), "archived", _l("Archive"), by=keeper, reason="required"
            ),
        ),
    )
