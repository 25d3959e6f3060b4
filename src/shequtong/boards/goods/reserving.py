"""From reserved to handed over, or lent and brought back."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from shequtong.boards.goods.forms import LendForm, RateForm
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.policy import Rule

taker = Rule("taker", lambda case: case.detail is not None and case.detail.taker_id == case.actor.id)


def reserve(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    case.detail.taker_id = case.actor.id


def release(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    case.detail.taker_id = None


def lend_out(_session: Session, case: Case, form: LendForm, _record: PostTransition) -> None:
    case.post.due_at = clock.now() + timedelta(days=form.days)


def rate(_session: Session, case: Case, form: RateForm, _record: PostTransition) -> None:
    case.detail.rating = form.rating
