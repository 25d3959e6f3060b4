"""Which committees passed a bulletin on, with a word of their own, and which it does not concern."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from shequtong.core.communities.models import Division
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Participation
from shequtong.core.posts.policy import Case
from shequtong.lib.db import rows

_WHO: Any = (
    select(
        Participation.name,
        Participation.note,
        Participation.at,
        Account.name.label("by_name"),
        Division.name.label("committee"),
    )
    .join(Account, Account.id == Participation.account_id)
    .join(Division, Division.code == func.substr(Participation.unit, 2))
    .where(Participation.post_id == bindparam("post_id"), Participation.name.in_(("relay", "set_aside")))
)
_BY_ALL = _WHO.order_by(Participation.at)
_BY_US = _WHO.where(Participation.unit == bindparam("unit"))


def relays(session: Session, case: Case) -> dict[str, Any]:
    """Inside a committee: what it did itself. At the office that issued it: what every committee did, and when."""
    if case.community.level == "committee":
        ours = rows(session, _BY_US, post_id=case.post.id, unit=f"c{case.community.code}").first()
        return {"ours": ours, "all": []}
    found = rows(session, _BY_ALL, post_id=case.post.id).all() if case.here.observer else []
    return {"ours": None, "all": found}
