"""What a year is meant to bring and cost, and what it begins with. Who changes it later says why, for all to read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlmodel import Session

from shequtong.core.books.models import Opening, Plan, PlanChange
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import clock
from shequtong.lib.errors import Forbidden, Invalid
from shequtong.lib.i18n import gettext as _


class ReasonMissing(Invalid):
    """What was set before is changed only with a reason."""

    def __init__(self) -> None:
        super().__init__(_("It was set before: please say why it is changed"))


def plan(
    session: Session, case: Case, year: int, direction: str, category: str, amount: Decimal, reason: str = ""
) -> None:
    """Set one line of the budget of a year. Raises ReasonMissing."""
    key = {"direction": direction, "category": category}
    _set(session, case, Plan, year, key, amount, reason)


def open_with(session: Session, case: Case, year: int, amount: Decimal, reason: str = "") -> None:
    """Say what a year begins with. Raises ReasonMissing."""
    _set(session, case, Opening, year, {}, amount, reason)


def _set(
    session: Session,
    case: Case,
    table: type[Plan] | type[Opening],
    year: int,
    key: dict[str, str],
    amount: Decimal,
    reason: str,
) -> None:
    if not allows(case, "keep"):
        raise Forbidden
    place: dict[str, Any] = {"code": case.community.code, "board": case.board.slug, "year": year}
    found = session.get(table, place | key, with_for_update=True)
    before = found.amount if found else None
    if before == amount:
        return
    if found and not reason:
        raise ReasonMissing
    if found:
        found.amount = amount
    else:
        session.add(table(**place, **key, amount=amount))
    change = PlanChange(**place, **key, before=before, after=amount, reason=reason, by_id=case.actor.id)
    change.at = clock.now()
    session.add(change)
    session.flush()
