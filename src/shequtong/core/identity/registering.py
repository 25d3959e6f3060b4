"""A new account: its login name, its phone number, and nothing that tells who else has one."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from shequtong.core.identity.models import Account
from shequtong.lib import clock, crypto
from shequtong.lib.i18n import lazy_gettext as _l

COUNTRY = "CN"
"""Whose numbers may be written without a country code."""

NO_PASSWORD = ""
"""Fits no password; the account waits for its one-time link."""

_LOGIN = re.compile(r"[^\W_][\w.-]*")


def fold_login(typed: str) -> str:
    """A login name as it is kept: one spelling for capitals and wide letters."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def login_mistake(login: str) -> Any:
    """What is wrong with a folded login name for a new account, or None.

    A phone number is refused: a taken login name is told, and nobody shall learn whose phone is known here.
    """
    if not 2 <= len(login) <= 32:
        return _l("A login name has 2 to 32 characters.")
    if not _LOGIN.fullmatch(login):
        return _l("Use letters, digits, Chinese characters, dots and hyphens only.")
    if login.isdigit():
        return _l("Use more than digits, so that nobody can tell your phone number from it.")
    return None


def normal_phone(typed: str) -> str | None:
    """A phone number in international form (+8613812341234), or None when it is none."""
    try:
        number = phonenumbers.parse(typed, COUNTRY)
    except NumberParseException:
        return None
    return (
        phonenumbers.format_number(number, PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(number)
        else None
    )


def phone_index(phone: str) -> str:
    """What finds the accounts of a normal phone number."""
    return crypto.keyring().blind_index(phone, "phone")


def phone_indexes(phone: str) -> list[str]:
    """What to look for while keys rotate."""
    return crypto.keyring().blind_indexes(phone, "phone")


def find_account(session: Session, login: str) -> Account | None:
    """The account with this login name, however it is typed."""
    return session.scalar(select(Account).where(Account.login == fold_login(login)))


def open_account(
    session: Session,
    login: str,
    name: str,
    hashed: str = NO_PASSWORD,
    *,
    real_name: str = "",
    phone: str = "",
) -> Account | None:
    """A new account, or None when somebody has the login name. Two accounts may share a phone: nobody is told."""
    account = Account(login=fold_login(login), name=name, password=hashed, created_at=clock.now())
    tell(account, real_name, phone)
    try:
        with session.begin_nested():
            session.add(account)
            session.flush()
    except IntegrityError:
        return None
    return account


def tell(account: Account, real_name: str, phone: str) -> None:
    """Keep a real name and a normal phone number, encrypted, where they are given."""
    if real_name:
        account.real_name = real_name
    if phone:
        if phone != account.phone:
            account.phone_since = clock.now()
        account.phone, account.phone_index = phone, phone_index(phone)
