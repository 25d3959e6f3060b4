"""The tree of divisions, what stands in a committee's area, and who lives and serves there."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Index, Numeric, false, text
from sqlmodel import Field

from shequtong.lib.crypto import EncryptedText
from shequtong.lib.db import Table, UtcDateTime, primary_key

LEVELS = {2: "city", 6: "district", 9: "street", 12: "committee"}
"""Length of a division's code to its level (statistics bureau codes of 2023)."""

KINDS = ("owner", "tenant", "family")
OFFICES = (
    "clerk",
    "secretary",
    "lead",
    "property",
    "owners_committee",
    "organisation",
    "party_branch",
    "police",
    "doctor",
    "lawyer",
    "street",
    "district",
    "admin",
)


class Division(Table, table=True):
    """A city, district, street or town, or committee; a committee's division is a community.

    `boards_on` are the optional boards turned on here, `boards_off` those that are hidden, `board_names` by slug what
    some are called here instead of their usual name. `roster` are the hours in which somebody is on duty, as
    `lib.rosters` writes them; the usual ones when it is empty. `shares_matters` says that programs outside may read
    what is broken here and what becomes of it, without anybody's name (Open311).
    `second_look` says which notices two people of the committee see before they go out: "" none, "grave" or "all".
    """

    __tablename__ = "division"

    code: str = Field(primary_key=True, max_length=12)
    level: str = Field(index=True)
    name: str
    parent_code: str | None = Field(default=None, foreign_key="division.code", index=True)
    join_code: str | None = Field(default=None, unique=True)
    boards_on: list[str] = Field(default_factory=list, sa_type=JSON)
    boards_off: list[str] = Field(default_factory=list, sa_type=JSON)
    board_names: dict[str, str] = Field(
        default_factory=dict, sa_type=JSON, sa_column_kwargs={"server_default": "{}"}
    )
    hold_first_posts: int = 1
    report_threshold: int = 3
    roster: str = ""
    shares_matters: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    second_look: str = Field(default="", sa_column_kwargs={"server_default": ""})
    residents: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Compound(Table, table=True):
    """A 小区: buildings behind one gate."""

    __tablename__ = "compound"

    id: int = primary_key()
    code: str = Field(foreign_key="division.code", index=True)
    name: str


class Building(Table, table=True):
    """A building, named as residents name it (3号楼)."""

    __tablename__ = "building"
    __table_args__: ClassVar[Any] = (Index("uq_building_name", "compound_id", "name", unique=True),)

    id: int = primary_key()
    compound_id: int = Field(foreign_key="compound.id")
    code: str = Field(foreign_key="division.code", index=True)
    name: str
    sort: int = 0


class Dwelling(Table, table=True):
    """A flat: the unit of governance. `area` is in square metres, exact; the room is encrypted."""

    __tablename__ = "dwelling"
    __table_args__: ClassVar[Any] = (
        Index("uq_dwelling_room", "building_id", "room_index", unique=True),
        CheckConstraint("area >= 0", name="area"),
    )

    id: int = primary_key()
    building_id: int = Field(foreign_key="building.id")
    code: str = Field(foreign_key="division.code", index=True)
    room: str = Field(sa_type=EncryptedText)
    room_index: str
    area: Decimal = Field(default=Decimal(0), sa_type=Numeric(10, 2))


class Household(Table, table=True):
    """The people who live in a dwelling together, from one day to another."""

    __tablename__ = "household"
    __table_args__: ClassVar[Any] = (
        Index(
            "uq_household_present",
            "dwelling_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: int = primary_key()
    dwelling_id: int = Field(foreign_key="dwelling.id", index=True)
    since: date
    until: date | None = None


class Membership(Table, table=True):
    """An account's claim to belong to a dwelling, and what became of it.

    States: applied > approved | refused; conflict waits for the committee; approved > left | ended.
    An account has one live claim on a dwelling; the first approved owner is unique unless the committee
    decides a conflict in favour of both (`co_owner`). One of a dwelling speaks for its household.
    Only `joining` writes the state, and leaves a `MembershipTransition` each time.
    """

    __tablename__ = "membership"
    __table_args__: ClassVar[Any] = (
        Index(
            "uq_membership_live",
            "account_id",
            "dwelling_id",
            unique=True,
            sqlite_where=text("state IN ('applied', 'conflict', 'approved')"),
            postgresql_where=text("state IN ('applied', 'conflict', 'approved')"),
        ),
        Index(
            "uq_membership_owner",
            "dwelling_id",
            unique=True,
            sqlite_where=text("state = 'approved' AND kind = 'owner' AND NOT co_owner"),
            postgresql_where=text("state = 'approved' AND kind = 'owner' AND NOT co_owner"),
        ),
        Index(
            "uq_membership_representative",
            "dwelling_id",
            unique=True,
            sqlite_where=text("state = 'approved' AND representative"),
            postgresql_where=text("state = 'approved' AND representative"),
        ),
        Index("ix_membership_queue", "code", "state", "id"),
        Index("ix_membership_dwelling_id", "dwelling_id"),
        CheckConstraint("kind IN ('owner', 'tenant', 'family')", name="kind"),
    )

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    code: str = Field(foreign_key="division.code")
    building_id: int = Field(foreign_key="building.id", index=True)
    dwelling_id: int = Field(foreign_key="dwelling.id")
    household_id: int | None = Field(default=None, foreign_key="household.id")
    kind: str
    representative: bool = False
    co_owner: bool = False
    state: str = "applied"
    note: str = ""
    applied_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decision: str = ""
    suspended_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MembershipTransition(Table, table=True):
    """A step of a claim: who took it from which state to which, why and when. Never changed, never deleted."""

    __tablename__ = "membership_transition"

    id: int = primary_key()
    membership_id: int = Field(foreign_key="membership.id", index=True, ondelete="CASCADE")
    name: str
    source: str | None = None
    target: str
    by_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    reason: str = ""
    at: datetime = Field(sa_type=UtcDateTime)


class Appointment(Table, table=True):
    """An office somebody holds: over a division, or as a building lead over one building, between two days.

    Ended before its time, its last day is the one before; `ended_at` and `ended_by_id` say when and by whom.
    """

    __tablename__ = "appointment"
    __table_args__: ClassVar[Any] = (Index("ix_appointment_code", "code", "office"),)

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    office: str
    code: str = Field(foreign_key="division.code")
    building_id: int | None = Field(default=None, foreign_key="building.id")
    title: str = ""
    since: date
    until: date | None = None
    by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by_id: int | None = Field(default=None, foreign_key="account.id")


class ApiKey(Table, table=True):
    """What a program of `account_id` shows when it reports something in a community. Only its digest is kept.

    `name` says which program it is for. It works until it is withdrawn, and only as long as its holder belongs there.
    """

    __tablename__ = "api_key"
    __table_args__: ClassVar[Any] = (Index("uq_api_key_digest", "digest", unique=True),)

    id: int = primary_key()
    digest: str
    code: str = Field(foreign_key="division.code", index=True)
    account_id: int = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    name: str
    by_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    at: datetime = Field(sa_type=UtcDateTime)
    used_on: date | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
