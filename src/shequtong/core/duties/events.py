"""What happens to duties, for those above who listen (see `main.SUBSCRIBERS`)."""

from __future__ import annotations

from dataclasses import dataclass

from shequtong.core.duties.models import Duty
from shequtong.core.posts.models import Post


@dataclass(frozen=True)
class DutyRaised:
    """A duty is late, and `office` (secretary, street or district) is told of it, this once."""

    post: Post
    duty: Duty
    office: str


@dataclass(frozen=True)
class DutyEnding:
    """The last part of a duty's time has begun, and who looks after it is told, this once."""

    post: Post
    duty: Duty


@dataclass(frozen=True)
class DutiesChanged:
    """What is owed for a post began, stopped, goes on, or is over."""

    post: Post
