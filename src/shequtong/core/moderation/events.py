"""What moderation tells those who notify."""

from __future__ import annotations

from dataclasses import dataclass

from shequtong.core.moderation.models import Appeal, Decision
from shequtong.core.posts.models import Comment, Post


@dataclass(frozen=True)
class Released:
    """A post or comment that was held before any neighbour saw it is shown for the first time."""

    post: Post
    comment: Comment | None


@dataclass(frozen=True)
class Decided:
    """A moderator decided on a post, or on a comment of it."""

    post: Post
    decision: Decision


@dataclass(frozen=True)
class Appealed:
    """An author asked another person to look again."""

    post: Post
    decision: Decision
    appeal: Appeal


@dataclass(frozen=True)
class AppealDecided:
    """The appeal was upheld or dismissed (`appeal.state`)."""

    post: Post
    decision: Decision
    appeal: Appeal
