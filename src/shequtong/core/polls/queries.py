"""What the pages of a poll ask the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, bindparam, cast, exists, literal, or_, select
from sqlmodel import Session

from shequtong.core.communities.models import Building, Membership
from shequtong.core.polls.models import Poll, Question, Sheet
from shequtong.lib.db import ask

_ONE: Any = select(Poll.__table__).where(Poll.post_id == bindparam("post_id"))
_QUESTIONS: Any = (
    select(Question.__table__).where(Question.post_id == bindparam("post_id")).order_by(Question.number)
)
_lives_there: Any = exists().where(
    Membership.account_id == Sheet.account_id,
    Membership.state == "approved",
    literal("d") + cast(Membership.dwelling_id, String) == Sheet.unit,
)
_MINE: Any = select(
    Sheet.answers, Sheet.at, or_(Sheet.account_id == bindparam("me"), _lives_there).label("ours")
).where(Sheet.post_id == bindparam("post_id"), Sheet.unit == bindparam("unit"))
_SHEETS: Any = (
    select(Sheet.answers, Sheet.tenure, Building.name.label("building"))
    .outerjoin(Building, Building.id == Sheet.building_id)
    .where(Sheet.post_id == bindparam("post_id"))
    .order_by(Building.sort, Building.id, Sheet.unit)
)


def one(session: Session, post_id: int) -> Any | None:
    """The poll on a post."""
    return next(iter(ask(session, _ONE, post_id=post_id)), None)


def questions(session: Session, post_id: int) -> list[Any]:
    """Its questions, in order."""
    return ask(session, _QUESTIONS, post_id=post_id)


def sheet(session: Session, post_id: int, unit: str, account_id: int | None) -> Any | None:
    """The sheet of a person or household. It is `ours` to read unless whoever filled it in has moved out."""
    return next(iter(ask(session, _MINE, post_id=post_id, unit=unit, me=account_id or 0)), None)


def sheets(session: Session, post_id: int) -> list[Any]:
    """All sheets, without anything that says whose they are but the building and whether they own or rent."""
    return ask(session, _SHEETS, post_id=post_id)
