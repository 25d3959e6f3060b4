"""Whom a notice reached, and who objects."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from shequtong.core.communities.models import Building, Dwelling
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Participation
from shequtong.core.posts.policy import Case
from shequtong.lib.db import rows

_DWELLINGS: Any = select(func.count()).select_from(Dwelling)
_HERE = _DWELLINGS.where(Dwelling.code == bindparam("code"))
_IN_BUILDING = _DWELLINGS.where(Dwelling.building_id == bindparam("building_id"))
_OBJECTIONS: Any = (
    select(
        Participation.note,
        Participation.at,
        Account.name.label("by_name"),
        Building.name.label("building_name"),
    )
    .join(Account, Account.id == Participation.account_id)
    .outerjoin(Building, Building.id == Participation.building_id)
    .where(Participation.post_id == bindparam("post_id"), Participation.name == "object")
    .order_by(Participation.at)
    .limit(200)
)


def reach(session: Session, case: Case) -> dict[str, Any]:
    """For a notice that must be read, of how many households; for a public notice, the objections."""
    post = case.post
    dwellings, objections = 0, []
    if post.kind == "must_read" and post.state not in ("draft", "review"):
        counted = _IN_BUILDING if post.building_id else _HERE
        dwellings = rows(session, counted, code=post.code, building_id=post.building_id).scalar_one()
    elif post.kind == "public_notice" and post.state in ("open", "final", "archived"):
        objections = list(rows(session, _OBJECTIONS, post_id=post.id).all())
    return {"dwellings": dwellings, "objections": objections}
