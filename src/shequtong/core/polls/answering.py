"""Filling in a sheet: one for each person or household, changed as long as the poll is open.

The poll's row is locked first and the clock is read after that. That there is one sheet, the key of the table holds.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from shequtong.core.communities.models import Dwelling
from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.events import AccountErased
from shequtong.core.polls.closing import is_over
from shequtong.core.polls.models import Poll, Sheet
from shequtong.core.polls.opening import lock
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Conflict, Forbidden, NotFound
from shequtong.lib.i18n import gettext as _

TENURES = ("owner", "tenant", "family")


def unit_of(poll: Any, actor: Actor, here: Standing) -> str:
    """Whose sheet this actor fills in: a4 for a person, d17 for a household; "" for nobody's."""
    if poll.unit == "household":
        return f"d{min(here.dwellings)}" if here.dwellings else ""
    return f"a{actor.id}" if actor.id else ""


def answer(session: Session, case: Case, answers: dict[str, Any]) -> None:
    """Fill in one's sheet, or change it. Raises Conflict when it is over, Forbidden for who lives in no household."""
    poll = lock(session, case.post.id)
    if poll.state == "draft":
        raise NotFound
    if is_over(poll):
        raise Conflict(_("This poll is over. No answer is taken any more."))
    unit = unit_of(poll, case.actor, case.here)
    if not unit:
        raise Forbidden(_("Only somebody who lives here can do this"))
    told = {"answers": answers, "account_id": case.actor.id, "at": clock.now(), **_place(session, case)}
    if insert_or_nothing(session, Sheet, post_id=poll.post_id, unit=unit, **told):
        poll.answered += 1
    else:
        session.execute(update(Sheet).where(Sheet.post_id == poll.post_id, Sheet.unit == unit).values(**told))
    session.flush()


def forget(session: Session, erased: AccountErased) -> None:
    """Of somebody who is forgotten the figures stay, without anything that leads to them, and their words go."""
    theirs = session.execute(
        select(Sheet, Poll.state, Poll.unit)
        .join(Poll, Poll.post_id == Sheet.post_id)
        .where(Sheet.account_id == erased.account_id)
    ).all()
    for sheet, _state, unit in theirs:
        values: dict[str, Any] = {
            "account_id": None,
            "answers": {number: told for number, told in sheet.answers.items() if isinstance(told, list)},
        }
        if unit == "person":
            values["unit"] = f"x{secrets.token_hex(8)}"
        session.execute(
            update(Sheet).where(Sheet.post_id == sheet.post_id, Sheet.unit == sheet.unit).values(**values)
        )
    session.expire_all()


def _place(session: Session, case: Case) -> dict[str, Any]:
    """Where they live and as what, for results by building and by owners and tenants."""
    home = min(case.here.dwellings, default=None)
    building = session.scalar(select(Dwelling.building_id).where(Dwelling.id == home)) if home else None
    tenure = next((name for name in TENURES if name in case.here.names), "")
    return {"building_id": building, "tenure": tenure}
