"""What happens to rounds, for those above who listen (see `main.SUBSCRIBERS`)."""

from __future__ import annotations

from dataclasses import dataclass

from shequtong.core.ballots.models import Round
from shequtong.core.posts.models import Post


@dataclass(frozen=True)
class RoundCounted:
    """A round was counted: `round.result` is adopted, rejected or no_quorum. `by_id` is empty for the clock."""

    post: Post
    round: Round
    by_id: int | None
