"""The report of a bulletin: who has passed it on, how far it has come, and whom its issuer reminds."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from shequtong.boards.district import addressing, cascading, reporting
from shequtong.core.posts.addressing import address, on_post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib import clock, spreadsheets
from shequtong.lib.errors import NotFound
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

RELAYS = "/c/{code}/{board}/{post_id}/relays"
Overseeing = Annotated[Case, on_post("oversee")]


@router.get(RELAYS)
def show_relays(request: Request, case: Overseeing, db: Db, street: str = "", reminded: str = "") -> Response:
    """Street by street, and the committees of one of them; at a street, its committees."""
    found = reporting.report(db, case)
    chosen = case.post.code if len(case.post.code) == addressing.STREET else street
    lines = [line for line in found.lines if line.code.startswith(chosen)] if chosen else []
    lines.sort(key=lambda line: reporting.ORDER.index(line.state))
    if street and not lines:
        raise NotFound
    return page(
        request,
        "boards/district/relays.html",
        boards=rooms_of(case.community),
        board=case.board,
        post=case.post,
        detail=case.detail,
        community=case.community,
        here=address(case.post),
        progress=cascading.progress(db, case.post.id),
        found=found,
        street=next((one for one in found.streets if one.code == chosen), None),
        streets=list(zip(found.streets, reporting.doors(found.streets), strict=True)),
        total=reporting.doors([found.total])[0],
        lines=list(zip(lines, reporting.doors(lines), strict=True)),
        states=reporting.states(),
        hours=reporting.hours,
        may_remind=case.post.state in cascading.IN_FORCE,
        reminded=reminded,
    )


@router.get(RELAYS + "/progress")
def show_progress(request: Request, case: Overseeing, db: Db) -> Response:
    """How many committees know of it by now: a piece of the bulletin's page that asks again until all do."""
    return page(
        request,
        "boards/district/progress.html",
        board=case.board,
        post=case.post,
        community=case.community,
        here=address(case.post),
        progress=cascading.progress(db, case.post.id),
    )


@router.get(RELAYS + "/table.csv")
def download_relays(case: Overseeing, db: Db) -> Response:
    """Every committee, for a spreadsheet."""
    content = spreadsheets.as_csv(reporting.sheet(reporting.report(db, case)))
    name = f"shequtong-bulletin-{case.post.id}-{clock.today()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.post(RELAYS + "/remind")
def remind_committees(case: Overseeing, db: Db, _sent: Submitted) -> Response:
    """Ask those that have not passed it on once more."""
    return see_other(f"{address(case.post)}/relays?reminded={cascading.remind(db, case)}")
