"""What a secretary sets for the community."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities.addressing import here
from shequtong.core.communities.forms import SettingsForm
from shequtong.core.communities.models import Division
from shequtong.core.communities.standing import STAFF
from shequtong.core.communities.standings import holders
from shequtong.core.communities.visiting import Visit
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Secretary = Annotated[Visit, here("secretary")]


@router.get("/c/{code}/settings")
def show_settings(request: Request, visit: Secretary, saved: bool = False) -> Response:
    """Which boards are open, and how carefully new words are looked at."""
    community = visit.community
    form = SettingsForm.blank(
        _choices(request),
        boards_on=community.boards_on,
        boards_off=community.boards_off,
        hold_first_posts=community.hold_first_posts,
        report_threshold=community.report_threshold,
        second_look=community.second_look,
        shares_matters=community.shares_matters,
    )
    return _show(request, visit, form, saved=saved)


@router.post("/c/{code}/settings")
def save_settings(request: Request, visit: Secretary, sent: Submitted, db: Db) -> Response:
    """Set them."""
    offered = _choices(request)
    form = SettingsForm.read(sent, offered)
    if not form.errors and len(form.value.boards_off) == len(offered["usual"]):
        form.refuse("boards_off", _("Leave at least one board open"))
    if not form.errors and form.value.second_look and len(holders(db, visit.community.code, STAFF)) < 2:
        form.refuse(
            "second_look", _("A second look needs two people in the committee's office; there is one.")
        )
    if form.errors:
        return _show(request, visit, form, status=422)
    division = db.get_one(Division, visit.community.code)
    for name, value in form.value.model_dump().items():
        setattr(division, name, value)
    return see_other(f"/c/{division.code}/settings?saved=1")


def _choices(request: Request) -> dict[str, Any]:
    boards = [board for board in request.app.state.boards if "committee" in board.levels]
    return {
        "optional": [(board.slug, board.name) for board in boards if board.optional],
        "usual": [(board.slug, board.name) for board in boards if not board.optional],
    }


def _show(
    request: Request, visit: Visit, form: BoundForm[Any], *, saved: bool = False, status: int = 200
) -> Response:
    return page(
        request,
        "communities/settings.html",
        block="settings_form",
        status=status,
        community=visit.community,
        form=form,
        saved=saved,
    )
