"""A round of ballots and everything that hangs on it.

Areas are whole square centimetres: 88.50 m² is 885,000. What a secret round keeps of a voter and what it keeps of
a ballot stand in tables that share no column but the round.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from shequtong.lib.db import BigId, Table, UtcDateTime, primary_key

_OPEN = {"sqlite_where": text("state = 'open'"), "postgresql_where": text("state = 'open'")}
_NO_ORDER = {"sqlite_with_rowid": False}
"""SQLite would number the rows in the order they came."""


class Round(Table, table=True):
    """One vote on a post. Its question, options, rule, roll, secrecy and times never change (triggers hold them).

    `options` are [key, label] in order. `buildings` are those that vote, empty for all. `proxies` is for how many
    other dwellings one person may vote. It closes at `closes_at`; `closed_at` says that this was seen, so that no
    clock that is set back opens it again. `count_at` is when it is counted at the latest: with `papers`, three days
    later. `roll_*` and `voted_*` are kept sums. `seal` is the key of the secret ballots while it is open.
    `tally` is {option: [dwellings, area]}; `pooled` the part of it whose ballots are published without their area.
    """

    __tablename__ = "ballot_round"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("post_id", "number"),
        Index("ix_ballot_round_due", "count_at", **_OPEN),
        CheckConstraint("state IN ('open', 'counted')", name="state"),
        CheckConstraint("NOT (secret AND papers)", name="papers"),
        CheckConstraint("proxies >= 0", name="proxies"),
    )

    id: int = primary_key()
    post_id: int = Field(foreign_key="post.id")
    number: int
    code: str = Field(foreign_key="division.code")
    question: str
    options: list[list[str]] = Field(sa_type=JSON)
    rule: str
    secret: bool
    papers: bool
    proxies: int = 0
    buildings: list[int] = Field(default_factory=list, sa_type=JSON)
    scope: str
    place: str = ""
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closes_at: datetime = Field(sa_type=UtcDateTime)
    count_at: datetime = Field(sa_type=UtcDateTime)
    roll_heads: int
    roll_area: int = Field(sa_type=BigId)
    voted_heads: int = 0
    voted_area: int = Field(default=0, sa_type=BigId)
    seal: str = ""
    state: str = "open"
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    counted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    result: str = ""
    carried: str = ""
    tally: dict[str, list[int]] = Field(default_factory=dict, sa_type=JSON)
    pooled: dict[str, list[int]] = Field(default_factory=dict, sa_type=JSON)
    digest: str = ""


class RollEntry(Table, table=True):
    """A dwelling that may vote, as it was when the round opened (V2). `number` is drawn by lot and says nothing."""

    __tablename__ = "ballot_roll"
    __table_args__: ClassVar[Any] = (UniqueConstraint("round_id", "number"),)

    round_id: int = Field(primary_key=True, foreign_key="ballot_round.id")
    dwelling_id: int = Field(primary_key=True, foreign_key="dwelling.id")
    building_id: int = Field(foreign_key="building.id")
    number: int
    area: int = Field(sa_type=BigId)


class Voter(Table, table=True):
    """Somebody who may vote for a dwelling of the roll, as it was when the round opened (V2)."""

    __tablename__ = "ballot_voter"
    __table_args__: ClassVar[Any] = (Index("ix_ballot_voter_account_id", "account_id", "round_id"),)

    round_id: int = Field(primary_key=True, foreign_key="ballot_round.id")
    dwelling_id: int = Field(primary_key=True, foreign_key="dwelling.id")
    account_id: int = Field(primary_key=True, foreign_key="account.id")


class Mandate(Table, table=True):
    """A written power to vote for a dwelling. `given_by_id` is its owner, or who recorded a paper (`on_paper`)."""

    __tablename__ = "ballot_mandate"
    __table_args__: ClassVar[Any] = (Index("ix_ballot_mandate_holder_id", "holder_id", "round_id"),)

    round_id: int = Field(primary_key=True, foreign_key="ballot_round.id")
    dwelling_id: int = Field(primary_key=True, foreign_key="dwelling.id")
    holder_id: int = Field(foreign_key="account.id")
    given_by_id: int = Field(foreign_key="account.id")
    on_paper: bool = False
    at: datetime = Field(sa_type=UtcDateTime)


class Turnout(Table, table=True):
    """A dwelling took part: the one row there is for each (V1). It knows the day and no finer time (V3).

    `way` is online, proxy or paper; `twice` when it voted online and on paper, and the online ballot counts.
    """

    __tablename__ = "ballot_turnout"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("way IN ('online', 'proxy', 'paper')", name="way"),
        _NO_ORDER,
    )

    round_id: int = Field(primary_key=True, foreign_key="ballot_round.id")
    dwelling_id: int = Field(primary_key=True, foreign_key="dwelling.id")
    way: str
    on_day: date
    twice: bool = False


class Ballot(Table, table=True):
    """An open ballot that was cast online. `version` grows with each change of mind."""

    __tablename__ = "ballot"

    round_id: int = Field(primary_key=True, foreign_key="ballot_round.id")
    dwelling_id: int = Field(primary_key=True, foreign_key="dwelling.id")
    choice: str
    by_id: int = Field(foreign_key="account.id")
    version: int = 1
    at: datetime = Field(sa_type=UtcDateTime)


class SealedBallot(Table, table=True):
    """A secret ballot in the urn: no voter, dwelling, time or order (V3), and unreadable until the count."""

    __tablename__ = "ballot_sealed"

    id: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    round_id: int = Field(foreign_key="ballot_round.id", index=True)
    content: bytes = Field(sa_type=LargeBinary)


class SecretBallot(Table, table=True):
    """A secret ballot after the count, found by the mark of its receipt. `area` is empty for one that is pooled."""

    __tablename__ = "ballot_secret"
    __table_args__: ClassVar[Any] = (_NO_ORDER,)

    round_id: int = Field(primary_key=True, foreign_key="ballot_round.id")
    mark: str = Field(primary_key=True)
    choice: str
    area: int | None = Field(default=None, sa_type=BigId)


class PaperBallot(Table, table=True):
    """A paper ballot of an open round as one person read it; it counts when two have read the same (V7)."""

    __tablename__ = "ballot_paper"

    round_id: int = Field(primary_key=True, foreign_key="ballot_round.id")
    dwelling_id: int = Field(primary_key=True, foreign_key="dwelling.id")
    by_id: int = Field(primary_key=True, foreign_key="account.id")
    choice: str
    at: datetime = Field(sa_type=UtcDateTime)


class RoundEvent(Table, table=True):
    """What happened to a round, never a single secret ballot. Each row holds the digest of the one before.

    Triggers of both databases refuse every change and deletion.
    """

    __tablename__ = "ballot_event"

    round_id: int = Field(primary_key=True, foreign_key="ballot_round.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    by_id: int | None = Field(default=None, foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)
    previous: str
    digest: str
