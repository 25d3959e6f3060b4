"""Taking part in a post once: to confirm, co-sign, join in, say "me too"."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, select
from sqlmodel import Session

from shequtong.core.communities.models import Dwelling
from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import Actor
from shequtong.core.posts.models import Participation
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _
from shequtong.lib.workflow import Transition


def units(transition: Transition, actor: Actor, here: Standing, code: str) -> list[str]:
    """Whom a participation counts for: a4 an account, d17 a dwelling, c310113104029 a community; empty is nobody."""
    if transition.per == "community":
        return [f"c{code}"]
    if transition.per == "account":
        return [unit_of_account(actor.id)]
    homes = sorted(here.dwellings)
    return [f"d{home}" for home in (homes if transition.per == "dwellings" else homes[:1])]


def unit_of_account(account_id: int | None) -> str:
    """The unit of a participation that counts for one account."""
    return f"a{account_id}"


def _units_of(case: Case, transition: Transition) -> list[str]:
    """The same for a case. Raises Conflict for somebody who belongs to no dwelling, where dwellings count."""
    found = units(transition, case.actor, case.here, case.community.code)
    if not found:
        raise Conflict(_("Only somebody who lives here can do this"))
    return found


def take_part(session: Session, case: Case, transition: Transition, note: str = "") -> bool:
    """True when it is new, for one's only home or one of several; doing it twice is no error and counts once."""
    buildings = _buildings(session, case)
    first = next(iter(buildings.values()), None)
    new = [
        insert_or_nothing(
            session,
            Participation,
            post_id=case.post.id,
            name=transition.name,
            unit=unit,
            account_id=case.actor.id,
            building_id=buildings.get(unit, first),
            note=note,
            at=clock.now(),
        )
        for unit in _units_of(case, transition)
    ]
    return any(new)


def step_out(session: Session, case: Case, transition: Transition) -> bool:
    """Take a participation back: one's own, one's household's or one's committee's, as it was counted."""
    gone = session.execute(
        delete(Participation).where(
            Participation.post_id == case.post.id,
            Participation.name == transition.name,
            Participation.unit.in_(_units_of(case, transition)),
        )
    )
    return gone.rowcount > 0


def instead_of(other: str) -> Callable[..., None]:
    """The effect of a transition that takes back its opposite: it worked, or it did not."""

    def effect(session: Session, case: Case, _form: object, _record: object) -> None:
        before = case.board.workflow.transition(other)
        assert before is not None
        step_out(session, case, before)

    return effect


def _buildings(session: Session, case: Case) -> dict[str, int]:
    """The building of each of somebody's homes, the first home first; a building they only lead is not theirs."""
    homes = case.here.dwellings
    if not homes:
        return {}
    found = session.execute(
        select(Dwelling.id, Dwelling.building_id).where(Dwelling.id.in_(homes)).order_by(Dwelling.id)
    )
    return {f"d{home}": building_id for home, building_id in found}
