"""One's own data: to take along, and to have forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response, StreamingResponse

from shequtong.core.identity import erasing, exporting
from shequtong.core.identity.forms import ErasureForm
from shequtong.core.identity.models import Account
from shequtong.core.identity.proving import confirm
from shequtong.lib import cookies, i18n
from shequtong.lib.errors import TooMany
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.throttle import EXPORT
from shequtong.lib.web import Db, Sent, met_signed_in, page, placed, see_other, signed_in, transact
from shequtong.lib.web import router as pages

router = pages()

Me = Annotated[Any, Depends(signed_in)]
MeOutside = Annotated[Any, Depends(met_signed_in)]


@router.get("/me/export")
def show_export(request: Request, visit: Me) -> Response:
    return page(request, "identity/export.html")


@router.get("/me/export.zip")
async def export(request: Request, visit: MeOutside) -> Response:
    """Everything of mine, as JSON and as a page to read, with my photos (P4)."""
    wait = await placed(request.app.state.throttle.allow, f"export {visit.actor.id}", EXPORT)
    if wait:
        raise TooMany(retry_after=wait)
    file = await transact(request, exporting.write_archive, visit.actor.id)
    headers = {
        "Content-Disposition": f'attachment; filename="{exporting.file_name()}"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(256 * 1024):
            yield piece


@router.get("/me/erase")
def show_erase(request: Request, visit: Me, db: Db) -> Response:
    account = _account(db, visit.actor.id)
    return _show(request, account, erasing.obstacles(db, account.id), ErasureForm.blank())


@router.post("/me/erase")
async def erase(request: Request, visit: MeOutside, sent: Sent) -> Response:
    """Forget this account for good; the password must be typed again."""
    account = await transact(request, _account, visit.actor.id)
    form = ErasureForm.read(sent)
    if form.checked and not form.value.sure:
        form.refuse("sure", _("Tick this if you are sure"))
    if form.checked and not await confirm(request, account, form.value.password):
        form.refuse("password", _("This is not your password"))
    if form.errors:
        return _show(request, account, await transact(request, erasing.obstacles, account.id), form, 422)
    with i18n.speaking(request.app.state.settings.locale):
        former = _("A former neighbour")
    await transact(request, erasing.erase, account.id, former, write=True)
    answer = see_other("/")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    for name in ("session", "known"):
        cookies.take_back(request, answer, name)
    return answer


def _account(session: Any, account_id: int) -> Account:
    found: Account = session.get_one(Account, account_id)
    return found


def _show(
    request: Request, account: Account, obstacles: list[Any], form: BoundForm[Any], status: int = 200
) -> Response:
    shown = {"account": account, "obstacles": obstacles, "form": form}
    return page(request, "identity/erase.html", status=status, **shown)
