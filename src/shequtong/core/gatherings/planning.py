"""Setting the day and the place of a gathering, changing them, and calling it off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from shequtong.core.gatherings import events, signing_up
from shequtong.core.gatherings.models import Gathering, SignUp
from shequtong.core.posts import hanging
from shequtong.core.posts.events import PostDeleted
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.errors import Conflict
from shequtong.lib.events import publish as tell
from shequtong.lib.i18n import gettext as _

NAME = "gathering"
LONGEST = timedelta(days=31)
FARTHEST = timedelta(days=730)
DAY_BEFORE = timedelta(days=1)
HOURS_BEFORE = timedelta(hours=2)


@dataclass(frozen=True)
class Plan:
    """When and where neighbours meet, for how many, and how many guests each may bring."""

    starts_at: datetime
    ends_at: datetime
    place: str
    places: int | None = None
    guests: int = 0


def mistakes(plan: Plan, before: Gathering | None = None) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it) of a plan that replaces the one `before`."""
    if plan.starts_at < clock.now():
        yield "starts_at", _("Choose a time that is still to come")
    if plan.starts_at > clock.now() + FARTHEST:
        yield "starts_at", _("Choose a day within the next two years")
    if plan.ends_at <= plan.starts_at:
        yield "ends_at", _("It must end after it begins")
    elif plan.ends_at - plan.starts_at > LONGEST:
        yield "ends_at", _("It can last 31 days at most")
    if before is not None and plan.places is not None and plan.places < before.taken:
        yield (
            "places",
            _("%(taken)s places are taken already. Write that number or more.", taken=before.taken),
        )


def plan(session: Session, case: Case, wanted: Plan) -> Gathering:
    """Hang a gathering on the case's post. Raises Forbidden where none may hang, ValueError for mistakes."""
    hanging.hang(session, case, NAME)
    _refuse(wanted)
    now = clock.now()
    gathering = Gathering(
        post_id=case.post.id,
        code=case.post.code,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        place=wanted.place,
        places=wanted.places,
        guests=wanted.guests,
        remind_at=_remind_at(wanted.starts_at),
        changed_at=now,
    )
    session.add(gathering)
    session.flush()
    tell(session, events.Planned(case.post, gathering, case.actor.id or 0))
    return gathering


def change(session: Session, case: Case, wanted: Plan) -> Gathering:
    """Change a gathering that has not begun; who stood in the queue gets new places. Raises Conflict when it has.

    Those who signed up are told of another day, hour or place.
    """
    gathering = signing_up.lock(session, case.post.id)
    _refuse_over(gathering)
    _refuse(wanted, gathering)
    moved = (gathering.starts_at, gathering.ends_at, gathering.place) != (
        wanted.starts_at,
        wanted.ends_at,
        wanted.place,
    )
    if gathering.starts_at != wanted.starts_at:
        gathering.remind_at = _remind_at(wanted.starts_at)
    gathering.starts_at, gathering.ends_at = wanted.starts_at, wanted.ends_at
    gathering.place, gathering.places, gathering.guests = wanted.place, wanted.places, wanted.guests
    if moved:
        gathering.version += 1
        gathering.changed_at = clock.now()
    signing_up.move_up(session, case.post, gathering)
    session.flush()
    told = _signed_up(session, gathering) if moved else ()
    tell(session, events.Planned(case.post, gathering, case.actor.id or 0, told))
    return gathering


def cancel(session: Session, case: Case, reason: str) -> Gathering:
    """Call a gathering off before it begins; all who signed up are told why. Raises Conflict when it is too late."""
    gathering = signing_up.lock(session, case.post.id)
    _refuse_over(gathering)
    gathering.state, gathering.reason, gathering.remind_at = "cancelled", reason, None
    gathering.version += 1
    gathering.changed_at = clock.now()
    session.flush()
    tell(
        session,
        events.Cancelled(case.post, gathering, case.actor.id or 0, _signed_up(session, gathering)),
    )
    return gathering


def on_post_deleted(session: Session, event: PostDeleted) -> None:
    """A post with people on its list does not vanish: its gathering is called off first."""
    if NAME not in event.post.carries:
        return
    gathering = signing_up.lock(session, event.post.id)
    if gathering.state == "planned" and gathering.starts_at > clock.now():
        if _signed_up(session, gathering):
            raise Conflict(_("Cancel the gathering first, so that those who signed up are told."))
        gathering.state, gathering.remind_at = "cancelled", None


def _refuse(wanted: Plan, before: Gathering | None = None) -> None:
    if wrong := list(mistakes(wanted, before)):
        raise ValueError(wrong)


def _refuse_over(gathering: Gathering) -> None:
    if gathering.state != "planned":
        raise Conflict(_("This gathering is cancelled."))
    if gathering.starts_at <= clock.now():
        raise Conflict(_("It has begun already and cannot be changed any more."))


def _remind_at(starts_at: datetime) -> datetime | None:
    """A day before; two hours before what is nearer; never for what is nearer still."""
    now = clock.now()
    return next((at for at in (starts_at - DAY_BEFORE, starts_at - HOURS_BEFORE) if at > now), None)


def _signed_up(session: Session, gathering: Gathering) -> tuple[int, ...]:
    wanted: Any = select(SignUp.account_id).where(
        SignUp.post_id == gathering.post_id, SignUp.state.in_(("in", "waiting"))
    )
    return tuple(session.scalars(wanted.order_by(SignUp.number)))
