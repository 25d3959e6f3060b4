"""Whether it is fixed: for the reporter to say, or for neighbours who have the same trouble."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlmodel import Session

from shequtong.boards.matters import handling
from shequtong.core.posts.forms import RatingForm
from shequtong.core.posts.models import Participation, Post, PostTransition
from shequtong.core.posts.policy import Case

WITNESSES = 3
"""Homes of neighbours whose word stands for the reporter's."""

SEE_FIXED = "see_fixed"


def ask_anew(session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """It is said to be fixed: what neighbours saw of an earlier repair counts no more."""
    session.execute(
        delete(Participation).where(Participation.post_id == case.post.id, Participation.name == SEE_FIXED)
    )


def count_witnesses(session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """The third home settles it. The post is locked first, so that of two who come at once one sees the other.

    The lock stands beside the one that each new row has on the post it points to; a full one would wait in a ring.
    """
    session.flush()
    session.execute(select(Post.id).where(Post.id == case.post.id).with_for_update(key_share=True))
    seen = session.scalar(
        select(func.count())
        .select_from(Participation)
        .where(Participation.post_id == case.post.id, Participation.name == SEE_FIXED)
    )
    if (seen or 0) >= WITNESSES:
        case.board.follow_up(session, case, "settle")


def rate(_session: Session, case: Case, form: RatingForm | None, record: PostTransition) -> None:
    """The clock confirms without a rating."""
    case.detail.rating = form.rating if form else None
    record.facts = {"rating": form.rating} if form else {}


def begin_again(session: Session, case: Case, form: object, record: PostTransition) -> None:
    """The reporter does not agree that it is over; it is the committee's again, and everybody can count."""
    handling.hand_back(session, case, form, record)
    case.detail.reopened += 1
    case.detail.rating = case.detail.promised_on = None
