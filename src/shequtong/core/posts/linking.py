"""Lineage: one post led to another, and both ends show it."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session

from shequtong.core.posts import events
from shequtong.core.posts.models import Link, Post
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Forbidden, Invalid
from shequtong.lib.events import publish as tell
from shequtong.lib.i18n import gettext as _


def link(session: Session, case: Case, child: Post) -> None:
    """Record that the case's post led to `child`, a post of the same community."""
    if not allows(case, "link"):
        raise Forbidden
    parent: Post = case.post
    if child.id == parent.id or child.code != parent.code:
        raise Invalid(_("Choose another post of this community"))
    if session.get(Link, (child.id, parent.id)):
        raise Invalid(_("These two posts are linked the other way round already"))
    new = insert_or_nothing(
        session, Link, parent_id=parent.id, child_id=child.id, by_id=case.actor.id, at=clock.now()
    )
    if not new:
        return
    session.execute(
        update(Post)
        .where(Post.id.in_((parent.id, child.id)))
        .values(link_count=Post.link_count + 1)
        .execution_options(synchronize_session=False)
    )
    tell(session, events.PostsLinked(parent, child, case.actor.id or 0))
