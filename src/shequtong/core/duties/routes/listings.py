"""The duty lists of a committee's offices: read by who serves there, written by its staff, printed for the wall."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities.addressing import here
from shequtong.core.communities.visiting import Visit
from shequtong.core.duties import listing
from shequtong.core.duties.forms import LineForm
from shequtong.core.duties.routes.lists import AT_THEIR_DESKS
from shequtong.core.posts.rooms import ROOMS, rooms_in, rooms_of
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

LISTS = "/c/{code}/duties/lists"
Reading = Annotated[Visit, here(*AT_THEIR_DESKS, "lead", "street", "district")]
Staff = Annotated[Visit, here("clerk", "secretary")]


@router.get(LISTS)
def choose_list(request: Request, visit: Reading) -> Response:
    """Whose duty list?"""
    return page(
        request,
        "duties/lists.html",
        offices=listing.offices(),
        mine=[office for office in listing.offices() if visit.here.is_any(office)],
        community=visit.community,
    )


@router.get(LISTS + "/{office}")
def show_list(request: Request, visit: Reading, office: str, db: Db) -> Response:
    """What an office must do, how it is done, and what is due of it now."""
    return _show(request, visit, db, _known(office))


@router.get(LISTS + "/{office}/paper")
def print_list(request: Request, visit: Reading, office: str, db: Db) -> Response:
    """The list on a sheet of A4."""
    code = visit.community.code
    return page(
        request,
        "duties/list_paper.html",
        office=_known(office),
        lines=listing.lines(db, code, office),
        back=f"/c/{code}/duties/lists/{office}",
        today=clock.today(),
        community=visit.community,
    )


@router.post(LISTS + "/{office}")
def change_list(request: Request, visit: Staff, office: str, sent: Submitted, db: Db) -> Response:
    """Put something on the list, or take the line at a place off it (`remove`)."""
    code = visit.community.code
    if "remove" in sent:
        if not listing.take_off(db, code, _known(office), number(sent.get("remove")) - 1):
            raise NotFound
        return see_other(f"/c/{code}/duties/lists/{office}")
    form = LineForm.read(sent, _choices(db, visit))
    if not form.errors:
        value = form.value
        try:
            listing.add(db, code, _known(office), listing.Line(0, value.words, value.board, value.post_id))
        except Conflict as full:
            form.refuse("", full.message)
    if form.errors:
        return _show(request, visit, db, _known(office), form, status=422)
    return see_other(f"/c/{code}/duties/lists/{office}#add")


def _known(office: str) -> str:
    if office not in listing.offices():
        raise NotFound
    return office


def _choices(db: Any, visit: Visit) -> dict[str, Any]:
    return {
        "boards": [(board.slug, board.name) for board in rooms_of(visit.community) if board.owes],
        "guides": [(str(row.id), row.title) for row in listing.guides(db, visit.community.code)],
    }


def _show(
    request: Request,
    visit: Visit,
    db: Any,
    office: str,
    form: BoundForm[Any] | None = None,
    status: int = 200,
) -> Response:
    code = visit.community.code
    writes = visit.here.staff
    return page(
        request,
        "duties/list.html",
        status=status,
        office=office,
        lines=listing.lines(db, code, office),
        due=listing.due_now(db, code, office) if writes or visit.here.is_any(office) else {},
        form=(form or LineForm.blank(_choices(db, visit))) if writes else None,
        handbook=next((slug for slug, board in ROOMS.items() if board.handbook), ""),
        rooms=rooms_in(visit.community),
        community=visit.community,
    )
