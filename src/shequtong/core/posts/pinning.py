"""Keeping a few posts at the top of their board."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session

from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case, allows
from shequtong.lib.errors import Conflict, Forbidden
from shequtong.lib.i18n import gettext as _

AT_MOST = 5
"""Pinned posts of one board of one community. They always fit on its first page."""


def pin(session: Session, case: Case) -> None:
    if not allows(case, "pin"):
        raise Forbidden
    post: Post = case.post
    there = select(func.count()).where(
        Post.code == post.code, Post.board == post.board, Post.pinned, Post.deleted_at.is_(None)
    )
    if not post.pinned and (session.scalar(there) or 0) >= AT_MOST:
        raise Conflict(_("Five posts are pinned here already. Take one down first."))
    post.pinned = True


def unpin(case: Case) -> None:
    if not allows(case, "pin"):
        raise Forbidden
    case.post.pinned = False
