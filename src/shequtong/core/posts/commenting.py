"""Comments: written, answered, edited, taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session

from shequtong.core.identity.actor import Actor
from shequtong.core.posts import events, queries, writing
from shequtong.core.posts.board import office_of
from shequtong.core.posts.models import Comment, Post
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import clock
from shequtong.lib.db import rows
from shequtong.lib.errors import Conflict, Forbidden, NotFound
from shequtong.lib.events import publish as tell
from shequtong.lib.i18n import gettext as _
from shequtong.lib.markdown import render

MOST_OF_ONE = 20
"""Comments of a kind that has its own place on the page, such as objections, that one neighbour has on a post: so
that nobody drowns the others, or keeps the committee answering for ever."""


def comment(session: Session, case: Case, body: str, parent_id: int | None = None, kind: str = "") -> Comment:
    """Add a comment to the case's post; an answer to an answer hangs on the first one.

    Raises Conflict for a neighbour who has `MOST_OF_ONE` of the kind there; of answers there may be more.
    """
    if not allows(case, "comment"):
        raise Forbidden
    post: Post = case.post
    if kind and not (parent_id or case.here.staff):
        _refuse_many(session, case, kind)
    parent = find(session, post, parent_id) if parent_id else None
    if parent and not queries.hears(session, post, parent.id, case.actor, case.here):
        raise NotFound
    names = writing.mentioned(session, post.code, body, case.actor.id or 0)
    now = clock.now()
    written = Comment(
        post_id=post.id,
        parent_id=(parent.parent_id or parent.id) if parent else None,
        author_id=case.actor.id,
        author_role=office_of(case),
        kind=kind,
        body=body,
        rendered=render(body, mention=writing.links_to(names)),
        created_at=now,
    )
    session.add(written)
    session.flush()
    count(session, post, +1)
    post.activity_at = now
    tell(session, events.CommentWritten(post, written, tuple(names.values())))
    return written


def edit(session: Session, post: Post, written: Comment, actor: Actor, body: str) -> None:
    """Change one's own comment; the old words are kept."""
    if written.author_id != actor.id or written.deleted_at or written.moderation == "removed":
        raise Forbidden
    writing.keep_revision(session, post, actor, written)
    written.body = body
    written.rendered = render(body, mention=writing.mention_links(session, post.code, body, actor.id or 0))
    written.edited_at = clock.now()
    tell(session, events.CommentEdited(post, written))


def take_back(session: Session, post: Post, written: Comment, actor: Actor) -> None:
    """Delete one's own comment; its place in the talk stays, its words go."""
    if written.author_id != actor.id:
        raise Forbidden
    if written.deleted_at is None:
        written.deleted_at = clock.now()
        count(session, post, -1)
        tell(session, events.CommentDeleted(post, written))


def _refuse_many(session: Session, case: Case, kind: str) -> None:
    if session.scalar(_OF_ONE, {"post_id": case.post.id, "me": case.actor.id, "kind": kind}) >= MOST_OF_ONE:
        raise Conflict(
            _("You have written %(most)s of these here. Take one back, or hear the others.", most=MOST_OF_ONE)
        )


def find(session: Session, post: Post, comment_id: int) -> Comment:
    """A comment of this post, or NotFound."""
    found = session.get(Comment, comment_id)
    if found is None or found.post_id != post.id:
        raise NotFound
    return found


def count(session: Session, post: Post, change: int) -> None:
    """Keep the post's counter, race-free."""
    session.flush()
    kept = rows(session, _COUNTED, post_id=post.id, change=change).one()
    set_committed_value(post, "comment_count", kept.comment_count)
    set_committed_value(post, "version", kept.version)


_POSTS: Any = Post.__table__
_COUNTED = (
    update(_POSTS)
    .where(_POSTS.c.id == bindparam("post_id"))
    .values(comment_count=_POSTS.c.comment_count + bindparam("change"), version=_POSTS.c.version + 1)
    .returning(_POSTS.c.comment_count, _POSTS.c.version)
)
_OF_ONE: Any = select(func.count()).where(
    Comment.post_id == bindparam("post_id"),
    Comment.author_id == bindparam("me"),
    Comment.kind == bindparam("kind"),
    Comment.deleted_at.is_(None),
)
