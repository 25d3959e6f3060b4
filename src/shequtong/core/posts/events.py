"""What happens to posts, for those above who listen (see `main.SUBSCRIBERS`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from shequtong.core.posts.models import Comment, Post, PostTransition

if TYPE_CHECKING:
    from shequtong.core.communities.visiting import Visit


@dataclass(frozen=True)
class PostPublished:
    """A post went out to those it is for: it was written, or what had been a draft was opened to readers."""

    post: Post


@dataclass(frozen=True)
class PostEdited:
    """Title or body of a post changed."""

    post: Post


@dataclass(frozen=True)
class PostDeleted:
    """Its author took a post back."""

    post: Post


@dataclass(frozen=True)
class PostOpened:
    """Somebody who is signed in has the page of a post before them."""

    post: Post
    visit: Visit


@dataclass(frozen=True)
class PostMoved:
    """A post went from one state to another; `by_id` is empty when the clock moved it."""

    post: Post
    transition: PostTransition


@dataclass(frozen=True)
class TookPart:
    """Somebody took part in a post through the transition `name`."""

    post: Post
    name: str
    account_id: int


@dataclass(frozen=True)
class CommentWritten:
    """A comment was written; `mentioned` are the accounts it names."""

    post: Post
    comment: Comment
    mentioned: tuple[int, ...] = ()


@dataclass(frozen=True)
class AnswersOwed:
    """What the committee owes an answer to on a post changed: the oldest waits `since` then, or nothing waits."""

    post: Post
    since: datetime | None


@dataclass(frozen=True)
class CommentEdited:
    post: Post
    comment: Comment


@dataclass(frozen=True)
class CommentDeleted:
    post: Post
    comment: Comment


@dataclass(frozen=True)
class Reacted:
    """Somebody reacted to a post for the first time."""

    post: Post
    account_id: int
    kind: str


@dataclass(frozen=True)
class PostsLinked:
    """`child` grew out of `parent`."""

    parent: Post
    child: Post
    by_id: int


@dataclass(frozen=True)
class VisibilityChanged:
    """A moderator (or a rule) changed who sees a post or one of its comments."""

    post: Post
    comment: Comment | None
    before: str
