"""The handbook by classes, what an item said before, what its keepers have to mend, and all of it as a table."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from shequtong.boards.guides import delivering, missing, queries, reviewing, starting, tables, versions
from shequtong.boards.guides.forms import CLASSES
from shequtong.boards.guides.models import Delivery
from shequtong.core.posts.addressing import address, on_board, on_post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib import clock, spreadsheets
from shequtong.lib.differences import excerpt
from shequtong.lib.errors import NotFound
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import UnfitText, clean_line
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

HERE = "/c/{code}/{board}"
Listed = Annotated[Case, on_board("list")]
Keeping = Annotated[Case, on_board("keep")]


def around(case: Case) -> dict[str, Any]:
    return {
        "case": case,
        "board": case.board,
        "community": case.community,
        "boards": rooms_of(case.community),
        "here": f"/c/{case.community.code}/{case.board.slug}",
    }


def only_guides(case: Case) -> None:
    if case.board.slug != "guides":
        raise NotFound


@router.get(HERE + "/classes/{category}")
def show_class(request: Request, case: Listed, category: str, db: Db) -> Response:
    """Everything of one class, by title: what to bring and where to go, and what is often asked."""
    only_guides(case)
    if category not in dict(CLASSES):
        raise NotFound
    found = queries.of_class(db, case.community.code, category)
    return page(
        request,
        "boards/guides/class.html",
        classes=CLASSES,
        category=category,
        items=[row for row in found if row.kind == "item"],
        asked=[row for row in found if row.kind == "question"],
        **around(case),
    )


@router.get(HERE + "/{post_id}/versions")
def show_versions(request: Request, case: Annotated[Case, on_post("show")], db: Db) -> Response:
    """What an item said each time it went out, and what was changed from one time to the next."""
    only_guides(case)
    if case.post.kind != "item":
        raise NotFound
    return page(
        request,
        "boards/guides/versions.html",
        post=case.post,
        back=address(case.post, case.community.code),
        versions=versions.all_of(db, case.post),
        **around(case),
    )


@router.get(HERE + "/keeping")
def show_keeping(request: Request, case: Keeping, db: Db) -> Response:
    """What the committee has to mend in its handbook."""
    only_guides(case)
    until = clock.today() + reviewing.AHEAD
    rows = queries.to_mend(db, case.community.code, until)
    return page(
        request,
        "boards/guides/keeping.html",
        due=[row for row in rows if row.review_on <= until],
        failing=[row for row in rows if row.failed],
        missed=missing.waiting(db, case.community.code),
        **around(case),
    )


# The handbook as a table ---------------------------------------------------------------------------------


@router.get(HERE + "/table")
def show_tables(request: Request, case: Keeping, db: Db, written: int = -1) -> Response:
    """Where a table is sent, and fetched."""
    only_guides(case)
    return _ask_table(request, case, db, written=written)


@router.post(HERE + "/table")
def send_table(request: Request, case: Keeping, sent: Submitted, db: Db) -> Response:
    """Take a table in, to look at what it would do."""
    only_guides(case)
    upload = sent.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return _ask_table(request, case, db, mistake=_("Choose a file first."), status=422)
    try:
        content = upload.file.read(spreadsheets.MOST_BYTES + 1)
        delivery = delivering.receive(db, case, content, clean_line(upload.filename))
    except (spreadsheets.NoTable, UnfitText) as no:
        return _ask_table(request, case, db, mistake=no.reason, status=422)
    return see_other(f"{around(case)['here']}/table/{delivery.id}")


@router.get(HERE + "/table/file")
def fetch_table(case: Keeping, db: Db, form: str = "xlsx") -> Response:
    """All items of the place, as a table that can be sent back."""
    only_guides(case)
    if form not in spreadsheets.TYPES:
        raise NotFound
    sheet = tables.table_of(queries.every_item(db, case.community.code))
    return _file(sheet, f"guides-{case.community.code}-{clock.today()}", form)


@router.get(HERE + "/table/begin")
def fetch_beginning(case: Keeping, form: str = "xlsx") -> Response:
    """The handbook that comes with the house, to begin with."""
    only_guides(case)
    if form not in spreadsheets.TYPES:
        raise NotFound
    return _file(starting.sheet(clock.today()), "guides-to-begin-with", form)


@router.get(HERE + "/table/{delivery_id}")
def show_table(request: Request, case: Keeping, delivery_id: int, db: Db) -> Response:
    """What a table that was sent would change, row by row; nothing is written yet."""
    only_guides(case)
    return _preview(request, case, _delivery(case, db, delivery_id), db)


@router.post(HERE + "/table/{delivery_id}")
def write_table(request: Request, case: Keeping, delivery_id: int, sent: Submitted, db: Db) -> Response:
    """Write what the table changes, or put it away (`remove`)."""
    only_guides(case)
    delivery = _delivery(case, db, delivery_id)
    back = f"{around(case)['here']}/table"
    if sent.get("remove"):
        db.delete(delivery)
        return see_other(back)
    rows = delivering.plan(db, delivery)
    if sent.get("seen") != tables.mark_of(rows):
        return _preview(request, case, delivery, db, stale=True, status=409)
    return see_other(f"{back}?written={delivering.write(db, case, delivery, rows)}")


def _delivery(case: Case, db: Any, delivery_id: int) -> Delivery:
    found = delivering.find(db, case.community.code, delivery_id)
    if found is None:
        raise NotFound
    return found


def _file(sheet: spreadsheets.Sheet, name: str, form: str) -> Response:
    content = spreadsheets.as_csv(sheet) if form == "csv" else spreadsheets.as_xlsx([sheet], figures=False)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{form}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=spreadsheets.TYPES[form], headers=headers)


def _ask_table(
    request: Request, case: Case, db: Any, *, mistake: Any = "", written: int = -1, status: int = 200
) -> Response:
    return page(
        request,
        "boards/guides/tables.html",
        status=status,
        mistake=mistake,
        written=written,
        waiting=delivering.waiting(db, case.community.code),
        most=tables.MOST_ROWS,
        many=starting.MANY,
        **around(case),
    )


def _preview(
    request: Request, case: Case, delivery: Delivery, db: Any, *, stale: bool = False, status: int = 200
) -> Response:
    rows = delivering.plan(db, delivery)
    by_what = {
        what: [row for row in rows if row.what == what] for what in ("wrong", "changed", "new", "same")
    }
    return page(
        request,
        "boards/guides/table.html",
        status=status,
        delivery=delivery,
        mine=delivery.by_id == case.actor.id,
        found=by_what,
        hidden=[row for row in by_what["changed"] if row.hidden],
        mark=tables.mark_of(rows),
        stale=stale,
        excerpt=excerpt,
        **around(case),
    )
