"""Finding one's committee and asking to join a dwelling there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Annotated, Any

import segno
from fastapi import Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from shequtong.core.communities import finding, joining, places
from shequtong.core.communities.addressing import here
from shequtong.core.communities.forms import ClaimForm, FullClaimForm, RegisterForm
from shequtong.core.communities.models import Dwelling
from shequtong.core.communities.visiting import Visit
from shequtong.core.identity import devices, registering, signing_in, submitting
from shequtong.core.identity.models import Account
from shequtong.core.identity.naming import check_name
from shequtong.core.identity.preferring import prefer
from shequtong.core.identity.proving import recognise_next_time
from shequtong.lib import cookies, passwords
from shequtong.lib.client_ip import client_ip, same_household
from shequtong.lib.errors import NotFound
from shequtong.lib.forms import BoundForm, Form
from shequtong.lib.i18n import gettext as _
from shequtong.lib.throttle import Rate
from shequtong.lib.web import Db, Sent, met, page, public, see_other, transact
from shequtong.lib.web import router as pages

router = pages()

Anyone = Annotated[Visit, Depends(public)]
Anybody = Annotated[Visit, Depends(met)]
Staff = Annotated[Visit, here("clerk", "secretary")]

TRIES = Rate(20, timedelta(minutes=10))
"""Requests to join from one connection: enough for a stall at the gate, too few to try out rooms and names."""
JUST_NOW = timedelta(minutes=10)
"""How long the same registration form, sent again, still lets its sender in."""


@dataclass(frozen=True)
class Door:
    """Where somebody stands: the committee, its buildings, and which form they get."""

    community: Any
    buildings: list[tuple[str, str]]
    form: type[Form]


@router.get("/register")
@router.get("/join")
def find(request: Request, visit: Anyone, db: Db, q: str = "", within: str = "") -> Response:
    """Find one's committee by name or code, or from the street down."""
    typed = q.strip()[:60]
    if typed and (found := finding.by_code(db, typed)):
        return see_other(f"/join/{found.join_code or found.code}")
    start = finding.first_choice(db)
    at = within if within.isascii() and within.isdigit() and len(within) < 12 else start
    return page(
        request,
        "communities/find.html",
        block="found",
        typed=typed,
        found=finding.by_words(db, typed) if typed else [],
        most=finding.MOST,
        at=at,
        start=start,
        path=finding.path(db, at, start) if at else [],
        below=finding.children(db, at) if at else [],
    )


@router.get("/join/{code}")
async def ask(request: Request, visit: Anybody, code: str) -> Response:
    """The form: everything for a visitor, the dwelling alone for who is signed in."""
    door = await transact(request, _door, code, visit.actor.id)
    return _show(request, door, door.form.blank({"buildings": door.buildings}))


@router.post("/join/{code}")
async def ask_to_join(request: Request, visit: Anybody, sent: Sent, code: str) -> Response:
    """Ask to join; a visitor gets an account on the way.

    Nobody learns from the answer whether a phone number is known here (S3): two accounts may share one. The
    password is made slow to guess before the one write transaction, not inside it.
    """
    door = await transact(request, _door, code, visit.actor.id)
    form = door.form.read(sent, {"buildings": door.buildings})
    if wait := await _too_many(request):
        form.refuse("", _("Try again in %(minutes)s minutes.", minutes=ceil(wait / 60)))
        answer = _show(request, door, form, status=429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    dwelling = await transact(request, _check, door, form)
    if dwelling is None:
        return _show(request, door, form, status=422)
    asked = form.value
    if visit.signed_in:
        await transact(request, _claim, visit.actor.id, dwelling, asked, write=True)
        return see_other(f"/c/{dwelling.code}")
    async with request.app.state.gate.turn():
        hashed = await passwords.hash_soon(asked.password)
    return await _enter(request, door, form, dwelling, hashed, str(sent.get("once") or ""))


@router.get("/c/{code}/join-poster")
def show_poster(request: Request, visit: Staff) -> Response:
    """A sheet for the notice board: scan, or type the code."""
    community = visit.community
    address = f"{request.app.state.settings.base_url}/join/{community.join_code or community.code}"
    picture = segno.make(address, error="m").svg_data_uri(scale=8, border=2, dark="#000", light="#fff")
    return page(request, "communities/poster.html", community=community, address=address, picture=picture)


def _door(session: Session, code: str, account_id: int | None) -> Door:
    community = finding.by_code(session, code)
    if community is None:
        raise NotFound(_("No committee has this code. Look at the poster again, or search by name."))
    form: type[Form] = RegisterForm
    if account_id is not None:
        account = session.get_one(Account, account_id)
        form = ClaimForm if account.real_name and account.phone else FullClaimForm
    return Door(community, places.building_choices(session, community.code), form)


async def _too_many(request: Request) -> int:
    """Seconds to wait; 0 when one may try."""
    address = client_ip(request.scope, request.app.state.settings.proxies)
    return await request.app.state.gate.allow(f"join {same_household(address)}", TRIES)


def _check(session: Session, door: Door, form: BoundForm[Any]) -> Dwelling | None:
    """The dwelling asked for; None when something is wrong. Every mistake is marked, not just the first kind."""
    asked = {field.name: field.value or "" for field in form.fields}
    if "login" in asked:
        _check_account(form, asked)
    if asked.get("phone") and registering.normal_phone(asked["phone"]) is None:
        form.refuse("phone", _("This is no phone number. A mobile number has 11 digits."))
    dwelling = None
    if asked["room"] and not form.errors.keys() & {"room", "building_id"}:
        dwelling = places.find_dwelling(
            session, door.community.code, int(asked["building_id"]), asked["room"]
        )
        if dwelling is None:
            form.refuse(
                "room",
                _(
                    "This room is not in the register. Look at the number on the door, choose the right building, "
                    "or ask your committee: they can add it in a minute."
                ),
            )
    form.errors = {name: form.errors[name] for name in asked if name in form.errors} | form.errors
    return None if form.errors else dwelling


def _check_account(form: BoundForm[Any], asked: Mapping[str, str]) -> None:
    login = registering.fold_login(asked["login"])
    if login and "login" not in form.errors and (mistake := registering.login_mistake(login)):
        form.refuse("login", mistake)
    check_name(form, asked["name"])
    personal = filter(None, (login, asked["name"], asked["real_name"], asked["phone"]))
    if asked["password"] and (weakness := passwords.weakness(asked["password"], personal)):
        form.refuse("password", weakness)


def _claim(session: Session, account_id: int, dwelling: Dwelling, asked: Any) -> None:
    """Write the claim of somebody who has an account; asking twice is asking once."""
    account = session.get_one(Account, account_id)
    if hasattr(asked, "phone"):
        registering.tell(account, asked.real_name, registering.normal_phone(asked.phone) or "")
    if not joining.has_claim(session, account_id, dwelling.id):
        joining.apply(session, account_id, dwelling, asked.kind, asked.note)


async def _enter(
    request: Request, door: Door, form: BoundForm[Any], dwelling: Dwelling, hashed: str, once: str
) -> Response:
    """Open the account, write its claim and let this browser in, all or nothing."""
    device = devices.name_of(request.headers.get("User-Agent"))
    chosen = {name: cookies.read(request, name) for name in ("theme", "text", "locale")}
    entered = await transact(
        request, _register, form.value, dwelling, hashed, once, device, chosen, write=True
    )
    if entered is None:
        form.refuse("login", _("Somebody has this login name already. Add something to it."))
        return _show(request, door, form, status=422)
    account_id, token = entered
    answer = see_other(f"/c/{dwelling.code}")
    cookies.give(request, answer, "session", token, signing_in.ABSOLUTE)
    recognise_next_time(request, answer, account_id)
    return answer


def _register(
    session: Session,
    asked: Any,
    dwelling: Dwelling,
    hashed: str,
    once: str,
    device: str,
    chosen: dict[str, str],
) -> tuple[int, str] | None:
    """(account, token of its session); None when somebody else has the login name.

    The same form sent twice, by a finger that trembles, is answered as the first time (R7).
    """
    account = registering.open_account(
        session,
        asked.login,
        asked.name,
        hashed,
        real_name=asked.real_name,
        phone=registering.normal_phone(asked.phone) or "",
    )
    if account is None:
        before = registering.find_account(session, asked.login)
        if before is None or not submitting.was_kept(session, before.id, once, JUST_NOW):
            return None
        return before.id, signing_in.sign_in(session, before.id, device=device)
    submitting.keep(session, account.id, once, f"/c/{dwelling.code}")
    prefer(account, chosen, only_new=True)
    joining.apply(session, account.id, dwelling, asked.kind, asked.note)
    return account.id, signing_in.sign_in(session, account.id, device=device)


def _show(request: Request, door: Door, form: BoundForm[Any], status: int = 200) -> Response:
    return page(
        request,
        "communities/join.html",
        block="join_form",
        status=status,
        place=door.community,
        buildings=door.buildings,
        form=form,
    )
