"""At the door: codes, the list, and what stood on paper."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.gatherings import checking_in, queries
from shequtong.core.gatherings.forms import CheckInForm, LateForm
from shequtong.core.gatherings.routes.case import HERE, CheckingIn, around, home, the_gathering
from shequtong.core.posts.policy import Case
from shequtong.lib.errors import Conflict, Invalid
from shequtong.lib.forms import BoundForm
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

WHAT = ("came", "missed", "undo")


@router.get(HERE + "/check-in")
def ask_for_code(request: Request, case: CheckingIn, db: Db, ticket: str = "", done: int = 0) -> Response:
    """The box for a code; one that was scanned stands in it already. Looking at it checks nobody in."""
    return _show_door(request, case, db, CheckInForm.blank(ticket=ticket[:20] or None), done=done)


@router.post(HERE + "/check-in")
def check_in(request: Request, case: CheckingIn, sent: Submitted, db: Db) -> Response:
    """Check somebody in by their code. One that was used before is refused, and says when."""
    the_gathering(db, case)
    form = CheckInForm.read(sent)
    if not form.errors:
        try:
            came = checking_in.check_in(db, case, form.value.ticket)
            return see_other(f"{home(case)}/check-in?done={came.account_id}")
        except (Invalid, Conflict) as wrong:
            form.refuse("ticket", wrong.message)
    return _show_door(request, case, db, form, status=422)


@router.get(HERE + "/list")
def show_list(request: Request, case: CheckingIn, db: Db) -> Response:
    """Everybody who signed up, to tick and to print."""
    return _show_list(request, case, db)


@router.post(HERE + "/list")
def write_down(case: CheckingIn, sent: Submitted, db: Db) -> Response:
    """Note of those who are ticked that they came, missed it, or neither."""
    the_gathering(db, case)
    what = str(sent.get("what", ""))
    if what not in WHAT:
        raise Invalid
    checking_in.write_down(db, case, [number(one) for one in sent.getlist("who")], what)
    return see_other(f"{home(case)}/list")


@router.post(HERE + "/list/others")
def add_other(request: Request, case: CheckingIn, sent: Submitted, db: Db) -> Response:
    """Note that a neighbour came who had no place."""
    the_gathering(db, case)
    form = LateForm.read(sent)
    if not form.errors:
        try:
            checking_in.add(db, case, form.value.name)
            return see_other(f"{home(case)}/list")
        except (Invalid, Conflict) as wrong:
            form.refuse("name", wrong.message)
    return _show_list(request, case, db, form, status=422)


def _show_door(
    request: Request, case: Case, db: Any, form: BoundForm[Any], done: int = 0, status: int = 200
) -> Response:
    found = the_gathering(db, case)
    people = queries.signed_up(db, case.post.id, case.post.code)
    return page(
        request,
        "gatherings/check_in.html",
        block="door",
        status=status,
        form=form,
        done=next((one for one in people if one.account_id == done and one.came_at), None),
        **_counts(people),
        **around(case, found),
    )


def _show_list(
    request: Request, case: Case, db: Any, form: BoundForm[Any] | None = None, status: int = 200
) -> Response:
    found = the_gathering(db, case)
    people = queries.signed_up(db, case.post.id, case.post.code)
    return page(
        request,
        "gatherings/list.html",
        block="list",
        status=status,
        people=people,
        form=(form or LateForm.blank()).named("other"),
        **_counts(people),
        **around(case, found),
    )


def _counts(people: list[Any]) -> dict[str, int]:
    """How many are expected, came, and missed it, guests included."""
    came = [one for one in people if one.came_at]
    return {
        "expected": sum(1 + one.guests for one in people if one.state == "in"),
        "came": sum(1 + one.guests for one in came),
        "missed": sum(1 for one in people if one.missed_at),
    }
