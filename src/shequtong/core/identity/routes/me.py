"""One's own pages: name, devices, password, and who looked at one's data."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from shequtong.core.identity import looking, queries, registering, resetting, signing_in
from shequtong.core.identity.events import PlacesAsked
from shequtong.core.identity.forms import ChangePasswordForm, PhoneForm, ProfileForm, check_new_password
from shequtong.core.identity.models import Account
from shequtong.core.identity.naming import check_name
from shequtong.core.identity.proving import confirm
from shequtong.lib import passwords
from shequtong.lib.events import publish
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.web import Db, Sent, Submitted, met_signed_in, page, see_other, signed_in, transact
from shequtong.lib.web import router as pages

router = pages()

Me = Annotated[Any, Depends(signed_in)]
MeOutside = Annotated[Any, Depends(met_signed_in)]
DONE = {
    "saved": _l("Saved."),
    "ended": _l("That device is signed out."),
    "phone": _l("Your phone number is changed."),
    "password": _l("Your password is changed. All other devices are signed out."),
}
"""What just happened, by the word in `?done=`."""


@router.get("/me")
def show_me(request: Request, visit: Me, db: Db, done: str = "") -> Response:
    account = db.get_one(Account, visit.actor.id)
    return _show(request, visit, db, ProfileForm.blank(name=account.name, about=account.about), done=done)


@router.post("/me")
def change_me(request: Request, visit: Me, sent: Submitted, db: Db) -> Response:
    """Another name or other words about oneself, as neighbours see them."""
    form = ProfileForm.read(sent)
    if form.checked:
        check_name(form, form.value.name, _offices(db, visit))
    if form.errors:
        return _show(request, visit, db, form, status=422)
    account = db.get_one(Account, visit.actor.id)
    account.name, account.about = form.value.name, form.value.about
    return see_other("/me?done=saved")


def _offices(db: Session, visit: Any) -> set[str]:
    asked = PlacesAsked(visit.actor.id)
    publish(db, asked)
    return {place.office for place in asked.places}


def _show(
    request: Request, visit: Any, db: Session, form: BoundForm[Any], *, done: str = "", status: int = 200
) -> Response:
    belonging = PlacesAsked(visit.actor.id)
    publish(db, belonging)
    return page(
        request,
        "identity/me.html",
        block="me",
        status=status,
        form=form,
        account=db.get_one(Account, visit.actor.id),
        places=belonging.places,
        sign_ins=queries.sign_ins(db, visit.actor.id),
        done=DONE.get(done),
    )


@router.post("/me/devices/end")
def end_device(visit: Me, sent: Submitted, db: Db) -> Response:
    """Sign another of one's browsers out; without `device`, all others."""
    device = str(sent.get("device") or "")
    if device:
        signing_in.close_own(db, visit.actor.id, device)
    else:
        signing_in.close_all(db, visit.actor.id, but=visit.actor.sign_in)
    return see_other("/me?done=ended#devices")


@router.get("/me/password")
def show_change_password(request: Request, visit: Me, db: Db) -> Response:
    account = db.get_one(Account, visit.actor.id)
    return page(request, "identity/change_password.html", form=ChangePasswordForm.blank(), account=account)


@router.post("/me/password")
async def change_password(request: Request, visit: MeOutside, sent: Sent) -> Response:
    """A new password, after the old one; it ends all other sessions (S6)."""
    form = ChangePasswordForm.read(sent)
    account = await transact(request, _account, visit.actor.id)
    await run_in_threadpool(check_new_password, form, account)
    if not form.errors and not await confirm(request, account, form.value.current):
        form.refuse("current", _("This is not your password"))
    if form.errors:
        return page(request, "identity/change_password.html", form=form, account=account, status=422)
    hashed = await passwords.hash_soon(form.value.password)
    await transact(request, _change, account.id, hashed, visit.actor.sign_in, write=True)
    return see_other("/me?done=password")


def _account(session: Session, account_id: int) -> Account:
    return session.get_one(Account, account_id)


def _change(session: Session, account_id: int, hashed: str, sign_in: str) -> None:
    resetting.change_password(session, _account(session, account_id), hashed, but=sign_in)


@router.get("/me/phone")
def show_change_phone(request: Request, visit: Me, db: Db) -> Response:
    return _ask_phone(request, db.get_one(Account, visit.actor.id), PhoneForm.blank())


@router.post("/me/phone")
async def change_phone(request: Request, visit: MeOutside, sent: Sent) -> Response:
    """Another phone number, after the password. Whether somebody else has it is not told."""
    form = PhoneForm.read(sent)
    account = await transact(request, _account, visit.actor.id)
    phone = registering.normal_phone(form.value.phone) if form.checked else None
    if form.checked and phone is None:
        form.refuse("phone", _("This is no phone number. A mobile number has 11 digits."))
    if not form.errors and not await confirm(request, account, form.value.current):
        form.refuse("current", _("This is not your password"))
    if form.errors:
        return _ask_phone(request, account, form, status=422)
    await transact(request, _give_phone, account.id, phone, write=True)
    return see_other("/me?done=phone")


def _give_phone(session: Session, account_id: int, phone: str) -> None:
    registering.tell(_account(session, account_id), "", phone)


def _ask_phone(request: Request, account: Account, form: BoundForm[Any], status: int = 200) -> Response:
    now = looking.masked_phone(account.phone)
    return page(request, "identity/change_phone.html", form=form, account=account, now=now, status=status)


@router.get("/me/access-log")
def show_looks(
    request: Request, visit: Me, db: Db, before: Annotated[int | None, Query(ge=1, lt=2**62)] = None
) -> Response:
    """Who looked at my protected data, when and why (P2)."""
    looks, following = queries.looks(db, visit.actor.id, before)
    return page(
        request,
        "identity/access_log.html",
        block="looks",
        looks=looks,
        following=following,
        what=lambda kept: "、".join(str(looking.WHAT[name]) for name in kept.split() if name in looking.WHAT),
    )
