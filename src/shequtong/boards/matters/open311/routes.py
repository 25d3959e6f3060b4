"""The addresses of GeoReport v2. Programs come without cookies, so no form's token is asked; see `speaking`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from shequtong.boards.matters.board import board
from shequtong.boards.matters.open311 import asking, queries, reporting, services, telling
from shequtong.boards.matters.open311.queries import Jurisdiction
from shequtong.boards.matters.open311.speaking import format_of, mistakes, say
from shequtong.core.communities import keys, places
from shequtong.core.communities.standing import Standing
from shequtong.core.communities.visiting import find_community
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import is_open
from shequtong.lib import crypto, i18n
from shequtong.lib.client_ip import client_ip, same_household
from shequtong.lib.errors import Forbidden, Invalid, NotFound, TooLarge, TooMany
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import number
from shequtong.lib.throttle import SIGN_IN, Rate
from shequtong.lib.web import Db, permission, placed
from shequtong.lib.web import router as pages

router = pages()

READS = Rate(600, timedelta(minutes=5))
"""Questions from one address."""

REPORTS = Rate(60, timedelta(hours=1))
"""Reports by one key."""

LONGEST = 64 * 1024
"""Bytes of a report: its words and no file."""

TOKEN, TOKEN_LASTS = "open311 report", timedelta(days=90)


@permission("anyone, by program")
async def asked_by_program(request: Request) -> None:
    """Who asks too often waits; words are in the language that the program asks for."""
    settings = request.app.state.settings
    i18n.set_locale(i18n.negotiate(None, request.headers.get("Accept-Language"), settings.locale))
    wait = await placed(request.app.state.throttle.allow, f"open311 {_from(request)}", READS)
    if wait:
        raise TooMany(retry_after=wait)


Asked = Annotated[None, Depends(asked_by_program)]


async def _find_place(request: Request, _asked: Asked, db: Db) -> Jurisdiction:
    """The jurisdiction that a question names. Raises Invalid without one, NotFound for an unknown one."""
    return await placed(_jurisdiction, db, request.query_params.get("jurisdiction_id", ""))


Place = Annotated[Jurisdiction, Depends(_find_place)]


async def _read_report(request: Request, _asked: Asked) -> FormData:
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LONGEST:
        raise TooLarge(_("A report has at most 64 kB, and says its length."))
    return await request.form(max_files=1, max_fields=60, max_part_size=LONGEST)


Sent = Annotated[FormData, Depends(_read_report)]


@permission("a key of this committee")
async def _find_holder(request: Request, sent: Sent, db: Db) -> Case:
    """Whoever the key is of, at this board. Raises Forbidden, and TooMany for who tries keys or reports too often."""
    throttle = request.app.state.throttle
    tries = f"open311 key {_from(request)}"
    if wait := await placed(throttle.wait, tries, SIGN_IN):
        raise TooMany(retry_after=wait)
    code = _one(request, sent, "jurisdiction_id")
    place = await placed(_jurisdiction, db, code)
    if place.level != "committee":
        raise Invalid(_("jurisdiction_id: reports go to a committee, by its code of 12 digits."))
    holder = await placed(keys.find_holder, db, _one(request, sent, "api_key"), code)
    if holder is None:
        await placed(throttle.allow, tries, SIGN_IN)
        raise Forbidden(_("api_key: missing, withdrawn, or not of this committee."))
    key_id, actor = holder
    if wait := await placed(throttle.allow, f"open311 report {key_id}", REPORTS):
        raise TooMany(retry_after=wait)
    community = await placed(find_community, db, code)
    here = Standing.of(actor, code)
    return Case(actor, replace(here, names=here.names | {"program"}), board, community)


Holder = Annotated[Case, Depends(_find_holder)]


@router.get("/open311/v2/discovery.xml")
@router.get("/open311/v2/discovery.json")
def discover(request: Request, _asked: Asked) -> Response:
    """Where the interface is, in which formats, and how one gets a key."""
    settings = request.app.state.settings
    return say(request, "discovery", services.discovery(settings.base_url, demo=settings.demo))


@router.get("/open311/v2/services.xml")
@router.get("/open311/v2/services.json")
def list_services(request: Request, place: Place) -> Response:
    """What can be reported in a jurisdiction."""
    return say(request, "services", services.services(place.level))


@router.get("/open311/v2/services/{named}")
def define_service(request: Request, place: Place, named: str, db: Db) -> Response:
    """What is asked for one service."""
    code = _name(named)
    if code not in services.NAMES:
        raise NotFound(_("service_code: there is no service %(code)s.", code=code))
    offered = places.building_choices(db, place.code) if place.level == "committee" else []
    return say(request, "service_definition", services.definition(code, offered))


@router.get("/open311/v2/requests.xml")
@router.get("/open311/v2/requests.json")
def list_requests(request: Request, place: Place, db: Db) -> Response:
    """Matters by number, or of a span of time by service and status."""
    asked = asking.read(request.query_params)
    if asked.ids:
        found = queries.by_number(db, place, asked.ids)
    else:
        found = queries.by_time(db, place, asked.start, asked.end, asked.categories, asked.states)
    return say(request, "service_requests", [telling.told(row, place) for row in found])


@router.get("/open311/v2/requests/{named}")
def show_request(request: Request, place: Place, named: str, db: Db) -> Response:
    """One matter."""
    return say(request, "service_requests", [telling.told(_matter(db, place, _name(named)), place)])


@router.get("/open311/v2/tokens/{named}")
def show_token(request: Request, place: Place, named: str, db: Db) -> Response:
    """The number of a report that waited to be looked at, once it may be read."""
    token = _name(named)
    try:
        reported = crypto.keyring().unsign(token, TOKEN)
    except ValueError:
        raise NotFound(_("token: unknown, or over.")) from None
    row = _matter(db, place, reported)
    return say(request, "service_requests", [{"service_request_id": str(row.id), "token": token}])


@router.post("/open311/v2/requests.xml")
@router.post("/open311/v2/requests.json")
def create_request(request: Request, case: Holder, sent: Sent, db: Db) -> Response:
    """Report something. Its number; or a token, as long as the committee has to look at it first."""
    code = _one(request, sent, "service_code")
    if not code:
        raise Invalid(_("service_code: say what it is about."))
    if code not in services.NAMES:
        raise NotFound(_("service_code: there is no service %(code)s.", code=code))
    if not is_open(board, case.community):
        raise Forbidden
    if any(isinstance(value, UploadFile) for value in sent.values()):
        raise Invalid(_("Send no file; name the address of a picture as media_url."))
    reported = reporting.report(db, case, {name: str(value) for name, value in sent.items()})
    if reported.post is None:
        return mistakes(request, reported.mistakes)
    number_of = str(reported.post.id)
    given = (
        {"token": crypto.keyring().sign(number_of, TOKEN, TOKEN_LASTS)}
        if reported.held
        else {"service_request_id": number_of}
    )
    notice = _("The committee looks at it first; ask with the token later.") if reported.held else None
    return say(request, "service_requests", [{**given, "service_notice": notice, "account_id": None}])


def _jurisdiction(session: Any, code: str) -> Jurisdiction:
    if not code.strip():
        raise Invalid(_("jurisdiction_id: say the code of a committee, street or district."))
    place = queries.jurisdiction(session, code.strip())
    if place is None:
        raise NotFound(_("jurisdiction_id: there is none with this code that is open to programs."))
    return place


def _matter(session: Any, place: Jurisdiction, typed: str) -> Any:
    found = queries.by_number(session, place, [number(typed)])
    if not found:
        raise NotFound(_("service_request_id: there is no such request here."))
    return found[0]


def _name(named: str) -> str:
    """What an address names, without its format."""
    ending = format_of(named)
    return named.removesuffix(f".{ending}")


def _one(request: Request, sent: FormData, name: str) -> str:
    """A field of the report; key and jurisdiction may stand in the address as well."""
    value = sent.get(name) or request.query_params.get(name) or ""
    return value.strip() if isinstance(value, str) else ""


def _from(request: Request) -> str:
    return same_household(client_ip(request.scope, request.app.state.settings.proxies))
