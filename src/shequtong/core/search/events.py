"""What happens to searches, for those above who listen (see `main.SUBSCRIBERS`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NothingFound:
    """Somebody who belongs to the committee `code` looked for these words, and the handbook has none of them."""

    code: str
    words: str
    account_id: int
