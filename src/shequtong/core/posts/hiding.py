"""The one way in which a post or comment is held, hidden, removed or shown again."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session

from shequtong.core.posts import events
from shequtong.core.posts.models import Comment, Post
from shequtong.lib.events import publish as tell


def change(session: Session, post: Post, comment: Comment | None, before: str, after: str) -> bool:
    """From one moderation state to another; False when somebody else changed it first."""
    table, item = (Comment, comment) if comment else (Post, post)
    session.flush()
    done = session.execute(
        update(table)
        .where(table.id == item.id, table.moderation == before)
        .values(moderation=after)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        return False
    session.refresh(item, ["moderation"])
    post.version += 1
    if before != after:
        tell(session, events.VisibilityChanged(post, comment, before))
    return True
