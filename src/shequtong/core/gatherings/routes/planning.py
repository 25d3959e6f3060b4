"""The day and the place: set, changed, called off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.gatherings import planning, queries
from shequtong.core.gatherings.forms import CancelForm, PlanForm
from shequtong.core.gatherings.routes.case import HERE, Planning, around, home, the_gathering
from shequtong.core.posts import hanging
from shequtong.core.posts.policy import Case
from shequtong.lib.errors import NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()


@router.get(HERE + "/plan")
def ask_for_plan(request: Request, case: Planning, db: Db) -> Response:
    """When and where, for how many: the form, with what is known already."""
    return _show(request, case, db, None)


@router.post(HERE + "/plan")
def keep_plan(request: Request, case: Planning, sent: Submitted, db: Db) -> Response:
    """Set the day and the place, or change them."""
    before = _find(db, case)
    form = PlanForm.read(sent)
    if not form.errors:
        wanted = _plan(form.value)
        for field, wrong in planning.mistakes(wanted, before):
            form.refuse(field, wrong)
        if not form.errors:
            if before is None:
                planning.plan(db, case, wanted)
            else:
                planning.change(db, case, wanted)
            return see_other(home(case))
    return _show(request, case, db, form, status=422)


@router.post(HERE + "/cancel")
def cancel(request: Request, case: Planning, sent: Submitted, db: Db) -> Response:
    """Call it off, and tell everybody who signed up why."""
    the_gathering(db, case)
    form = CancelForm.read(sent)
    if form.errors:
        return _show(request, case, db, None, cancel_form=form, status=422)
    planning.cancel(db, case, form.value.reason)
    return see_other(home(case))


def _find(db: Any, case: Case) -> Any:
    """What hangs there already; NotFound for a board whose posts carry no gathering."""
    found = queries.one(db, case.post.id, case.actor.id)
    if found is None and not hanging.may_hang(case, planning.NAME):
        raise NotFound
    return found


def _plan(form: PlanForm) -> planning.Plan:
    return planning.Plan(form.starts_at, form.ends_at, form.place, form.places, form.guests or 0)


def _show(
    request: Request,
    case: Case,
    db: Any,
    form: BoundForm[Any] | None,
    cancel_form: BoundForm[Any] | None = None,
    status: int = 200,
) -> Response:
    found = _find(db, case)
    return page(
        request,
        "gatherings/plan.html",
        block="plan",
        status=status,
        form=form or PlanForm.blank(**_known(case, found)),
        cancel_form=(cancel_form or CancelForm.blank()).named("cancel"),
        **around(case, found),
    )


def _known(case: Case, found: Any) -> Mapping[str, Any]:
    """What the form begins with: the plan as it stands, or what the post's own board asked already."""
    known = found if found is not None else case.detail
    names = PlanForm.model_fields
    return {name: getattr(known, name) for name in names if getattr(known, name, None) is not None}
