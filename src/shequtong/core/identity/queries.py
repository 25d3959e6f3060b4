"""What a person reads about their own account."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.core.identity.models import Account, Look, SignIn
from shequtong.lib.db import rows

PAGE = 50

_SIGN_INS = (
    select(SignIn.digest, SignIn.device, SignIn.created_at, SignIn.seen_at)
    .where(SignIn.account_id == bindparam("account_id"))
    .order_by(SignIn.seen_at.desc())
)
_Looker = aliased(Account)
_LOOKS = (
    select(Look.id, Look.what, Look.reason, Look.at, _Looker.name.label("by_name"))
    .join(_Looker, _Looker.id == Look.by_id)
    .where(Look.account_id == bindparam("account_id"), Look.id < bindparam("before"))
    .order_by(Look.id.desc())
    .limit(PAGE + 1)
)


def sign_ins(session: Session, account_id: int) -> list[Any]:
    """Where somebody is signed in, the last used first."""
    return list(rows(session, _SIGN_INS, account_id=account_id).all())


def looks(session: Session, account_id: int, before: int | None) -> tuple[list[Any], int | None]:
    """A page of who looked at somebody's data, newest first, and where the next page begins."""
    found = rows(session, _LOOKS, account_id=account_id, before=before or 2**62).all()
    return list(found[:PAGE]), found[PAGE - 1].id if len(found) > PAGE else None
