"""By what a line of money is known again, when a table that was sent holds it once more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import blake2b


def mark_of(dated: date | None, title: str, direction: str, amount: Decimal, with_whom: str) -> str:
    """The fingerprint of a line: the same for a row of a table and for what was entered by hand."""
    told = (str(dated or ""), title, direction, f"{amount:.2f}", with_whom)
    return blake2b("\n".join(told).encode(), digest_size=12).hexdigest()
