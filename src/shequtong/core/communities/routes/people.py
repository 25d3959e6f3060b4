"""The people of a community as its staff see them, and who serves there."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from shequtong.core.communities import appointing, places, queries
from shequtong.core.communities.addressing import here
from shequtong.core.communities.forms import KINDS, OFFICES, AppointForm
from shequtong.core.communities.routes.appointments import appointment_within, give_office, renew_link
from shequtong.core.communities.visiting import Visit
from shequtong.core.identity import submitting
from shequtong.lib.errors import NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Staff = Annotated[Visit, here("clerk", "secretary")]
Secretary = Annotated[Visit, here("secretary")]


@router.get("/c/{code}/people")
def show_people(
    request: Request, visit: Staff, db: Db, building: Annotated[int | None, Query(ge=1, lt=2**63)] = None
) -> Response:
    """Members by building, and everybody who holds an office."""
    code = visit.community.code
    buildings = queries.buildings_with_members(db, code)
    chosen = next((row for row in buildings if row.id == building), None)
    if building is not None and chosen is None:
        raise NotFound
    members = queries.members(db, code, building) if building is not None else []
    offices = queries.offices(db, [code])
    return page(
        request,
        "communities/people.html",
        block="members",
        community=visit.community,
        buildings=buildings,
        chosen=chosen,
        members=members,
        kinds=KINDS,
        offices=offices,
        offices_of=_offices_of(offices),
        office_words=OFFICES,
        gives=appointing.gives(visit.actor, code),
    )


@router.get("/c/{code}/people/appointments")
def ask_office(request: Request, visit: Secretary, db: Db) -> Response:
    """The form that gives an office."""
    return _ask(request, visit, AppointForm.blank(_choices(db, visit)))


@router.post("/c/{code}/people/appointments")
def appoint(request: Request, visit: Secretary, sent: Submitted, db: Db) -> Response:
    """Give somebody an office in this community."""
    if earlier := submitting.earlier(db, visit.actor, sent):
        return see_other(earlier)
    form = AppointForm.read(sent, _choices(db, visit))
    if not form.errors:
        _check_building(form)
    back = f"/c/{visit.community.code}/people"
    link = give_office(db, visit, form, visit.community.code) if not form.errors else ""
    if form.errors:
        return _ask(request, visit, form, status=422)
    submitting.remember(db, visit.actor, sent, back)
    if link:
        return page(request, "communities/invited.html", **_invited(request, visit, form.value, link, back))
    return see_other(back)


@router.post("/c/{code}/people/appointments/{appointment_id}/end")
def end(visit: Secretary, appointment_id: int, _sent: Submitted, db: Db) -> Response:
    """End an office now."""
    appointing.end(db, visit.actor, appointment_within(db, visit.community.code, appointment_id))
    return see_other(f"/c/{visit.community.code}/people")


@router.post("/c/{code}/people/appointments/{appointment_id}/link")
def link_again(request: Request, visit: Secretary, appointment_id: int, _sent: Submitted, db: Db) -> Response:
    """A new link for somebody who never set a password."""
    account, link = renew_link(db, visit, appointment_within(db, visit.community.code, appointment_id))
    back = f"/c/{visit.community.code}/people"
    return page(request, "communities/invited.html", **_invited(request, visit, account, link, back))


def _offices_of(offices: list[Any]) -> dict[int, list[str]]:
    """The words for the offices of each account."""
    held: dict[int, list[str]] = {}
    for row in offices:
        held.setdefault(row.account_id, []).append(str(OFFICES[row.office]))
    return held


def _choices(db: Any, visit: Visit) -> dict[str, Any]:
    code = visit.community.code
    offered = appointing.gives(visit.actor, code)
    return {
        "offices": [(office, OFFICES[office]) for office in offered],
        "buildings": places.building_choices(db, code),
    }


def _check_building(form: BoundForm[Any]) -> None:
    if form.value.office == "lead" and not form.value.building_id:
        form.refuse("building_id", _("Choose the building they lead"))
    elif form.value.office != "lead" and form.value.building_id:
        form.refuse("building_id", _("Only a building lead has a building"))


def _ask(request: Request, visit: Visit, form: BoundForm[Any], status: int = 200) -> Response:
    return page(
        request,
        "communities/appoint.html",
        block="appoint_form",
        status=status,
        community=visit.community,
        form=form,
    )


def _invited(request: Request, visit: Visit, who: Any, link: str, back: str) -> dict[str, Any]:
    base = request.app.state.settings.base_url
    return {"community": visit.community, "who": who, "link": f"{base}{link}", "back": back}
