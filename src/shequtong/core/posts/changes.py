"""What the last rewriting of a post changed, for its readers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from shequtong.core.posts.models import Post, Revision
from shequtong.lib import differences
from shequtong.lib.db import ask, at_most

_LAST: Any = (
    select(Revision.title, Revision.body)
    .where(Revision.post_id == bindparam("post_id"), Revision.comment_id.is_(None))
    .order_by(Revision.id.desc())
    .limit(at_most(1))
)


def last_change(session: Session, post: Post) -> list[differences.Part]:
    """What was taken out and what was added, with a few words around each; nothing where nothing was rewritten."""
    before = next(iter(ask(session, _LAST, post_id=post.id)), None)
    if before is None:
        return []
    old, new = before.body, post.body
    if before.title != post.title:
        old, new = f"{before.title}\n{old}", f"{post.title}\n{new}"
    return differences.excerpt(differences.between(old, new))
