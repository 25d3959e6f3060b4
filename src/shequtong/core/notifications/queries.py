"""The inbox: newest first, with an end."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from shequtong.core.communities.models import Division
from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.core.notifications.models import Notification
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import reads
from shequtong.lib.db import rows
from shequtong.lib.pagination import Page, before, decode, page

PAGE = 20


def inbox(session: Session, actor: Actor, cursor: str | None = None) -> Page[Any]:
    """One page of what this person was told."""
    after = decode(cursor)
    columns: tuple[Any, ...] = (
        Notification.id,
        Notification.kind,
        Notification.code,
        Notification.post_id,
        Notification.comment_id,
        Notification.note,
        Notification.count,
        Notification.at,
        Notification.read_at,
        Account.name.label("actor_name"),
        Division.name.label("community_name"),
        Post.board,
        Post.kind.label("post_kind"),
        Post.title,
        Post.state,
        Post.author_id,
        Post.assignee_id,
        Post.deputy_id,
        Post.handler,
        Post.audience,
        Post.building_id,
        Post.moderation,
        Post.deleted_at,
    )
    statement = (
        select(*columns)
        .select_from(Notification)
        .outerjoin(Post, Post.id == Notification.post_id)
        .outerjoin(Account, Account.id == Notification.actor_id)
        .outerjoin(Division, Division.code == Notification.code)
        .where(Notification.account_id == bindparam("me"), *before(Notification.at, Notification.id, after))
        .order_by(Notification.at.desc(), Notification.id.desc())
        .limit(PAGE + 1)
    )
    found = rows(session, statement, me=actor.id).all()
    return page(found, PAGE, lambda row: (row.at, row.id))


_UNREAD_ABOUT = select(func.count()).where(
    Notification.account_id == bindparam("me"),
    Notification.post_id == bindparam("post_id"),
    Notification.read_at.is_(None),
)


def unread_about(session: Session, actor: Actor, post_id: int) -> int:
    """How many unread lines this person has about a post."""
    return int(rows(session, _UNREAD_ABOUT, me=actor.id, post_id=post_id).scalar_one())


def still_readable(actor: Actor, row: Any) -> bool:
    """May they still read the post they were told about? What they may not is named no more."""
    return row.post_id is None or (
        row.deleted_at is None and reads(row, actor.id, Standing.of(actor, row.code))
    )


def find(session: Session, account_id: int, notification_id: int) -> Any | None:
    """A notification of this account with the board of its post."""
    return session.execute(
        select(Notification, Post.board)
        .outerjoin(Post, Post.id == Notification.post_id)
        .where(Notification.id == notification_id, Notification.account_id == account_id)
    ).first()
