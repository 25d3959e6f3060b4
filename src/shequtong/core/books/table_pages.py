"""The books as tables: a year to fetch, and lines to send, seen and mended before they are entered."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from shequtong.core.books import importing, tables, yearly
from shequtong.core.books.forms import CATEGORIES, DIRECTIONS
from shequtong.core.books.models import BookDelivery
from shequtong.core.books.routes import HERE, Keeping, Reading, around, books_of, home
from shequtong.core.posts.policy import Case
from shequtong.lib import clock, spreadsheets
from shequtong.lib.errors import NotFound
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import UnfitText, clean_line
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()


@router.get(HERE + "/{year}/lines.{form}")
def fetch_lines(case: Reading, year: int, form: str, db: Db) -> Response:
    """The lines of a year as a table; a workbook holds the budget too."""
    told = yearly.read(db, books_of(case, year), case.community.code, year)
    name = f"{case.board.slug}-{case.community.code}-{year}-lines"
    return _file([tables.lines(told), tables.budget(told)], name, form)


@router.get(HERE + "/{year}/accounts.{form}")
def fetch_accounts(case: Reading, year: int, form: str, db: Db) -> Response:
    """The budget of a year and what came of it."""
    told = yearly.read(db, books_of(case, year), case.community.code, year)
    return _file([tables.budget(told)], f"{case.board.slug}-{case.community.code}-{year}-budget", form)


@router.get(HERE + "/import/empty.{form}")
def fetch_empty(case: Keeping, form: str) -> Response:
    """A table with headings alone."""
    home(case)
    return _file([tables.empty()], f"{case.board.slug}-lines", form)


def _file(sheets: list[spreadsheets.Sheet], name: str, form: str) -> Response:
    if form not in spreadsheets.TYPES:
        raise NotFound
    content = spreadsheets.as_csv(sheets[0]) if form == "csv" else spreadsheets.as_xlsx(sheets, figures=False)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{form}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=spreadsheets.TYPES[form], headers=headers)


@router.get(HERE + "/import")
def show_import(request: Request, case: Keeping, db: Db, written: int = -1) -> Response:
    """Where a table of lines is sent."""
    return _ask(request, case, db, written=written)


@router.post(HERE + "/import")
def send_import(request: Request, case: Keeping, sent: Submitted, db: Db) -> Response:
    """Take a table in, to look at what it would enter."""
    here = home(case)
    upload = sent.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return _ask(request, case, db, mistake=_("Choose a file first."), status=422)
    try:
        content = upload.file.read(spreadsheets.MOST_BYTES + 1)
        delivery = importing.receive(db, case, content, clean_line(upload.filename))
    except (spreadsheets.NoTable, UnfitText) as no:
        return _ask(request, case, db, mistake=no.reason, status=422)
    return see_other(f"{here}/import/{delivery.id}")


@router.get(HERE + "/import/{delivery_id}")
def show_delivery(request: Request, case: Keeping, delivery_id: int, db: Db) -> Response:
    """What a table that was sent would enter, row by row; nothing is written yet."""
    return _preview(request, case, importing.find(db, case, delivery_id), db)


@router.post(HERE + "/import/{delivery_id}")
def write_delivery(request: Request, case: Keeping, delivery_id: int, sent: Submitted, db: Db) -> Response:
    """Enter what the table holds, or put it away (`remove`)."""
    back = f"{home(case)}/import"
    delivery = importing.find(db, case, delivery_id, to_write=True)
    if sent.get("remove"):
        db.delete(delivery)
        return see_other(back)
    rows = importing.plan(db, case, delivery)
    if any(row.what == "wrong" for row in rows):
        return _preview(request, case, delivery, db, status=422)
    if sent.get("seen") != tables.mark_of_all(rows):
        return _preview(request, case, delivery, db, stale=True, status=409)
    return see_other(f"{back}?written={importing.write(db, case, delivery, rows)}")


@router.post(HERE + "/import/{delivery_id}/rows/{line}")
def mend_row(case: Keeping, delivery_id: int, line: int, sent: Submitted, db: Db) -> Response:
    """Put one row right, or leave it out (`leave_out`)."""
    place = f"{home(case)}/import/{delivery_id}"
    delivery = importing.find(db, case, delivery_id, to_write=True)
    if sent.get("leave_out"):
        importing.leave_out(delivery, line)
    else:
        importing.mend(delivery, line, sent)
    return see_other(place)


def _ask(
    request: Request, case: Case, db: Any, *, mistake: Any = "", written: int = -1, status: int = 200
) -> Response:
    return page(
        request,
        "books/import.html",
        status=status,
        mistake=mistake,
        written=written,
        waiting=importing.waiting(db, case),
        most=tables.MOST_ROWS,
        year=clock.today().year,
        **around(case),
    )


def _preview(
    request: Request,
    case: Case,
    delivery: BookDelivery,
    db: Any,
    *,
    stale: bool = False,
    status: int = 200,
) -> Response:
    rows = importing.plan(db, case, delivery)
    return page(
        request,
        "books/preview.html",
        status=status,
        delivery=delivery,
        found={what: [row for row in rows if row.what == what] for what in ("wrong", "new", "same")},
        mark=tables.mark_of_all(rows),
        stale=stale,
        directions=dict(DIRECTIONS),
        categories=dict(CATEGORIES),
        **around(case),
    )
