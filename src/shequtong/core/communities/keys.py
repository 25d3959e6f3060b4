"""Keys with which programs report in somebody's name: given by the committee, shown once, withdrawn at any time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.core.communities.models import ApiKey
from shequtong.core.communities.standing import Standing
from shequtong.core.communities.visiting import find_person
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.lib import clock, crypto
from shequtong.lib.db import ask, rows
from shequtong.lib.errors import Conflict

Giver = aliased(Account)
_KEYS = (
    select(
        ApiKey.id,
        ApiKey.name,
        ApiKey.at,
        ApiKey.used_on,
        ApiKey.ended_at,
        ApiKey.account_id,
        Account.name.label("holder"),
        Giver.name.label("giver"),
    )
    .join(Account, Account.id == ApiKey.account_id)
    .outerjoin(Giver, Giver.id == ApiKey.by_id)
    .where(ApiKey.code == bindparam("code"))
    .order_by(ApiKey.ended_at.is_not(None), ApiKey.id.desc())
    .limit(100)
)
_KNOWN = select(ApiKey.id, ApiKey.code, ApiKey.account_id, ApiKey.used_on).where(
    ApiKey.digest == bindparam("digest"), ApiKey.ended_at.is_(None)
)
_USED = (
    update(ApiKey.__table__)
    .where(ApiKey.__table__.c.id == bindparam("key_id"))
    .values(used_on=bindparam("today"))
)


def keys(session: Session, code: str) -> list[Any]:
    """The keys given in a community, those that work first."""
    return ask(session, _KEYS, code=code)


def may_hold(session: Session, account_id: int, code: str) -> bool:
    """Does this person belong to the community, and may they write there?"""
    here = Standing.of(find_person(session, account_id), code)
    return here.member and not here.is_any("suspended")


def give(session: Session, by: Actor, account: Account, code: str, name: str) -> str:
    """A new key for a program of somebody who `may_hold` one; the key itself, which nobody can read again."""
    token = crypto.new_token()
    digest = crypto.digest(token)
    row = ApiKey(digest=digest, code=code, account_id=account.id, name=name, by_id=by.id, at=clock.now())
    session.add(row)
    return token


def withdraw(session: Session, by: Actor, code: str, key_id: int) -> None:
    """End a key now. Raises Conflict when there is none that works."""
    ended = session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.code == code, ApiKey.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_by_id=by.id)
        .execution_options(synchronize_session=False)
    )
    if ended.rowcount != 1:
        raise Conflict


def withdraw_all(session: Session, account_id: int) -> None:
    """End every key of somebody who leaves."""
    session.execute(
        update(ApiKey)
        .where(ApiKey.account_id == account_id, ApiKey.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_by_id=account_id)
        .execution_options(synchronize_session=False)
    )


def find_holder(session: Session, token: str, code: str) -> tuple[int, Actor] | None:
    """The number of a key of this community that works, and who acts by it; None for any other."""
    found = ask(session, _KNOWN, digest=crypto.digest(token))
    if not found or found[0].code != code:
        return None
    key = found[0]
    if not may_hold(session, key.account_id, code):
        return None
    if key.used_on != clock.today():
        rows(session, _USED, key_id=key.id, today=clock.today())
    return key.id, find_person(session, key.account_id)
