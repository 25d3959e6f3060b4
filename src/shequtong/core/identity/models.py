"""Accounts, their sessions, and the record of who looked at whose data."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from shequtong.lib.crypto import EncryptedText
from shequtong.lib.db import BigId, Table, UtcDateTime, primary_key

THEMES = ("auto", "light", "dark", "contrast")
TEXTS = ("normal", "elder")


class Account(Table, table=True):
    """A person who can sign in. Neighbours see `name` and nothing else of this row.

    `login` is folded to lower case. `phone_index` finds an account by phone without holding the phone, and
    `phone_since` says who of several came first.
    """

    __tablename__ = "account"
    __table_args__: ClassVar[Any] = (
        Index("uq_account_login", "login", unique=True),
        Index("ix_account_phone_index", "phone_index"),
    )

    id: int = primary_key()
    login: str = Field(max_length=64)
    name: str = Field(max_length=32)
    password: str
    real_name: str | None = Field(default=None, sa_type=EncryptedText)
    phone: str | None = Field(default=None, sa_type=EncryptedText)
    phone_index: str | None = None
    phone_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    about: str = ""
    locale: str | None = None
    theme: str = "auto"
    text: str = "normal"
    unread: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignIn(Table, table=True):
    """A signed-in browser. The cookie holds a token; the row holds only its digest.

    `roles` sums up what its person was when the token was made: another sum, another token.
    """

    __tablename__ = "sign_in"

    digest: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    device: str = ""
    roles: str = Field(default="", sa_column_kwargs={"server_default": ""})


class OneTimeLink(Table, table=True):
    """A link that sets a password once, made by an operator or secretary; only its digest is kept."""

    __tablename__ = "one_time_link"

    digest: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Look(Table, table=True):
    """Somebody looked at a person's protected data; that person reads this under "who looked at my data".

    Who has no account is known by `person_id`, their number in the registry of residents. From the day they are tied
    to an account it stands in `account_id` too, and they read what was looked at before.
    """

    __tablename__ = "look"
    __table_args__: ClassVar[Any] = (
        Index("ix_look_account_id", "account_id", "id"),
        Index("ix_look_person_id", "person_id", "id"),
        CheckConstraint("account_id IS NOT NULL OR person_id IS NOT NULL", name="whose"),
    )

    id: int = primary_key()
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE")
    person_id: int | None = Field(default=None, sa_type=BigId)
    by_id: int = Field(foreign_key="account.id")
    what: str
    reason: str
    at: datetime = Field(sa_type=UtcDateTime)


class Submission(Table, table=True):
    """A form that took effect: the same form sent again is answered with the same place (R7)."""

    __tablename__ = "submission"

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    once: str = Field(primary_key=True, max_length=32)
    location: str
    at: datetime = Field(sa_type=UtcDateTime, index=True)
