"""What a proposal has that other posts lack, stage by stage."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Index, SmallInteger
from sqlmodel import Field

from shequtong.lib.db import BigId, Table, UtcDateTime, primary_key


def _names() -> Any:
    """A list of words that is empty for proposals of earlier releases."""
    return Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})


class Proposal(Table, table=True):
    """What each stage added; money is in whole cents. What was voted stands with the ballots (`core.ballots`).

    `cosigners`, `cosigning_buildings` and the `rounds` of voting are kept counts. `affected_places` are buildings and
    compounds as `places.scopes` names them, none for the whole community, `affected_buildings` the same by number;
    `invited_offices` may speak here. `article` is the number that the text has in the covenant. `rated_homes` have
    given `rated_stars` in all; on `review_on` it is looked at again, of which `review_told` says that it was told.
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
    affected_places: list[str] = _names()
    affected_buildings: list[int] = _names()
    invited: str = ""
    invited_offices: list[str] = _names()
    minutes: str = ""
    wording: str = ""
    objections_until: date | None = None
    objections: str = ""

    rounds: int = 0

    outcome: str = ""
    outcome_text: str = ""
    article: int | None = None
    lead: str = ""
    lead_id: int | None = Field(default=None, foreign_key="account.id")
    funder: str = ""
    budget_cents: int | None = Field(default=None, sa_type=BigId)
    spent_cents: int = Field(default=0, sa_type=BigId)
    referred_to: str = ""
    answer: str = ""
    due_on: date | None = None
    report: str = ""
    rated_homes: int = 0
    rated_stars: int = 0
    review_on: date | None = None
    review_told: bool = False
    review: str = ""

    @property
    def budget(self) -> Decimal | None:
        """In yuan."""
        return None if self.budget_cents is None else Decimal(self.budget_cents) / 100


class Milestone(Table, table=True):
    """A step of a project, to be done by a day; `done_on` says when it was."""

    __tablename__ = "hall_milestone"

    id: int = primary_key()
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE", index=True)
    title: str
    due_on: date
    done_on: date | None = None


class Expense(Table, table=True):
    """Money of a project that was paid, or came back when `cents` is negative. What stands here is never changed."""

    __tablename__ = "hall_expense"

    id: int = primary_key()
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE", index=True)
    paid_on: date
    purpose: str
    cents: int = Field(sa_type=BigId)
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)


class Rating(Table, table=True):
    """How a home judges what was done, 1 to 5; `account_id` is who of it spoke last."""

    __tablename__ = "hall_rating"
    __table_args__: ClassVar[Any] = (
        Index("ix_hall_rating_account_id", "account_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    )

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    dwelling_id: int = Field(primary_key=True, foreign_key="dwelling.id")
    account_id: int | None = Field(default=None, foreign_key="account.id")
    stars: int = Field(sa_type=SmallInteger)
    at: datetime = Field(sa_type=UtcDateTime)


class Remark(Table, table=True):
    """A comment that has its place in the hall: a statement, a reason for or against, or an objection (its `kind`).

    A reason is about the option of this number, counted from 1. `reply_id` is the committee's answer, a comment
    too: it puts a statement aside and deals with an objection. `answers` is how many have answered a statement or
    are convinced by a reason.
    """

    __tablename__ = "hall_remark"
    __table_args__: ClassVar[Any] = (Index("ix_hall_remark_post_id", "post_id", "answers", "comment_id"),)

    comment_id: int = Field(primary_key=True, foreign_key="comment.id", ondelete="CASCADE")
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE")
    option: int | None = None
    reply_id: int | None = Field(default=None, foreign_key="comment.id", ondelete="SET NULL")
    answers: int = 0


class Answer(Table, table=True):
    """What one person thinks of a statement: 1 agrees, -1 disagrees, 0 passes; 1 also for a reason that convinces."""

    __tablename__ = "hall_answer"
    __table_args__: ClassVar[Any] = (
        Index("ix_hall_answer_post_id", "post_id", "at"),
        Index("ix_hall_answer_account_id", "account_id"),
        CheckConstraint("choice IN (1, 0, -1)", name="choice"),
    )

    comment_id: int = Field(primary_key=True, foreign_key="hall_remark.comment_id", ondelete="CASCADE")
    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE")
    choice: int = Field(sa_type=SmallInteger)
    at: datetime = Field(sa_type=UtcDateTime)


class Consensus(Table, table=True):
    """What is agreed on, as it was last worked out (`at`): the ids and words that the page shows, nothing finer.

    `answers` counts every answer given or changed; `counted` is how far it had come then.
    """

    __tablename__ = "hall_consensus"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    answers: int = 0
    counted: int = 0
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    found: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Wording(Table, table=True):
    """A version of the text that will be voted on, and why it reads so. `changes` are those from the version before.

    `amendment_id` is the proposed change that it took in, where there is one.
    """

    __tablename__ = "hall_wording"

    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    words: str
    why: str = ""
    changes: list[list[str]] = Field(sa_type=JSON)
    amendment_id: int | None = Field(default=None, foreign_key="hall_remark.comment_id", ondelete="SET NULL")
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)


class Amendment(Table, table=True):
    """What somebody wants the text to say: all its `words`, changed from those of a version (`based_on`).

    The remark says why and holds what is new; its reply is the committee's reason, and declines it unless `accepted`.
    """

    __tablename__ = "hall_amendment"
    __table_args__: ClassVar[Any] = (Index("ix_hall_amendment_post_id", "post_id"),)

    comment_id: int = Field(primary_key=True, foreign_key="hall_remark.comment_id", ondelete="CASCADE")
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE")
    based_on: int
    words: str
    why: str
    changes: list[list[str]] = Field(sa_type=JSON)
    accepted: bool = False
