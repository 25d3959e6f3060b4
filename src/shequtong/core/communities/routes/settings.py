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
        _choices(request, community),
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
    form = SettingsForm.read(sent, _choices(request, visit.community))
    stays = [b.name for b in request.app.state.boards if b.essential and b.slug in sent.getlist("boards_off")]
    if stays:
        form.refuse("boards_off", _("“%(board)s” stays open in every community", board=stays[0]))
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


def _choices(request: Request, community: Any) -> dict[str, Any]:
    boards = [board for board in request.app.state.boards if not board.essential]
    names = community.board_names
    return {
        "optional": [(b.slug, names.get(b.slug, b.name)) for b in boards if b.optional],
        "usual": [(b.slug, names.get(b.slug, b.name)) for b in boards if not b.optional],
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
