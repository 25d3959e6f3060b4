"""What the kept figures of one place or category add up to."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from shequtong.core.statistics.weighing import MEASURES


@dataclass
class Figures:
    """Measures of some weeks, and what is open and overdue now."""

    received: int = 0
    replied_in_time: int = 0
    replied_late: int = 0
    answered_in_time: int = 0
    answered_late: int = 0
    reopened: int = 0
    ratings: int = 0
    rating_sum: int = 0
    open: int = 0
    overdue: int = 0

    def add(self, row: Any) -> None:
        """Add the measures of a row of weeks."""
        for measure in MEASURES:
            setattr(self, measure, getattr(self, measure) + getattr(row, measure))

    @property
    def replied(self) -> int:
        return self.replied_in_time + self.replied_late

    @property
    def answered(self) -> int:
        return self.answered_in_time + self.answered_late

    @property
    def anything(self) -> bool:
        """Did anything happen, or is anything open?"""
        return any(getattr(self, one.name) for one in fields(self))
