"""One table of posts for all boards, and what hangs on a post."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field

from shequtong.lib.db import BigId, Table, UtcDateTime, primary_key

_KEPT = {"sqlite_where": text("deleted_at IS NULL"), "postgresql_where": text("deleted_at IS NULL")}
_WAITING = {
    "sqlite_where": text("moderation = 'held' AND deleted_at IS NULL"),
    "postgresql_where": text("moderation = 'held' AND deleted_at IS NULL"),
}
_ASSIGNED = {
    "sqlite_where": text("assignee_id IS NOT NULL AND deleted_at IS NULL"),
    "postgresql_where": text("assignee_id IS NOT NULL AND deleted_at IS NULL"),
}
_DUE = {"sqlite_where": text("due_at IS NOT NULL"), "postgresql_where": text("due_at IS NOT NULL")}
_OWED = {"sqlite_where": text("owed_at IS NOT NULL"), "postgresql_where": text("owed_at IS NOT NULL")}


class Post(Table, table=True):
    """A post of any board. `Board.move` is the only writer of `state`.

    `audience` is who may read it: public, community, building, or parties (author, handler, assignee, deputy, staff).
    `handler` is the role that has it in hand, `assignee_id` the person, `deputy_id` who stands beside that person:
    the back-up who was called, who is asked to take it over, or who had it before. `photos` are
    [id, width, height, alt] in order. `due_at` is when the clock takes its transition. `activity_at` orders every
    list. `owed` is what is waited for (first_reply, resolve, waiting), until `owed_at`, from `owed_by_id`; `raised`
    is the office up to which its lateness was told. They are a copy of the open rows of `duty`, kept by
    `core/duties`. `carries` are the names of what hangs on it, such as a gathering: see `hanging`.
    """

    __tablename__ = "post"
    __table_args__: ClassVar[Any] = (
        Index("ix_post_board", "code", "board", "pinned", "activity_at", "id", **_KEPT),
        Index("ix_post_community", "code", "activity_at", "id", **_KEPT),
        Index("ix_post_state", "code", "board", "state", "activity_at", "id", **_KEPT),
        Index("ix_post_building", "building_id", "activity_at", "id", **_KEPT),
        Index("ix_post_author", "author_id", "activity_at", "id", **_KEPT),
        Index("ix_post_assignee", "assignee_id", "activity_at", "id", **_ASSIGNED),
        Index("ix_post_held", "code", "id", **_WAITING),
        Index("ix_post_due", "due_at", **_DUE),
        Index("ix_post_owed", "owed_at", "code", **_OWED),
        CheckConstraint("audience IN ('public', 'community', 'building', 'parties')", name="audience"),
        CheckConstraint("moderation IN ('clear', 'held', 'hidden', 'removed')", name="moderation"),
    )

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    board: str
    kind: str = ""
    state: str
    author_id: int = Field(foreign_key="account.id")
    author_role: str = ""
    title: str
    body: str = ""
    rendered: str = ""
    excerpt: str = ""
    photos: list[Any] = Field(default_factory=list, sa_type=JSON)
    building_id: int | None = Field(default=None, foreign_key="building.id")
    audience: str = "community"
    handler: str | None = None
    assignee_id: int | None = Field(default=None, foreign_key="account.id")
    deputy_id: int | None = Field(default=None, sa_type=BigId)
    moderation: str = "clear"
    pinned: bool = False
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    owed: str = ""
    owed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    owed_by_id: int | None = Field(default=None, sa_type=BigId)
    raised: str = ""
    carries: list[str] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": text("'[]'")}
    )
    comment_count: int = 0
    reaction_count: int = 0
    link_count: int = 0
    version: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)
    activity_at: datetime = Field(sa_type=UtcDateTime)
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PostTransition(Table, table=True):
    """Who moved a post from which state to which, why and when. `by_id` is empty when the clock did."""

    __tablename__ = "post_transition"
    __table_args__: ClassVar[Any] = (Index("ix_post_transition_post_id", "post_id", "id"),)

    id: int = primary_key()
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE")
    name: str
    source: str | None = None
    target: str
    by_id: int | None = Field(default=None, foreign_key="account.id")
    reason: str = ""
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(sa_type=UtcDateTime)


class Participation(Table, table=True):
    """Somebody took part in a post (confirmed, co-signed, "me too"): once for each `unit`, such as d17 or a4."""

    __tablename__ = "participation"
    __table_args__: ClassVar[Any] = (Index("ix_participation_account_id", "account_id"),)

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    name: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    building_id: int | None = Field(default=None, foreign_key="building.id")
    note: str = ""
    at: datetime = Field(sa_type=UtcDateTime)


class Comment(Table, table=True):
    """A word on a post. An answer to another comment names it in `parent_id`; there is one level of answers.

    One with a `kind` has a place of its own on its board's pages, and is left out of the talk below the post.
    """

    __tablename__ = "comment"
    __table_args__: ClassVar[Any] = (
        Index("ix_comment_post_id", "post_id", "id"),
        Index("ix_comment_author_id", "author_id", "id"),
        Index("ix_comment_held", "post_id", **_WAITING),
        CheckConstraint("moderation IN ('clear', 'held', 'hidden', 'removed')", name="moderation"),
    )

    id: int = primary_key()
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE")
    parent_id: int | None = Field(default=None, foreign_key="comment.id")
    author_id: int = Field(foreign_key="account.id")
    author_role: str = ""
    kind: str = Field(default="", sa_column_kwargs={"server_default": ""})
    body: str
    rendered: str
    moderation: str = "clear"
    created_at: datetime = Field(sa_type=UtcDateTime)
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Revision(Table, table=True):
    """What a post or comment said before it was edited."""

    __tablename__ = "revision"
    __table_args__: ClassVar[Any] = (Index("ix_revision_post_id", "post_id", "id"),)

    id: int = primary_key()
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE")
    comment_id: int | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE")
    title: str = ""
    body: str
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)


class Reaction(Table, table=True):
    """One reaction of a person to a post."""

    __tablename__ = "reaction"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    kind: str
    at: datetime = Field(sa_type=UtcDateTime)


class ReadMark(Table, table=True):
    """How far a person has read a post: everything before `at`."""

    __tablename__ = "read_mark"

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcDateTime)


class Link(Table, table=True):
    """Lineage: `parent` led to `child`. Both ends show it."""

    __tablename__ = "link"
    __table_args__: ClassVar[Any] = (Index("ix_link_child_id", "child_id"),)

    parent_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    child_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)


class BoardTally(Table, table=True):
    """Kept counters of one board of one community, so that no page counts posts."""

    __tablename__ = "board_tally"

    code: str = Field(primary_key=True, foreign_key="division.code")
    board: str = Field(primary_key=True)
    posts: int = 0
    open_posts: int = 0
    activity_at: datetime = Field(sa_type=UtcDateTime)
