"""The log of visits at people's doors: for the staff of that committee alone."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities import places
from shequtong.core.communities.addressing import here
from shequtong.core.communities.visiting import Visit
from shequtong.core.duties import home_visits, queries
from shequtong.core.duties.forms import VisitForm
from shequtong.core.duties.models import HomeVisit
from shequtong.core.identity import submitting
from shequtong.lib import clock
from shequtong.lib.errors import NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, local_path, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Staff = Annotated[Visit, here("clerk", "secretary")]


@router.get("/c/{code}/visits")
def show_visits(request: Request, visit: Staff, db: Db) -> Response:
    """The visits, the last first, and the form for another."""
    form = VisitForm.blank(_choices(db, visit), visited_on=clock.today())
    return _show(request, visit, db, form)


@router.post("/c/{code}/visits")
def record_visit(request: Request, visit: Staff, sent: Submitted, db: Db) -> Response:
    """Write a visit down."""
    if earlier := submitting.earlier(db, visit.actor, sent):
        return see_other(earlier)
    code = visit.community.code
    form = VisitForm.read(sent, _choices(db, visit))
    dwelling = None
    if not form.errors:
        dwelling = places.find_dwelling(db, code, form.value.building_id, form.value.room)
        if form.value.visited_on > clock.today():
            form.refuse("visited_on", _("This day has not come yet"))
        if dwelling is None:
            form.refuse("room", _("The register has no such room in this building"))
    if form.errors or dwelling is None:
        return _show(request, visit, db, form, status=422)
    value = form.value
    home_visits.record(db, dwelling, visit.actor, value.visited_on, value.note, value.again_on)
    back = f"/c/{code}/visits"
    submitting.remember(db, visit.actor, sent, back)
    return see_other(back)


@router.post("/c/{code}/visits/{visit_id}/settled")
def settle(visit: Staff, visit_id: int, sent: Submitted, db: Db) -> Response:
    """There is no need to come back to this door any more."""
    found = db.get(HomeVisit, visit_id) if 0 < visit_id < 2**63 else None
    if found is None or found.code != visit.community.code:
        raise NotFound
    home_visits.settle(db, found, visit.actor)
    return see_other(local_path(str(sent.get("next") or ""), f"/c/{visit.community.code}/visits"))


def _choices(db: Any, visit: Visit) -> dict[str, Any]:
    return {"buildings": places.building_choices(db, visit.community.code)}


def _show(request: Request, visit: Visit, db: Any, form: BoundForm[Any], status: int = 200) -> Response:
    return page(
        request,
        "duties/visits.html",
        block="visits",
        status=status,
        visits=queries.visits(db, visit.community.code),
        today=clock.today(),
        form=form,
        community=visit.community,
    )
