"""The lists that a duty needs (专项): who is on one, for those whose duty it is; refused to everybody else."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities.addressing import Entered
from shequtong.core.communities.visiting import Visit
from shequtong.core.registry import opening, overlays, queries
from shequtong.core.registry.forms import WhyForm
from shequtong.core.registry.routes.dwellings import words
from shequtong.core.registry.seeing import Listed, Reading
from shequtong.lib import clock
from shequtong.lib.forms import BoundForm
from shequtong.lib.web import Db, Submitted, page
from shequtong.lib.web import router as pages

router = pages()

HERE = "/c/{code}/registry/lists/{kind}"
STAFF, LEAD = frozenset({"real_name", "phone", "room"}), frozenset({"real_name", "room"})
"""What is read when a list is opened: a building lead knows whom to knock at, and needs no number."""


@router.get(HERE)
def show_list(request: Request, visit: Entered, listed: Reading, db: Db) -> Response:
    """Who is on the list, masked, where one's duty reaches."""
    return _list(request, visit, db, listed)


@router.post(HERE + "/looks")
def look(request: Request, visit: Entered, listed: Reading, sent: Submitted, db: Db) -> Response:
    """Names, numbers and rooms of the whole list, after a reason, which each of them will read."""
    form = WhyForm.read(sent)
    if form.errors:
        return _list(request, visit, db, listed, form=form, status=422)
    rows = queries.listed(db, visit.community.code, listed.kind, listed.buildings)
    opened = STAFF if visit.here.staff else LEAD
    kept = " ".join(what for what in opening.MASKED if what in opened)
    opening.open_rows(db, rows, f"{kept} overlays", visit.actor, form.value.in_words)
    return _list(request, visit, db, listed, opened=opened)


def _list(
    request: Request,
    visit: Visit,
    db: Any,
    listed: Listed,
    *,
    opened: frozenset[str] = frozenset(),
    form: BoundForm[Any] | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "registry/list.html",
        status=status,
        kind=listed.kind,
        declared=overlays.OVERLAYS[listed.kind],
        rows=queries.listed(db, visit.community.code, listed.kind, listed.buildings),
        opened=opened,
        form=form or WhyForm.blank(),
        today=clock.today(),
        **words(visit),
    )
