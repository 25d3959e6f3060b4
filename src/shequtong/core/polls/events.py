"""What happens to polls, for those above who listen (see `main.SUBSCRIBERS`)."""

from __future__ import annotations

from dataclasses import dataclass

from shequtong.core.posts.models import Post


@dataclass(frozen=True)
class PollClosed:
    """No sheet is taken any more, and these accounts, who answered or asked, can read the results."""

    post: Post
    accounts: tuple[int, ...]
