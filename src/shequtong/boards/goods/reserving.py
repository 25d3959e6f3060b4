"""From reserved to handed over, or lent and brought back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from shequtong.boards.goods.forms import LendForm, ReserveForm
from shequtong.core.follows import following
from shequtong.core.identity.models import Account
from shequtong.core.posts.forms import RatingForm
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.policy import Rule

taker = Rule("taker", lambda case: case.detail is not None and case.detail.taker_id == case.actor.id)


def reserve(session: Session, case: Case, form: ReserveForm | None, _record: PostTransition) -> None:
    """The taker follows it from now on, and so hears what becomes of it."""
    case.detail.taker_id = case.actor.id
    following.follow(session, case.actor.id or 0, "post", case.post.id)
    case.detail.message = form.note if form else ""


def release(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    case.detail.taker_id = None
    case.detail.message = ""


def lend_out(_session: Session, case: Case, form: LendForm, _record: PostTransition) -> None:
    case.post.due_at = clock.now() + timedelta(days=form.days)


def rate(_session: Session, case: Case, form: RatingForm, _record: PostTransition) -> None:
    case.detail.rating = form.rating


def told_to_both(session: Session, case: Case) -> dict[str, Any]:
    """Who has it reserved and what they wrote: for the giver and the taker, and nobody else."""
    listing = case.detail
    if listing.taker_id is None or case.actor.id not in (case.post.author_id, listing.taker_id):
        return {"taker": None}
    name = session.scalar(select(Account.name).where(Account.id == listing.taker_id))
    return {"taker": name, "message": listing.message}
