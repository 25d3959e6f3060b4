"""The registry by buildings and doors: who lives where, looking people up, and households that move."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from shequtong.core.communities import places
from shequtong.core.communities.models import Dwelling
from shequtong.core.communities.visiting import Visit
from shequtong.core.identity import submitting
from shequtong.core.identity.registering import normal_phone
from shequtong.core.registry import keeping, merging, opening, overlays, queries, showing
from shequtong.core.registry.forms import (
    RELATIONS,
    STATES,
    STEPS,
    HouseholdForm,
    LookUpForm,
    PersonForm,
)
from shequtong.core.registry.models import Person
from shequtong.core.registry.seeing import Built, Housed, Near, Staff, find_person, may
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, Forbidden
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

HERE = "/c/{code}/registry"
DONE = {
    "add": _l("Written down."),
    "take_over": _l("It is one entry. What was new has been written into it."),
    "move_household": _l("The household has moved here."),
    "merge_households": _l("They belong to the household here now."),
}
"""What just happened, by the word in `?done=`."""


@router.get(HERE)
def show_registry(request: Request, visit: Near, db: Db) -> Response:
    """The buildings with how many people live there, the lists one's duty needs, and the box to look somebody up."""
    return _registry(request, visit, db)


@router.post(HERE + "/look-ups")
def look_up(request: Request, visit: Staff, sent: Submitted, db: Db) -> Response:
    """Find people by a whole name, phone number or room, after a reason; who is found reads it.

    The answer is the page itself: what was typed stands in no address.
    """
    form = LookUpForm.read(sent)
    if form.errors:
        return _registry(request, visit, db, form=form, status=422)
    asked = form.value
    rows = opening.look_up(db, visit.community.code, asked.typed, visit.actor, asked.in_words)
    return page(request, "registry/found.html", typed=asked.typed, rows=rows, form=form, **words(visit))


@router.get(HERE + "/record")
def show_record(
    request: Request, visit: Staff, db: Db, before: Annotated[int, Query(ge=0, lt=2**63)] = 0
) -> Response:
    """What was done in the registry: who, when and why, nobody's data."""
    kinds = overlays.seen_by(visit.here, 0)
    found = queries.record(db, visit.community.code, kinds, before)
    return page(
        request,
        "registry/record.html",
        steps=found[: queries.PAGE],
        next=found[queries.PAGE - 1].id if len(found) > queries.PAGE else None,
        **words(visit),
    )


@router.get(HERE + "/buildings/{building_id}")
def show_building(request: Request, visit: Near, building: Built, db: Db) -> Response:
    """The doors of a building, and how many live behind each."""
    rows = queries.dwellings(db, building.id)
    return page(request, "registry/building.html", building=building, rows=rows, **words(visit))


@router.get(HERE + "/dwellings/{dwelling_id}")
def show_dwelling(request: Request, visit: Near, dwelling: Housed, db: Db, done: str = "") -> Response:
    """Everybody of a dwelling, masked, and what became of its households."""
    return _dwelling(request, visit, db, dwelling, done=done)


@router.post(HERE + "/dwellings/{dwelling_id}/moves")
def move(request: Request, visit: Staff, dwelling: Housed, sent: Submitted, db: Db) -> Response:
    """The whole household moves to another dwelling, or joins the household that lives there."""
    if queries.lives_behind(db, dwelling.id, visit.actor.id or 0):
        raise Forbidden(_("This is about yourself. Somebody else has to decide it."))
    form = HouseholdForm.read(sent, {"buildings": places.building_choices(db, visit.community.code)})
    to = door_of(db, visit, form)
    if to is not None:
        asked = form.value
        act = {"move_household": keeping.move_household, "merge_households": keeping.merge_households}
        try:
            with db.begin_nested():
                act[asked.how](db, dwelling, to, visit.actor, asked.reason)
        except Conflict as refused:
            form.refuse("how", refused.message)
    if form.errors or to is None:
        return _dwelling(request, visit, db, dwelling, move_form=form, status=422)
    return see_other(f"/c/{visit.community.code}/registry/dwellings/{to.id}?done={form.value.how}")


@router.get(HERE + "/dwellings/{dwelling_id}/new")
def ask_person(request: Request, visit: Staff, dwelling: Housed, db: Db) -> Response:
    """The form for one person more."""
    return _new(request, visit, db, dwelling, PersonForm.blank(state="lives"))


@router.post(HERE + "/dwellings/{dwelling_id}/new")
def add(request: Request, visit: Staff, dwelling: Housed, sent: Submitted, db: Db) -> Response:
    """Write somebody down; first it is asked whether they stand there already under another spelling.

    `same` says that they are this one, `seen` that they are none of these.
    """
    if earlier := submitting.earlier(db, visit.actor, sent):
        return see_other(earlier)
    form = PersonForm.read(sent)
    facts = facts_of(form)
    if form.errors:
        return _new(request, visit, db, dwelling, form, status=422)
    reason = form.value.reason
    here = f"/c/{visit.community.code}/registry"
    if same := number(sent.get("same")):
        known = _writable(db, visit, same)
        merging.take_over(db, known, facts, visit.actor, reason)
        led = f"{here}/people/{known.id}?done=take_over"
    else:
        twins = merging.likely(
            db, dwelling.code, dwelling.id, facts["name"], facts["phone"], facts["birth_year"]
        )
        seen = str(sent.get("seen") or "").split()
        if any(str(row.id) not in seen for row in twins):
            return _new(request, visit, db, dwelling, form, twins, status=422)
        source = form.value.source
        keeping.add(db, dwelling, facts, visit.actor, reason, source=source)
        led = f"{here}/dwellings/{dwelling.id}?done=add"
    submitting.remember(db, visit.actor, sent, led)
    return see_other(led)


def door_of(db: Any, visit: Visit, form: BoundForm[Any]) -> Dwelling | None:
    """The dwelling that a form names by building and room; marks the form wrong when there is none."""
    if form.errors:
        return None
    found = places.find_dwelling(db, visit.community.code, form.value.building_id, form.value.room)
    if found is None:
        form.refuse("room", _("The register has no such room in this building"))
    return found


def facts_of(form: BoundForm[Any]) -> dict[str, Any]:
    """What a form says of a person; marks it wrong where that cannot be."""
    if form.errors:
        return {}
    facts = {fact: getattr(form.value, fact) for fact in keeping.FACTS if hasattr(form.value, fact)}
    facts["phone"] = normal_phone(form.value.phone) if form.value.phone else None
    if form.value.phone and facts["phone"] is None:
        form.refuse("phone", _("This is not a phone number"))
    elif form.value.birth_year and form.value.birth_year > clock.today().year:
        form.refuse("birth_year", _("This year has not come yet"))
    elif form.value.since and form.value.since > clock.today():
        form.refuse("since", _("This day has not come yet"))
    return facts


def words(visit: Visit) -> dict[str, Any]:
    """What every page of the registry says."""
    return {
        "community": visit.community,
        "relations": RELATIONS,
        "states": STATES,
        "step_words": STEPS,
        "lists": overlays.OVERLAYS,
        "showing": showing,
    }


def _writable(db: Any, visit: Visit, person_id: int) -> Person:
    found = find_person(db, visit, person_id)
    if not may(visit, "write", found.building_id, found):
        raise Forbidden(_("This is about yourself. Somebody else has to decide it."))
    return found


def _registry(
    request: Request, visit: Visit, db: Any, *, form: BoundForm[Any] | None = None, status: int = 200
) -> Response:
    code = visit.community.code
    reach = {kind: overlays.reach(visit.here, kind) for kind in overlays.OVERLAYS}
    seen = {kind: within for kind, within in reach.items() if within is None or within}
    return page(
        request,
        "registry/show.html",
        status=status,
        rows=queries.buildings(db, code, None if visit.here.staff else visit.here.leads),
        figures=queries.figures(db, code, seen),
        form=form or LookUpForm.blank(),
        **words(visit),
    )


def _dwelling(
    request: Request,
    visit: Visit,
    db: Any,
    dwelling: Dwelling,
    *,
    move_form: BoundForm[Any] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    choices = {"buildings": places.building_choices(db, visit.community.code)}
    return page(
        request,
        "registry/dwelling.html",
        status=status,
        dwelling=dwelling,
        building=places.find_building(db, dwelling.code, dwelling.building_id),
        people=queries.behind(db, dwelling.id),
        steps=queries.history(db, kinds=(), dwelling_id=dwelling.id),
        move_form=move_form or HouseholdForm.blank(choices),
        done=DONE.get(done),
        **words(visit),
    )


def _new(
    request: Request,
    visit: Visit,
    db: Any,
    dwelling: Dwelling,
    form: BoundForm[Any],
    twins: list[Any] | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "registry/new.html",
        status=status,
        dwelling=dwelling,
        building=places.find_building(db, dwelling.code, dwelling.building_id),
        form=form,
        twins=twins or [],
        **words(visit),
    )
