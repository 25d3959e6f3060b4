"""Comments: written, answered, edited, taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session

from shequtong.core.identity.actor import Actor
from shequtong.core.posts import events, queries, writing
from shequtong.core.posts.board import office_of
from shequtong.core.posts.models import Comment, Post
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import clock
from shequtong.lib.db import rows
from shequtong.lib.errors import Forbidden, NotFound
from shequtong.lib.events import publish as tell
from shequtong.lib.markdown import render


def comment(session: Session, case: Case, body: str, parent_id: int | None = None, kind: str = "") -> Comment:
    """Add a comment to the case's post; an answer to an answer hangs on the first one."""
    if not allows(case, "comment"):
        raise Forbidden
    post: Post = case.post
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
