"""A place at a gathering: taken, given back, and the code that shows it at the door."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.gatherings import calendars, showing, signing_up
from shequtong.core.gatherings.forms import SignUpForm
from shequtong.core.gatherings.routes.case import HERE, Showing, SigningUp, around, home, the_gathering
from shequtong.core.posts.policy import Case
from shequtong.lib.errors import Conflict, Invalid, SignInNeeded
from shequtong.lib.forms import BoundForm
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()


@router.get(HERE)
def show_gathering(request: Request, case: Showing, db: Db) -> Response:
    """When, where, how many places are left; my own place, my number in the queue, and my code."""
    return _show(request, case, db)


@router.post(HERE)
def sign_up(request: Request, case: SigningUp, sent: Submitted, db: Db) -> Response:
    """Take a place or a number in the queue; once more brings other guests."""
    the_gathering(db, case)
    form = SignUpForm.read(sent)
    status = 422
    if not form.errors:
        try:
            signing_up.sign_up(db, case, form.value.guests or 0)
            return see_other(home(case))
        except (Invalid, Conflict) as wrong:
            form.refuse("guests", wrong.message)
            status = wrong.status
    return _show(request, case, db, form=form, status=status)


@router.post(HERE + "/leave")
def give_back(case: Showing, _sent: Submitted, db: Db) -> Response:
    """Give one's place or number back."""
    if case.actor.id is None:
        raise SignInNeeded
    signing_up.step_out(db, case.post, case.actor.id)
    return see_other(home(case))


@router.get(HERE + ".ics")
def download(request: Request, case: Showing, db: Db) -> Response:
    """This one gathering, for the calendar of a telephone."""
    found = the_gathering(db, case)
    row = _Row(found, case.post)
    return Response(
        calendars.write(case.post.title, [row], request.app.state.settings.base_url),
        media_type=calendars.MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="gathering-{case.post.id}.ics"',
            "Cache-Control": "no-store",
        },
    )


class _Row:
    """A gathering and its post as one row of a calendar."""

    def __init__(self, gathering: Any, post: Any) -> None:
        self.gathering, self.post = gathering, post

    def __getattr__(self, name: str) -> Any:
        return getattr(self.gathering if hasattr(self.gathering, name) else self.post, name)


def _show(
    request: Request, case: Case, db: Any, form: BoundForm[Any] | None = None, status: int = 200
) -> Response:
    found = the_gathering(db, case)
    has_place = found.my_state == "in" and not found.came_at and found.state == "planned"
    base_url = request.app.state.settings.base_url
    return page(
        request,
        "gatherings/show.html",
        block="gathering",
        status=status,
        form=form
        or SignUpForm.blank(guests=found.my_guests if found.my_state in ("in", "waiting") else None),
        picture=showing.code_to_scan(base_url, home(case), found.ticket) if has_place else "",
        **around(case, found),
    )
