"""A project that households decided on: its milestones, and every cent that was spent on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from shequtong.boards.hall.forms import ExpenseForm, MilestoneForm
from shequtong.boards.hall.models import Expense, Milestone, Proposal
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case, active
from shequtong.lib import clock
from shequtong.lib.db import ask
from shequtong.lib.errors import Conflict, NotFound
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

leader = active & Rule(
    "leads the project",
    lambda case: case.detail is not None and case.detail.lead_id == case.actor.id is not None,
)


def cents(yuan: Decimal) -> int:
    """Yuan with at most two decimals as whole cents."""
    return int(yuan * 100)


def yuan(amount: int) -> str:
    """Cents in words, exact: ¥1,234.50, and −¥20 for what came back."""
    whole, rest = divmod(abs(amount), 100)
    return f"{'−' if amount < 0 else ''}¥{whole:,}" + (f".{rest:02}" if rest else "")


def plan(session: Session, case: Case, form: MilestoneForm) -> Milestone:
    """Add a milestone."""
    milestone = Milestone(post_id=case.post.id, title=form.title, due_on=form.due_on)
    session.add(milestone)
    session.flush()
    return milestone


def reach(session: Session, case: Case, milestone_id: int, *, undo: bool = False) -> None:
    """A milestone is reached today; or was not, after all. NotFound for one of another project."""
    milestone = session.get(Milestone, milestone_id)
    if milestone is None or milestone.post_id != case.post.id:
        raise NotFound
    milestone.done_on = None if undo else milestone.done_on or clock.today()


def spend(session: Session, case: Case, form: ExpenseForm) -> Expense:
    """Enter what was paid, or what came back. Raises Conflict where more comes back than was ever paid."""
    amount = cents(form.amount) * (-1 if form.direction == "returned" else 1)
    spent = Proposal.spent_cents + amount
    added = update(Proposal).where(Proposal.post_id == case.post.id, spent >= 0).values(spent_cents=spent)
    if session.execute(added.execution_options(synchronize_session=False)).rowcount != 1:
        raise Conflict(_("More cannot come back than was spent."))
    entry = Expense(
        post_id=case.post.id,
        paid_on=form.paid_on,
        purpose=form.purpose,
        cents=amount,
        by_id=case.actor.id,
        at=clock.now(),
    )
    session.add(entry)
    session.flush()
    return entry


_MILESTONES = (
    select(Milestone.__table__)
    .where(Milestone.post_id == bindparam("post_id"))
    .order_by(Milestone.due_on, Milestone.id)
)
_EXPENSES = (
    select(Expense.__table__)
    .where(Expense.post_id == bindparam("post_id"))
    .order_by(Expense.paid_on, Expense.id)
)
_PROGRESS = (
    select(PostTransition.at, PostTransition.reason, PostTransition.facts)
    .where(PostTransition.post_id == bindparam("post_id"), PostTransition.name == "report_progress")
    .order_by(PostTransition.id.desc())
)


def milestones(session: Session, post_id: int) -> list[Any]:
    return ask(session, _MILESTONES, post_id=post_id)


def expenses(session: Session, post_id: int) -> list[Any]:
    """Every entry in the order of its day."""
    return ask(session, _EXPENSES, post_id=post_id)


def progress(session: Session, post_id: int) -> list[Any]:
    """What was reported, with its photos, the newest first."""
    return ask(session, _PROGRESS, post_id=post_id)


# A picture of the money -----------------------------------------------------------------------------

WIDTH, HEIGHT, FOOT = 320, 160, 20
"""Of the drawing, in its own units; the foot is for the days."""


@dataclass(frozen=True)
class Chart:
    """Spending over time against the budget: points of a line, and how high the budget stands (None without one)."""

    line: str
    area: str
    budget: int | None
    first: date
    last: date
    over: bool


def chart(entries: list[Any], budget: int | None, last: date) -> Chart | None:
    """Steps of what was spent in all, from the first entry to `last`; nothing before the first entry."""
    if not entries:
        return None
    first, last = entries[0].paid_on, max(last, entries[-1].paid_on)
    days = max((last - first).days, 1)
    total, highest, steps = 0, max(budget or 0, 1), []
    for entry in entries:
        steps.append(((entry.paid_on - first).days * WIDTH // days, total))
        total += entry.cents
        highest = max(highest, total)
        steps.append((steps[-1][0], total))
    steps.append((WIDTH, total))
    top = HEIGHT - FOOT

    def height(amount: int) -> int:
        return top - amount * (top - 10) // highest

    line = " ".join(f"{x},{height(amount)}" for x, amount in steps)
    return Chart(
        line,
        f"{line} {WIDTH},{top} {steps[0][0]},{top}",
        height(budget) if budget else None,
        first,
        last,
        budget is not None and total > budget,
    )
