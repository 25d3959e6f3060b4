"""Whose wish it is, opened with a reason; and showing oneself as a Party member beside one's claim, or no longer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.boards.party import claiming, wishing
from shequtong.boards.party.forms import LookForm, ShowMembershipForm
from shequtong.core.posts.addressing import address, on_post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib.errors import NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

HERE = "/c/{code}/{board}/{post_id}"
Looking = Annotated[Case, on_post("look_at_wisher")]
Showing = Annotated[Case, on_post("show_membership")]


@router.get(HERE + "/wisher")
def ask_why(request: Request, case: Looking) -> Response:
    """Ask staff why they want to know whose wish it is."""
    return _wisher(request, case, LookForm.blank())


@router.post(HERE + "/wisher")
def show_wisher(request: Request, case: Looking, sent: Submitted, db: Db) -> Response:
    """Show whose wish it is, once; the wisher reads who looked, and why (P2)."""
    form = LookForm.read(sent)
    if form.errors:
        return _wisher(request, case, form, status=422)
    return _wisher(request, case, form, wishing.look(db, case, form.value.reason))


@router.get(HERE + "/membership")
def ask_to_show(request: Request, case: Showing) -> Response:
    """Say what showing one's membership means, and ask for a consent of its own (PIPL art. 29)."""
    _refuse_others(case)
    return _membership(request, case, ShowMembershipForm.blank())


@router.post(HERE + "/membership")
def show_membership(request: Request, case: Showing, sent: Submitted, db: Db) -> Response:
    """Show it beside this claim, or no longer (`undo`), which is as easy (PIPL art. 15)."""
    _refuse_others(case)
    shows = not sent.get("undo")
    form = ShowMembershipForm.read(sent)
    if shows and not (form.checked and form.checked.agree):
        form.refuse("agree", _("Tick this if you agree. Without it nothing is shown."))
        return _membership(request, case, form, status=422)
    claiming.show_membership(db, case, shows)
    return see_other(address(case.post, case.community.code))


def _refuse_others(case: Case) -> None:
    if not claiming.claimed_it(case):
        raise NotFound


def _wisher(
    request: Request, case: Case, form: BoundForm[Any], wisher: Any = None, status: int = 200
) -> Response:
    return page(request, "boards/party/wisher.html", status=status, form=form, wisher=wisher, **_around(case))


def _membership(request: Request, case: Case, form: BoundForm[Any], status: int = 200) -> Response:
    return page(request, "boards/party/membership.html", status=status, form=form, **_around(case))


def _around(case: Case) -> dict[str, Any]:
    return {
        "board": case.board,
        "boards": rooms_of(case.community),
        "community": case.community,
        "post": case.post,
        "here": address(case.post, case.community.code),
    }
