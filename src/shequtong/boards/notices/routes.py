"""A notice as a sheet of paper for the board at the gate, and its round from door to door."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import Request
from starlette.responses import Response

from shequtong.boards.notices import knocking, reaching
from shequtong.core.posts.addressing import address, on_post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib.errors import Forbidden, NotFound
from shequtong.lib.i18n import gettext as _
from shequtong.lib.spreadsheets import Sheet, as_csv
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

HERE = "/c/{code}/{board}/{post_id}"
Knocking = Annotated[Case, on_post("knock")]


@router.get(HERE + "/poster")
def show_poster(request: Request, case: Annotated[Case, on_post("show")]) -> Response:
    """A notice in large print, with the code that leads a telephone to it."""
    if case.board.slug != "notices":
        raise NotFound
    target = request.app.state.settings.base_url.rstrip("/") + address(case.post)
    return page(
        request,
        "boards/notices/poster.html",
        board=case.board,
        post=case.post,
        detail=case.detail,
        shown=request.state.shown,
        community=case.community,
        target=target,
        code=segno.make(target, error="m", micro=False).svg_data_uri(scale=6, border=2),
    )


@router.get(HERE + "/doors")
def show_doors(
    request: Request, case: Knocking, db: Db, building: str = "", done: str = "", sheet: bool = False
) -> Response:
    """The doors of one building that have not confirmed; `sheet` is the list to take along on paper."""
    buildings = knocking.rounds(db, case)
    chosen = next((row for row in buildings if row.id == number(building)), None)
    if chosen is None and building:
        raise NotFound
    chosen = chosen or next((row for row in buildings if row.left), None) or next(iter(buildings), None)
    if chosen is None:
        raise NotFound
    left, on_paper = reaching.doors(db, case, chosen.id)
    return page(
        request,
        "boards/notices/sheet.html" if sheet else "boards/notices/doors.html",
        boards=rooms_of(case.community),
        board=case.board,
        post=case.post,
        detail=case.detail,
        community=case.community,
        here=address(case.post),
        buildings=buildings,
        chosen=chosen,
        left=left,
        on_paper=on_paper,
        done=done,
    )


@router.get(HERE + "/doors.csv")
def download_doors(case: Knocking, db: Db) -> Response:
    """All doors that have not confirmed, for a spreadsheet of the committee's: building and room, and no names."""
    if not case.here.staff:
        raise Forbidden
    headers = {
        "Content-Disposition": f'attachment; filename="doors-{case.post.id}.csv"',
        "Cache-Control": "no-store",
    }
    content = as_csv(Sheet(_("Doors that have not confirmed"), knocking.table(db, case)))
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.post(HERE + "/doors")
def note_doors(case: Knocking, sent: Submitted, db: Db) -> Response:
    """Note the doors that confirmed on paper, or take one back (`undo`)."""
    building = number(sent.get("building"))
    if undone := number(sent.get("undo")):
        knocking.take_back(db, case, undone)
        return see_other(f"{address(case.post)}/doors?building={building}")
    doors = {number(door) for door in sent.getlist("door")}
    knocking.note_paper(db, case, doors)
    return see_other(f"{address(case.post)}/doors?building={building}&done={len(doors)}")


@router.post(HERE + "/remind")
def remind(case: Knocking, db: Db, _sent: Submitted) -> Response:
    """Ask those behind the doors that have not confirmed once more."""
    return see_other(f"{address(case.post)}/doors?done=reminded-{knocking.remind(db, case)}")
