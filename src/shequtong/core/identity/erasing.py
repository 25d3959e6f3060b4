"""To be forgotten: what was only theirs goes, what others built on stays without a name (P4)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlmodel import Session

from shequtong.core.identity.events import AccountErased, ErasureAsked
from shequtong.core.identity.models import Account, OneTimeLink, SignIn, Submission
from shequtong.lib import clock
from shequtong.lib.errors import Conflict
from shequtong.lib.events import publish


def obstacles(session: Session, account_id: int) -> list[Any]:
    """What must be settled first; empty when nothing stands in the way."""
    asked = ErasureAsked(account_id)
    publish(session, asked)
    return asked.obstacles


def erase(session: Session, account_id: int, former: str) -> None:
    """Forget a person; what they wrote is signed `former`. Raises Conflict when something is in the way."""
    if standing := obstacles(session, account_id):
        raise Conflict(standing[0])
    publish(session, AccountErased(account_id))
    account = session.get_one(Account, account_id)
    # No login name may begin like this one, so the row stands in nobody's way.
    account.login, account.name, account.password = f"~{account_id}", former, ""
    account.real_name = account.phone = account.phone_index = account.locale = None
    account.phone_since = None
    account.about, account.theme, account.text, account.unread = "", "auto", "normal", 0
    account.disabled_at = clock.now()
    for table in (SignIn, OneTimeLink, Submission):
        session.execute(delete(table).where(table.account_id == account_id))
