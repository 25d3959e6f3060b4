"""Bookings: a private post between whoever books and whoever offers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from shequtong.boards.services.models import Service
from shequtong.core.posts.forms import RatingForm
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib.db import rows

_OFFERS = (
    select(Post.id, Post.title)
    .where(
        Post.code == bindparam("code"),
        Post.board == "services",
        Post.state == "offered",
        Post.moderation == "clear",
        Post.deleted_at.is_(None),
        Post.author_id != bindparam("me"),
    )
    .order_by(Post.activity_at.desc())
    .limit(200)
)


def offers(session: Session, case: Case) -> list[tuple[str, str]]:
    """What this actor can book here now."""
    found = rows(session, _OFFERS, code=case.community.code, me=case.actor.id or 0)
    return [(str(row.id), row.title) for row in found]


def give_to_provider(session: Session, post: Post, booking: Service) -> None:
    offer = session.get(Post, booking.offer_id)
    post.assignee_id = offer.author_id if offer else None


def rate(_session: Session, case: Case, form: RatingForm, record: PostTransition) -> None:
    case.detail.rating = form.rating
    record.facts = {"rating": form.rating}


def booked_offer(session: Session, case: Case) -> Any:
    """(id, title) of the offer that a booking is for."""
    if case.detail.offer_id is None:
        return None
    return session.execute(select(Post.id, Post.title).where(Post.id == case.detail.offer_id)).first()
