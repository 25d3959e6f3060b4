"""Proving who one is with a password: slow on purpose, few at a time, and the same for whoever does not exist."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from shequtong.core.identity.models import Account
from shequtong.core.identity.registering import fold_login, normal_phone, phone_indexes
from shequtong.lib import cookies, crypto, passwords
from shequtong.lib.client_ip import client_ip, same_household
from shequtong.lib.errors import Busy, TooMany
from shequtong.lib.i18n import gettext as _
from shequtong.lib.throttle import SIGN_IN, Rate, Throttle
from shequtong.lib.web import transact

MOST_WAITING = 200
"""People waiting for their password to be looked at; the next is asked to come back."""
KNOWN_FOR = timedelta(days=365)
"""How long a browser that once proved an account counts for itself, whoever else shares its address."""


class Gate:
    """Lets in as many as can be looked at at once, and counts the bad tries of everybody (S1, S4)."""

    def __init__(self, throttle: Throttle) -> None:
        self._throttle = throttle
        self._turn = asyncio.Semaphore(passwords.threads())
        self._waiting = 0

    async def wait(self, key: str) -> int:
        """Seconds to wait until the next try under this key; 0 when it may be made."""
        return await run_in_threadpool(self._throttle.wait, key, SIGN_IN)

    async def allow(self, key: str, rate: Rate) -> int:
        """Seconds to wait before this may be done again; 0 when it may be done now, which is counted."""
        return await run_in_threadpool(self._throttle.allow, key, rate)

    async def count(self, key: str) -> None:
        await run_in_threadpool(self._throttle.allow, key, SIGN_IN)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        if self._waiting >= MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._turn:
                yield
        finally:
            self._waiting -= 1


async def prove(request: Request, login: str, password: str) -> Any | None:
    """The account whose password this is, or None. Raises TooMany after ten bad tries in five minutes.

    Tries are counted by address, except those of a browser that signed in to this very account before: it
    has a count of its own, so nobody who shares an address can lock its owner out.
    """
    gate: Gate = request.app.state.gate
    account = await transact(request, find, login)
    key = _counted_under(request, account)
    await _refuse_too_many(gate, key)
    async with gate.turn():
        await _refuse_too_many(gate, key)  # others may have failed while we waited
        if await passwords.verify_soon(account.password if account else None, password):
            return account
        await gate.count(key)
        return None


async def confirm(request: Request, account: Account, password: str) -> bool:
    """Is this the password of the account that is signed in? Raises TooMany like `prove`."""
    gate: Gate = request.app.state.gate
    key = f"confirm {account.id}"
    async with gate.turn():
        await _refuse_too_many(gate, key)
        if await passwords.verify_soon(account.password, password):
            return True
        await gate.count(key)
        return False


_phone_since = func.coalesce(Account.phone_since, Account.created_at)


def find(session: Session, login: str) -> Any | None:
    """The account of a login name or phone number, if it may sign in. Of several with a phone, the first who had it:

    nobody can take a neighbour's number from them by giving it as their own.
    """
    folded = fold_login(login)
    phone = normal_phone(login)
    by_phone = Account.phone_index.in_(phone_indexes(phone) if phone else [])
    return session.execute(
        select(Account.id, Account.login, Account.password, Account.theme, Account.text)
        .where(or_(Account.login == folded, by_phone), Account.disabled_at.is_(None), Account.password != "")
        .order_by((Account.login == folded).desc(), _phone_since, Account.id)
        .limit(1)
    ).first()


def recognise_next_time(request: Request, answer: Any, account_id: int) -> None:
    """Let this browser prove later that it once proved this account."""
    token = crypto.keyring().sign(str(account_id), "known browser", KNOWN_FOR)
    cookies.give(request, answer, "known", token, KNOWN_FOR)


def _counted_under(request: Request, account: Any | None) -> str:
    token = cookies.read(request, "known")
    if account is not None and token:
        try:
            if crypto.keyring().unsign(token, "known browser") == str(account.id):
                return f"sign-in known {token}"
        except (crypto.BadToken, ValueError):
            pass
    return f"sign-in {same_household(client_ip(request.scope, request.app.state.settings.proxies))}"


async def _refuse_too_many(gate: Gate, key: str) -> None:
    if seconds := await gate.wait(key):
        raise TooMany(_("Try again in %(minutes)s minutes.", minutes=ceil(seconds / 60)), retry_after=seconds)
