"""Taking part in a post once: to confirm, co-sign, join in, say "me too"."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session

from shequtong.core.posts.models import Participation
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _
from shequtong.lib.workflow import Transition


def unit_of(case: Case, transition: Transition) -> str:
    """Whom this participation counts for: a4 an account, d17 a dwelling, c310113104029 a community."""
    if transition.per == "dwelling":
        if not case.here.dwellings:
            raise Conflict(_("Only somebody who lives here can do this"))
        return f"d{min(case.here.dwellings)}"
    if transition.per == "community":
        return f"c{case.community.code}"
    return f"a{case.actor.id}"


def take_part(session: Session, case: Case, transition: Transition, note: str = "") -> bool:
    """True when it is new; doing it twice is no error and counts once."""
    return insert_or_nothing(
        session,
        Participation,
        post_id=case.post.id,
        name=transition.name,
        unit=unit_of(case, transition),
        account_id=case.actor.id,
        building_id=min(case.here.buildings, default=None),
        note=note,
        at=clock.now(),
    )


def step_out(session: Session, case: Case, transition: Transition) -> bool:
    """Take one's own participation back."""
    gone = session.execute(
        delete(Participation).where(
            Participation.post_id == case.post.id,
            Participation.name == transition.name,
            Participation.unit == unit_of(case, transition),
            Participation.account_id == case.actor.id,
        )
    )
    return gone.rowcount == 1
