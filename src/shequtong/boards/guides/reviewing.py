"""An item is checked by a second person, and again when its day of review comes."""

from __future__ import annotations

from sqlmodel import Session

from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock


def until_review_day(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    case.post.due_at = clock.end_of(case.detail.review_on)
