"""What a proposal has that other posts lack, stage by stage."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import Numeric
from sqlmodel import Field

from shequtong.lib.db import Table


class Proposal(Table, table=True):
    """What each stage added. Areas are in square metres, the budget in yuan, both exact.

    `cosigners` and `cosigning_buildings` are kept counts. The figures are of the latest vote; those of a first one
    without quorum stay in its transition's facts.
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

    voting_rule: str = ""
    vote_until: date | None = None
    vote_place: str = ""
    rounds: int = 0
    dwellings: int | None = None
    dwellings_voting: int | None = None
    dwellings_for: int | None = None
    area: Decimal | None = Field(default=None, sa_type=Numeric(12, 2))
    area_voting: Decimal | None = Field(default=None, sa_type=Numeric(12, 2))
    area_for: Decimal | None = Field(default=None, sa_type=Numeric(12, 2))
    paper_record: str = ""

    outcome: str = ""
    outcome_text: str = ""
    lead: str = ""
    budget: Decimal | None = Field(default=None, sa_type=Numeric(12, 2))
    due_on: date | None = None
    report: str = ""
    rating: int | None = None
    review: str = ""
