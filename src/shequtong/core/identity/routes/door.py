"""In at the door and out again."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from shequtong.core.identity import devices, resetting, signing_in
from shequtong.core.identity.forms import NewPasswordForm, SignInForm, check_new_password
from shequtong.core.identity.models import Account
from shequtong.core.identity.preferring import prefer
from shequtong.core.identity.proving import prove, recognise_next_time
from shequtong.lib import cookies, passwords
from shequtong.lib.errors import TooMany
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Sent, Submitted, local_path, met, page, public, see_other, transact
from shequtong.lib.web import router as pages

router = pages()

Anyone = Annotated[Any, Depends(public)]
Met = Annotated[Any, Depends(met)]


@router.get("/login")
def show_sign_in(request: Request, visit: Anyone, next: str = "/") -> Response:
    """The form; whoever is signed in goes on."""
    if visit.signed_in:
        return see_other(local_path(next))
    return page(request, "identity/sign_in.html", form=SignInForm.blank(), going=local_path(next))


@router.post("/login")
async def sign_in(request: Request, visit: Met, sent: Sent) -> Response:
    """The same answer, in the same time, for a wrong password and for an account that does not exist (S3)."""
    form = SignInForm.read(sent)
    going = local_path(str(sent.get("next") or ""))
    wait, account = 0, None
    if form.checked:
        try:
            account = await prove(request, form.value.login, form.value.password)
        except TooMany as refused:
            wait = refused.retry_after
            form.refuse("", refused.message)
        else:
            if account is None:
                form.refuse("", _("The name and the password do not belong together."))
    if account is None:
        status = 429 if wait else 422
        answer = page(request, "identity/sign_in.html", form=form, going=going, wait=wait, status=status)
        if wait:
            answer.headers["Retry-After"] = str(wait)
        return answer
    if passwords.needs_rehash(account.password):
        hashed = await passwords.hash_soon(sent["password"])
        await transact(request, _rehash, account.id, hashed, write=True)
    return await _enter(request, visit, account.id, going)


def _rehash(session: Any, account_id: int, hashed: str) -> None:
    session.get_one(Account, account_id).password = hashed


async def _enter(request: Request, visit: Any, account_id: int, going: str) -> Response:
    """Open a session for this browser and go on."""
    device = devices.name_of(request.headers.get("User-Agent"))
    token = await transact(
        request, _open, account_id, visit.actor.sign_in, device, _chosen(request), write=True
    )
    answer = see_other(going)
    cookies.give(request, answer, "session", token, signing_in.ABSOLUTE)
    recognise_next_time(request, answer, account_id)
    return answer


def _open(session: Any, account_id: int, before: str, device: str, chosen: dict[str, str]) -> str:
    prefer(session.get_one(Account, account_id), chosen, only_new=True)
    return signing_in.sign_in(session, account_id, instead_of=before, device=device)


def _chosen(request: Request) -> dict[str, str]:
    return {name: cookies.read(request, name) for name in ("theme", "text", "locale")}


@router.get("/logout")
def show_sign_out(request: Request, visit: Anyone) -> Response:
    """Nothing changes by a link alone (S10), so here is the button."""
    return page(request, "identity/sign_out.html") if visit.signed_in else see_other("/")


@router.post("/logout")
def sign_out(request: Request, visit: Anyone, sent: Submitted, db: Db) -> Response:
    signing_in.close_session(db, visit.actor.sign_in)
    answer = see_other("/")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    cookies.take_back(request, answer, "session")
    return answer


@router.post("/prefs")
def choose(request: Request, visit: Anyone, sent: Submitted, db: Db) -> Response:
    """Colours, size of print, language: kept by the browser, and with the account of who is signed in."""
    wanted = {name: str(sent.get(name) or "") for name in ("theme", "text", "locale")}
    kept = prefer(db.get_one(Account, visit.actor.id) if visit.signed_in else None, wanted)
    answer = see_other(local_path(str(sent.get("next") or "")))
    for name, value in kept.items():
        cookies.give(request, answer, name, value, timedelta(days=365))
    return answer


@router.get("/password/{token}")
def show_password(request: Request, visit: Anyone, db: Db, token: str) -> Response:
    account = resetting.account_of(db, token)
    if account is None:
        return page(request, "identity/link_over.html", status=404)
    return page(request, "identity/password.html", form=NewPasswordForm.blank(), account=account)


@router.post("/password/{token}")
async def set_password(request: Request, visit: Met, sent: Sent, token: str) -> Response:
    account = await transact(request, resetting.account_of, token)
    form = NewPasswordForm.read(sent)
    if account is not None:
        await run_in_threadpool(check_new_password, form, account)
        if form.errors:
            return page(request, "identity/password.html", form=form, account=account, status=422)
        hashed = await passwords.hash_soon(form.value.password)
        account = await transact(request, resetting.use_link, token, hashed, write=True)
    if account is None:
        return page(request, "identity/link_over.html", status=404)
    return await _enter(request, visit, account.id, "/")
