"""What a proposal has that other posts lack, stage by stage."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import Numeric
from sqlmodel import Field

from shequtong.lib.db import Table


class Proposal(Table, table=True):
    """What each stage added; the budget is in yuan. What was voted stands with the ballots (`core.ballots`).

    `cosigners`, `cosigning_buildings` and the `rounds` of voting are kept counts.
    """

    __tablename__ = "hall_proposal"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    topic: str
    change: str

    cosigners: int = 0
    cosigning_buildings: int = 0
    refused_by_id: int | None = Field(default=None, foreign_key="account.id")
    refusal_reason: str = ""
    refusal: str = ""
    appeal: str = ""
    appeal_answer: str = ""

    options: str = ""
    cost: str = ""
    affected: str = ""
    invited: str = ""
    minutes: str = ""
    wording: str = ""
    objections_until: date | None = None
    objections: str = ""

    rounds: int = 0

    outcome: str = ""
    outcome_text: str = ""
    lead: str = ""
    budget: Decimal | None = Field(default=None, sa_type=Numeric(12, 2))
    due_on: date | None = None
    report: str = ""
    rating: int | None = None
    review: str = ""
