"""The same person twice: two entries side by side, and one of them stays."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities.visiting import Visit
from shequtong.core.registry import merging, queries, showing
from shequtong.core.registry.forms import MergeForm
from shequtong.core.registry.models import Person
from shequtong.core.registry.routes.dwellings import words
from shequtong.core.registry.seeing import Staff, Written, find_person, may
from shequtong.lib.errors import Conflict, Forbidden
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

HERE = "/c/{code}/registry/people/{person_id}/merge/{other_id}"


@router.get(HERE)
def compare(request: Request, visit: Staff, person: Written, other_id: int, db: Db) -> Response:
    """Two entries side by side, masked, with what is the same in both."""
    return _compare(request, visit, db, person, _other(db, visit, other_id))


@router.post(HERE)
def merge(
    request: Request, visit: Staff, person: Written, other_id: int, sent: Submitted, db: Db
) -> Response:
    """They are one person: one entry (`kept`) stays, with the lists and the history of both."""
    other = _other(db, visit, other_id)
    form = MergeForm.read(sent, {"both": _both(person, other)})
    if form.errors:
        return _compare(request, visit, db, person, other, form, 422)
    kept, goes = (person, other) if form.value.kept == person.id else (other, person)
    kept_id = kept.id
    try:
        merging.merge(db, kept, goes, visit.actor, form.value.reason)
    except Conflict as refused:
        return _compare(request, visit, db, person, other, form.refuse("kept", refused.message), 422)
    return see_other(f"/c/{visit.community.code}/registry/people/{kept_id}?done=merge")


def _other(db: Any, visit: Visit, other_id: int) -> Person:
    found = find_person(db, visit, other_id)
    if not may(visit, "write", found.building_id, found):
        raise Forbidden(_("This is about yourself. Somebody else has to decide it."))
    return found


def _both(one: Person, other: Person) -> list[tuple[str, str]]:
    return [
        (str(one.id), _("The first: %(name)s", name=showing.name(one))),
        (str(other.id), _("The second: %(name)s", name=showing.name(other))),
    ]


def _compare(
    request: Request,
    visit: Visit,
    db: Any,
    person: Person,
    other: Person,
    form: BoundForm[Any] | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "registry/merge.html",
        status=status,
        person=person,
        both=[queries.person(db, person.id), queries.person(db, other.id)],
        differences=dict(merging.differences(person, other)),
        form=form or MergeForm.blank({"both": _both(person, other)}),
        **words(visit),
    )
