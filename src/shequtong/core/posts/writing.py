"""Putting words and pictures into a post, and keeping what stood there before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import Session

from shequtong.core.communities.models import Membership
from shequtong.core.follows import muting
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.core.media.models import Photo
from shequtong.core.posts.models import Comment, Post, Revision
from shequtong.lib import clock
from shequtong.lib.markdown import Mention, excerpt, possible_names, render

EXCERPT = 90
"""Characters of a card's second line."""


def write_body(session: Session, post: Post, body: str) -> None:
    """Set a post's text, its HTML and its excerpt."""
    post.body = body
    post.rendered = render(body, mention=mention_links(session, post.code, body, post.author_id))
    post.excerpt = excerpt(body, EXCERPT)


def rewrite(session: Session, post: Post, actor: Actor, title: str, body: str) -> None:
    """Give a post other words; the old ones stay in its history."""
    keep_revision(session, post, actor)
    post.title = title
    write_body(session, post, body)
    post.edited_at = clock.now()
    post.version += 1


def mention_links(session: Session, code: str, body: str, by_id: int) -> Mention:
    """A function from a mentioned name to its page, for names of members of this community."""
    return links_to(mentioned(session, code, body, by_id))


def links_to(names: dict[str, int]) -> Mention:
    """A function from these names to their pages."""
    return {name: f"/u/{number}" for name, number in names.items()}.get


def mentioned(session: Session, code: str, body: str, by_id: int) -> dict[str, int]:
    """Names after an @ that belong to exactly one approved member here, with their account ids.

    Somebody who has blocked the writer cannot be called.
    """
    names = possible_names(body)
    if not names:
        return {}
    found = session.execute(
        select(Account.name, func.min(Account.id).label("id"))
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.code == code,
            Membership.state == "approved",
            Account.name.in_(names),
            ~muting.has_blocked(Account.id, by_id),
        )
        .group_by(Account.name)
        .having(func.count(Account.id.distinct()) == 1)
    )
    return {row.name: row.id for row in found}


def attach_photos(session: Session, post: Post, actor: Actor, photo_ids: list[int]) -> None:
    """Hang one's own pictures on a post, in the order given; ids of others are ignored."""
    if photo_ids:
        post.photos = hang(session, post, actor, photo_ids)


def hang(session: Session, post: Post, actor: Actor, photo_ids: list[int]) -> list[Any]:
    """The same for pictures that are shown elsewhere on its page: [id, width, height, alt] of each, in order."""
    own = session.scalars(
        select(Photo).where(
            Photo.id.in_(photo_ids),
            Photo.account_id == actor.id,
            (Photo.post_id == post.id) | Photo.post_id.is_(None),
        )
    ).all()
    for photo in own:
        photo.post_id = post.id
    order = {number: place for place, number in enumerate(photo_ids)}
    return [[p.id, p.width, p.height, p.alt] for p in sorted(own, key=lambda p: order[p.id])]


def keep_revision(session: Session, post: Post, actor: Actor, comment: Comment | None = None) -> None:
    """Remember what a post, or one of its comments, says now."""
    said = comment or post
    session.add(
        Revision(
            post_id=post.id,
            comment_id=comment.id if comment else None,
            title="" if comment else post.title,
            body=said.body,
            by_id=actor.id,
            at=clock.now(),
        )
    )


def forget_earlier(session: Session, post: Post) -> None:
    """Keep nothing of what a post said while it was private, now that its author has opened it to all."""
    session.flush()
    session.execute(delete(Revision).where(Revision.post_id == post.id, Revision.comment_id.is_(None)))
