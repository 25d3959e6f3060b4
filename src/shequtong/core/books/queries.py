"""What the books of a year hold, in a handful of queries however many lines there are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, cast, extract, func, select
from sqlmodel import Session

from shequtong.core.books.keeping import OPEN, Books
from shequtong.core.books.models import Opening, Plan, PlanChange
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Post, PostTransition
from shequtong.lib.db import ask

_HERE: dict[str, Any] = {"code": bindparam("code"), "board": bindparam("board"), "year": bindparam("year")}
_PLANS = select(Plan.direction, Plan.category, Plan.amount).where(
    Plan.code == _HERE["code"], Plan.board == _HERE["board"], Plan.year == _HERE["year"]
)
_OPENINGS = (
    select(Opening.year, Opening.amount)
    .where(Opening.code == _HERE["code"], Opening.board == _HERE["board"])
    .order_by(Opening.year)
)
_CHANGES = (
    select(PlanChange.__table__, Account.name.label("by_name"))
    .join(Account, Account.id == PlanChange.by_id)
    .where(
        PlanChange.code == _HERE["code"],
        PlanChange.board == _HERE["board"],
        PlanChange.year == _HERE["year"],
        PlanChange.before.is_not(None),
    )
    .order_by(PlanChange.id)
)


def _entered(board: Books) -> tuple[Any, ...]:
    """Lines of a ledger that were published. What moderation hides of their words counts all the same."""
    return (
        Post.code == bindparam("code"),
        Post.board == board.slug,
        Post.kind == "ledger",
        Post.state.in_((*OPEN, "cancelled")),
        Post.deleted_at.is_(None),
    )


@lru_cache(maxsize=16)
def _lines(board: Books) -> Any:
    detail = board.detail.__table__.c
    between = detail.dated.between(bindparam("first"), bindparam("last"))
    return (
        select(
            Post.id,
            Post.title,
            Post.state,
            Post.moderation,
            Post.owed,
            detail.direction,
            detail.category,
            detail.amount,
            detail.dated,
            detail.with_whom,
        )
        .join(board.detail, detail.post_id == Post.id)
        .where(*_entered(board), between)
        .order_by(detail.dated, Post.id)
    )


@lru_cache(maxsize=16)
def _by_year(board: Books) -> Any:
    detail = board.detail.__table__.c
    year = extract("year", detail.dated)
    fen = cast(func.round(detail.amount * 100), BigInteger)
    return (
        select(year.label("year"), detail.direction, func.sum(fen).label("fen"))
        .join(Post, Post.id == detail.post_id)
        .where(*_entered(board), Post.state != "cancelled")
        .group_by(year, detail.direction)
    )


@lru_cache(maxsize=16)
def _corrections(board: Books) -> Any:
    detail = board.detail.__table__.c
    return (
        select(
            PostTransition.name,
            PostTransition.facts,
            PostTransition.at,
            PostTransition.reason.label("text"),
            PostTransition.post_id,
            Post.title,
            Post.moderation,
            Account.name.label("by_name"),
        )
        .join(Post, Post.id == PostTransition.post_id)
        .join(detail.post_id.table, detail.post_id == Post.id)
        .outerjoin(Account, Account.id == PostTransition.by_id)
        .where(
            *_entered(board),
            PostTransition.name.in_(("correct", "cancel")),
            detail.dated.between(bindparam("first"), bindparam("last")),
        )
        .order_by(PostTransition.id)
    )


def _of(year: int) -> dict[str, date]:
    return {"first": date(year, 1, 1), "last": date(year, 12, 31)}


def lines(session: Session, board: Books, code: str, year: int) -> list[Any]:
    """Every line of a year by its day, cancelled ones too."""
    return ask(session, _lines(board), code=code, **_of(year))


def by_year(session: Session, board: Books, code: str) -> dict[int, Decimal]:
    """Year to what came in less what went out, in yuan, added up as whole fen."""
    found: dict[int, Decimal] = {}
    for row in ask(session, _by_year(board), code=code):
        fen = int(row.fen) if row.direction == "income" else -int(row.fen)
        found[int(row.year)] = found.get(int(row.year), Decimal()) + Decimal(fen) / 100
    return found


def corrections(session: Session, board: Books, code: str, year: int) -> list[Any]:
    """What was corrected or cancelled in the lines of a year, oldest first."""
    return ask(session, _corrections(board), code=code, **_of(year))


def plans(session: Session, board: Books, code: str, year: int) -> list[Any]:
    """The budget of a year: (direction, category, amount)."""
    return ask(session, _PLANS, code=code, board=board.slug, year=year)


def openings(session: Session, board: Books, code: str) -> dict[int, Decimal]:
    """Year to the balance that was written down for its first day."""
    return {row.year: row.amount for row in ask(session, _OPENINGS, code=code, board=board.slug)}


def changes(session: Session, board: Books, code: str, year: int) -> list[Any]:
    """What was changed in the budget of a year after it was set, oldest first."""
    return ask(session, _CHANGES, code=code, board=board.slug, year=year)
