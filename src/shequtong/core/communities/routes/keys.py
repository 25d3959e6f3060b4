"""Keys for programs: which there are, whose they are, a new one, and an end to one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities import keys
from shequtong.core.communities.addressing import here
from shequtong.core.communities.forms import KeyForm
from shequtong.core.communities.visiting import Visit
from shequtong.core.identity import registering
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Giver = Annotated[Visit, here("secretary", "admin")]


@router.get("/c/{code}/settings/keys")
def show_keys(request: Request, visit: Giver, db: Db) -> Response:
    """The keys of programs that report here."""
    return _show(request, visit, db, KeyForm.blank())


@router.post("/c/{code}/settings/keys")
def give_key(request: Request, visit: Giver, sent: Submitted, db: Db) -> Response:
    """Make a key and show it, this once."""
    form = KeyForm.read(sent)
    if form.errors:
        return _show(request, visit, db, form, status=422)
    code, asked = visit.community.code, form.value
    account = registering.find_account(db, asked.login)
    if account is None or not keys.may_hold(db, account.id, code):
        form.refuse("login", _("Nobody who belongs to this community has this login name."))
    elif not visit.community.shares_matters:
        form.refuse("", _("Open this community to programs first, in its settings."))
    if account is None or form.errors:
        return _show(request, visit, db, form, status=422)
    token = keys.give(db, visit.actor, account, code, asked.name)
    answer = page(
        request, "communities/key.html", community=visit.community, key=token, name=asked.name, holder=account
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/c/{code}/settings/keys/{key_id}/end")
def end_key(visit: Giver, key_id: int, _sent: Submitted, db: Db) -> Response:
    """Withdraw a key: from now on it is refused."""
    keys.withdraw(db, visit.actor, visit.community.code, key_id)
    return see_other(f"/c/{visit.community.code}/settings/keys")


def _show(request: Request, visit: Visit, db: Any, form: BoundForm[Any], status: int = 200) -> Response:
    given = keys.keys(db, visit.community.code)
    return page(
        request,
        "communities/keys.html",
        block="keys",
        status=status,
        community=visit.community,
        keys=given,
        form=form,
        endpoint=f"{request.app.state.settings.base_url}/open311/v2",
    )
