"""An item is checked by a second person, and again when its day of review comes; its keepers are told before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from shequtong.boards.guides import versions
from shequtong.boards.guides.forms import RenewForm
from shequtong.boards.guides.models import Guide
from shequtong.core.communities.standings import holders
from shequtong.core.notifications.telling import tell_about
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock

AHEAD = timedelta(days=14)
"""So long before its day of review an item's keepers are told of it."""
AT_ONCE = 200
KEEPERS = {12: ("clerk", "secretary"), 9: ("street",)}
"""Who keeps what was written at a committee or a street, by the digits of its code."""


def publish(session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """What goes out now has been checked today, and holds until its day of review."""
    versions.keep(session, case)
    _holds_until_review(case)


def renew(_session: Session, case: Case, form: RenewForm, _record: PostTransition) -> None:
    """It is still right, word for word; look again on another day."""
    case.detail.review_on = form.review_on
    _holds_until_review(case)


def as_usual(_case: Case) -> dict[str, Any]:
    """Most things are looked at again after half a year."""
    return {"review_on": clock.today() + timedelta(days=182)}


def tell_keepers(session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """Its day has passed: the author hears of the move itself, their colleagues of what it asks of them."""
    tell_about(session, case.post, _keepers(session, case.post) - {case.post.author_id}, "review_passed")


def remind(session: Session) -> None:
    """Tell the keepers of an item once that its day of review comes near."""
    due = session.execute(
        select(Guide.post_id, Post)
        .join(Post, Post.id == Guide.post_id)
        .where(
            Guide.review_on <= clock.today() + AHEAD,
            ~Guide.warned,
            Post.state == "live",
            Post.deleted_at.is_(None),
        )
        .limit(AT_ONCE)
    ).all()
    for post_id, post in due:
        mine = Guide.post_id == post_id, ~Guide.warned
        if session.execute(update(Guide).where(*mine).values(warned=True)).rowcount == 1:
            tell_about(session, post, _keepers(session, post), "review_soon")


def _holds_until_review(case: Case) -> None:
    case.detail.checked_on = clock.today()
    case.detail.warned = False
    case.post.due_at = clock.end_of(case.detail.review_on)


def _keepers(session: Session, post: Post) -> set[int | None]:
    """The author, and the staff of the place where it was written."""
    return {post.author_id, *holders(session, post.code, KEEPERS[len(post.code)])}
