"""When somebody is forgotten: what nobody else has read goes, what others answered stays without a name."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlmodel import Session

from shequtong.core.identity.events import AccountErased
from shequtong.core.posts.models import Post, ReadMark
from shequtong.lib import clock

EMPTY = {"title": "", "body": "", "rendered": "", "excerpt": "", "photos": []}


def forget(session: Session, erased: AccountErased) -> None:
    """Empty their drafts and what they had deleted themselves; drop how far they have read."""
    drafts = Post.author_id == erased.account_id, Post.state == "draft", Post.deleted_at.is_(None)
    session.execute(update(Post).where(*drafts).values(deleted_at=clock.now()))
    session.execute(
        update(Post).where(Post.author_id == erased.account_id, Post.deleted_at.is_not(None)).values(**EMPTY)
    )
    session.execute(delete(ReadMark).where(ReadMark.account_id == erased.account_id))
