"""Where a secretary gives the community's boards names of its own."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities.addressing import here
from shequtong.core.communities.visiting import Visit
from shequtong.core.posts import naming
from shequtong.core.posts.board import Board
from shequtong.core.posts.forms import NameForm
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib.errors import Invalid
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

HERE = "/c/{code}/settings/names"
Secretary = Annotated[Visit, here("secretary")]


@router.get(HERE)
def show_names(request: Request, visit: Secretary, saved: bool = False) -> Response:
    """What each board is called here, beside its usual name."""
    return _show(request, visit, saved=saved)


@router.post(HERE)
def save_name(request: Request, visit: Secretary, sent: Submitted, db: Db) -> Response:
    """Give one board a name of its own, or its usual one back (`usual`)."""
    board, code = ROOMS.get(str(sent.get("board") or "")), visit.community.code
    if board is None or board.essential:
        raise Invalid(_("This board has the same name everywhere."))
    own = ""
    if not sent.get("usual"):
        form = NameForm.read(sent)
        own = "" if form.errors else form.value.name
        if own and (mistake := naming.mistake_in(own, board, visit.community)):
            form.refuse("name", mistake)
        if form.errors:
            return _show(request, visit, wrong={board.slug: form}, status=422)
    naming.name(db, code, board, own)
    return see_other(f"/c/{code}/settings/names?saved=1")


def _show(
    request: Request,
    visit: Visit,
    *,
    wrong: dict[str, BoundForm[Any]] | None = None,
    saved: bool = False,
    status: int = 200,
) -> Response:
    community = visit.community

    def form_of(board: Board) -> BoundForm[Any]:
        own = community.board_names.get(board.slug, "")
        return ((wrong or {}).get(board.slug) or NameForm.blank(name=own)).named(board.slug)

    return page(
        request,
        "posts/names.html",
        block="names",
        status=status,
        community=community,
        doors=[(board, form_of(board)) for board in naming.nameable()],
        fixed=[board for board in ROOMS.values() if board.essential],
        saved=saved,
    )
