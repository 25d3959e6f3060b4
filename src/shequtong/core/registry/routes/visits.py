"""Who is to be visited this week, on a phone and without a network too; what was found; and the plans."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities.visiting import Visit
from shequtong.core.identity import submitting
from shequtong.core.registry import opening, rounds
from shequtong.core.registry.forms import EVERY, PlanForm, ReasonForm, VisitForm
from shequtong.core.registry.models import Person
from shequtong.core.registry.routes.dwellings import words
from shequtong.core.registry.routes.lists import LEAD, STAFF
from shequtong.core.registry.routes.people import show_again
from shequtong.core.registry.seeing import Near, Visited, may
from shequtong.lib import clock
from shequtong.lib.errors import NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

HERE = "/c/{code}/registry"
DONE = {"visit": _l("Written down. Thank you for going there.")}
ROUND = _l("To visit them, this week's round")
"""The reason that is written down when the week's names and doors are opened."""


@router.get(HERE + "/visits")
def show_week(request: Request, visit: Near, db: Db, done: str = "") -> Response:
    """Who is to be visited by Sunday, masked, those overdue first."""
    return _week(request, visit, db, done=done)


@router.post(HERE + "/visits/looks")
def open_week(request: Request, visit: Near, sent: Submitted, db: Db) -> Response:
    """Names and doors of the week's round, with a form for each: the page to take along. Each of them reads it."""
    opened = STAFF if visit.here.staff else LEAD
    rows = [row for row in _due(db, visit) if row.account_id != visit.actor.id]
    kept = " ".join(what for what in opening.MASKED if what in opened)
    opening.open_rows(db, rows, f"{kept} overlays", visit.actor, str(ROUND))
    return _week(request, visit, db, opened=opened)


@router.post(HERE + "/people/{person_id}/visits")
def write_visit(request: Request, visit: Near, person: Visited, sent: Submitted, db: Db) -> Response:
    """Write down a visit; the same form sent again, as a phone without a network does, writes nothing twice."""
    if earlier := submitting.earlier(db, visit.actor, sent):
        return see_other(earlier)
    form = VisitForm.read(sent)
    if not form.errors and form.value.visited_on > clock.today():
        form.refuse("visited_on", _("This day has not come yet"))
    if form.errors:
        return show_again(request, visit, db, person, {"visit": form})
    asked = form.value
    rounds.write(db, person, asked.visited_on, asked.outcome, asked.note, visit.actor)
    led = f"/c/{visit.community.code}/registry/visits?done=visit"
    submitting.remember(db, visit.actor, sent, led)
    return see_other(led)


@router.post(HERE + "/people/{person_id}/plan")
def plan(request: Request, visit: Near, person: Visited, sent: Submitted, db: Db) -> Response:
    """Plan visits, or plan none any more (`end`)."""
    if not may(visit, "write", person.building_id, person):
        raise NotFound
    end = bool(sent.get("end"))
    form: BoundForm[Any] = ReasonForm.read(sent) if end else PlanForm.read(sent, choices(db, person))
    if form.errors:
        return show_again(request, visit, db, person, {"unplan" if end else "plan": form})
    if end:
        rounds.end_plan(db, person, visit.actor, form.value.reason)
    else:
        asked = form.value
        rounds.plan(db, person, asked.every_days, asked.who_id, asked.next_on, visit.actor, asked.reason)
    return see_other(
        f"/c/{visit.community.code}/registry/people/{person.id}?done={'unplan' if end else 'plan'}"
    )


def choices(db: Any, person: Person) -> dict[str, Any]:
    """Who may be asked to go there."""
    return {"who": rounds.who_goes(db, person.code, person.building_id)}


def _due(db: Any, visit: Visit) -> list[Any]:
    return rounds.due(db, visit.community.code, rounds.reach(visit), rounds.week_ends())


def _week(
    request: Request, visit: Visit, db: Any, *, opened: frozenset[str] = frozenset(), done: str = ""
) -> Response:
    return page(
        request,
        "registry/visits.html",
        rows=_due(db, visit),
        opened=opened,
        every=dict(EVERY),
        form=lambda: VisitForm.blank(visited_on=clock.today()),
        today=clock.today(),
        done=DONE.get(done),
        **words(visit),
    )
