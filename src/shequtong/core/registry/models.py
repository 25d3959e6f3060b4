"""People as a committee's registry keeps them, what marks them for a duty, every change, and tables that wait.

A person here is no account: many old people have none. Names, phone numbers and what was changed are encrypted; a
blind index finds them by equality. There is no number of an identity card, no sex and no day of birth: no duty of
the committee needs them here (Personal Information Protection Law, art. 6).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from shequtong.lib.crypto import EncryptedText
from shequtong.lib.db import Table, UtcDateTime, primary_key

LIVING = "lives"
STATES = (LIVING, "owner", "moved_out", "died")
"""Lives here; owns it and lives elsewhere; has moved out; has died."""
GONE = ("moved_out", "died")
RELATIONS = ("head", "spouse", "child", "parent", "grandchild", "kin", "lodger", "other")
"""What somebody is to the head of the household."""
OUTCOMES = ("well", "needs", "absent")
"""Of a visit: found well; needs something; nobody opened."""
SOURCES = ("form", "visit", "papers", "spreadsheet")


class Person(Table, table=True):
    """Somebody at a dwelling, with or without an account. Who also owns another flat has a row there too.

    `name_index` finds a name however it is spelled (see `finding`), `phone_index` a normal phone number as that of
    accounts does. `household_id` is empty for who does not live there. `since` is the day they came, as far as the
    committee knows; `left_on` the day they moved out or died.
    """

    __tablename__ = "registry_person"
    __table_args__: ClassVar[Any] = (
        Index("ix_registry_person_name", "code", "name_index"),
        Index("ix_registry_person_phone", "code", "phone_index"),
        Index("ix_registry_person_building", "building_id", "state"),
        Index("uq_registry_person_account", "dwelling_id", "account_id", unique=True),
        CheckConstraint("state IN ('lives', 'owner', 'moved_out', 'died')", name="state"),
    )

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    building_id: int = Field(foreign_key="building.id")
    dwelling_id: int = Field(foreign_key="dwelling.id")
    household_id: int | None = Field(default=None, foreign_key="household.id", index=True)
    name: str = Field(sa_type=EncryptedText)
    name_index: str
    phone: str | None = Field(default=None, sa_type=EncryptedText)
    phone_index: str | None = None
    birth_year: int | None = None
    relation: str = "other"
    state: str = LIVING
    source: str = "form"
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True, ondelete="SET NULL")
    since: date | None = None
    left_on: date | None = None
    at: datetime = Field(sa_type=UtcDateTime)


class Overlay(Table, table=True):
    """A person is on one of the lists that a duty needs (`overlays.OVERLAYS`): from when to when, and by what source.

    It holds while `ended_at` is empty and `until` has not passed. On `review_on` somebody asks whether it still does.
    """

    __tablename__ = "registry_overlay"
    __table_args__: ClassVar[Any] = (
        Index("ix_registry_overlay_kind", "code", "kind"),
        Index("ix_registry_overlay_person_id", "person_id"),
    )

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    person_id: int = Field(foreign_key="registry_person.id", ondelete="CASCADE")
    kind: str
    source: str
    since: date
    until: date | None = None
    review_on: date
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)
    ended_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Change(Table, table=True):
    """What was written about a person or a household: who, why, when. Never changed; goes only with its person.

    `facts` is JSON, encrypted: [[field, before, after], …]. `overlay` names the list when it is about one, so that
    only who may see that list reads it. A table that was sent is one act, without a person; what it wrote about each
    names that act in `import_id`.
    """

    __tablename__ = "registry_change"
    __table_args__: ClassVar[Any] = (
        Index("ix_registry_change_person_id", "person_id", "id"),
        Index("ix_registry_change_dwelling_id", "dwelling_id", "id"),
        Index("ix_registry_change_code", "code", "id"),
    )

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    person_id: int | None = Field(default=None, foreign_key="registry_person.id", ondelete="CASCADE")
    dwelling_id: int | None = Field(default=None, foreign_key="dwelling.id")
    name: str
    overlay: str = ""
    facts: str = Field(default="[]", sa_type=EncryptedText)
    reason: str = ""
    import_id: int | None = Field(default=None, foreign_key="registry_change.id")
    by_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    at: datetime = Field(sa_type=UtcDateTime)


class VisitPlan(Table, table=True):
    """How often somebody who lives alone is visited, and by whom. It rests while they are not on that list.

    `next_on` is the day by which the next visit is due. Somebody has one plan at a time; those that ended are kept.
    """

    __tablename__ = "registry_visit_plan"
    __table_args__: ClassVar[Any] = (
        Index("ix_registry_visit_plan_next", "code", "next_on"),
        Index(
            "uq_registry_visit_plan_present",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("every_days > 0", name="every_days"),
    )

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    person_id: int = Field(foreign_key="registry_person.id", ondelete="CASCADE")
    every_days: int
    who_id: int = Field(foreign_key="account.id")
    next_on: date
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PersonVisit(Table, table=True):
    """Somebody went to see a person who lives alone: how they were, and what was heard (encrypted)."""

    __tablename__ = "registry_visit"
    __table_args__: ClassVar[Any] = (
        Index("ix_registry_visit_person_id", "person_id", "visited_on"),
        CheckConstraint("outcome IN ('well', 'needs', 'absent')", name="outcome"),
    )

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    person_id: int = Field(foreign_key="registry_person.id", ondelete="CASCADE")
    visited_on: date
    outcome: str
    note: str = Field(default="", sa_type=EncryptedText)
    by_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)


class RegistryDelivery(Table, table=True):
    """A table of people that somebody has sent and nobody has confirmed yet: JSON of its rows and of what was decided
    about likely duplicates, encrypted."""

    __tablename__ = "registry_delivery"
    __table_args__: ClassVar[Any] = (Index("ix_registry_delivery_code", "code", "id"),)

    id: int = primary_key()
    code: str = Field(foreign_key="division.code")
    by_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    name: str
    rows: str = Field(sa_type=EncryptedText)
    decided: str = Field(default="{}", sa_type=EncryptedText)
    at: datetime = Field(sa_type=UtcDateTime)
