"""Saying no as a page: one table from error to status, title and next step. Never a traceback (P5)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Scope

from shequtong.lib import cookies, i18n
from shequtong.lib.edge import request_id
from shequtong.lib.errors import Refused, SignInNeeded, is_full
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.templates import render
from shequtong.lib.web import is_fragment, local_path

log = structlog.get_logger(__name__)

_OURS = re.compile("no such (table|column|function)|syntax error|transaction is aborted")

WORDS: dict[int, tuple[Any, Any]] = {
    400: (_l("We could not read this"), _l("Go back and try again.")),
    401: (_l("Please sign in"), _l("Your session is over. Sign in and go on.")),
    403: (
        _l("This is not yours to do"),
        _l("Your role does not allow it. Ask your committee if you think it should."),
    ),
    404: (
        _l("We cannot find this page"),
        _l("It may have been taken away, or it is only for some neighbours."),
    ),
    405: (_l("This cannot be done here"), _l("Go back and try again.")),
    409: (
        _l("Things have changed"),
        _l("Somebody was faster, or this is over. Go back and reload the page."),
    ),
    413: (_l("This is too large"), _l("Send fewer or smaller photos.")),
    422: (_l("Something is missing or wrong"), _l("Go back and look at what you typed; it is kept.")),
    429: (_l("Too many tries"), _l("Wait a few minutes, then try again.")),
    500: (
        _l("Something went wrong on our side"),
        _l("Nothing was saved. Try again; if it stays, tell your committee the number below."),
    ),
    503: (_l("We are busy or being mended"), _l("Try again in a moment. Nothing was lost.")),
    507: (_l("Our disk is full"), _l("Reading goes on. Nothing was saved; try again later.")),
}


def at_the_edge(scope: Scope, status: int) -> ASGIApp:
    """The same page for a request that is turned away before the application sees it."""
    return answer(Request(scope), status)


def install(app: FastAPI) -> None:
    """Answer every error of the application with a page."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unreadable)
    for passing in (OperationalError, InterfaceError, InternalError, PoolTimeout):
        app.add_exception_handler(passing, _database_failed)
    app.add_exception_handler(OSError, _system_failed)
    app.add_exception_handler(Exception, _broken)


async def _refused(request: Request, error: Any) -> Response:
    if isinstance(error, SignInNeeded):
        return _to_sign_in(request)
    headers = {"Retry-After": str(error.retry_after)} if hasattr(error, "retry_after") else {}
    return answer(request, error.status, error.message, headers)


async def _http(request: Request, error: Any) -> Response:
    return answer(request, error.status_code, "", dict(error.headers or {}))


async def _unreadable(request: Request, error: Any) -> Response:
    in_path = any(problem["loc"][0] == "path" for problem in error.errors())
    return answer(request, 404 if in_path else 422)


async def _database_failed(request: Request, error: Any) -> Response:
    """What passes by itself is 503 (R3), a full disk 507 (R5). A mistake of ours is none of these."""
    original = getattr(error, "orig", None)
    if is_full(original):
        return _full(request)
    if _OURS.search(str(original)):
        raise error
    log.error("database not reached", route=_route(request), error=type(original or error).__name__)
    return answer(request, 503, headers={"Retry-After": "3"})


async def _system_failed(request: Request, error: Any) -> Response:
    """A file could not be written because the disk, or what is left of it for us, is full (R5)."""
    if is_full(error):
        return _full(request)
    raise error


def _full(request: Request) -> Response:
    log.error("disk full", route=_route(request))
    return answer(request, 507)


async def _broken(request: Request, error: Any) -> Response:
    log.error("request failed", route=_route(request), exc_info=error)
    error.told = True
    return answer(request, 500)


def _route(request: Request) -> str:
    """Which page it was, without whose: the address as it is declared."""
    return f"{request.method} {getattr(request.scope.get('route'), 'path', '')}"


def _to_sign_in(request: Request) -> Response:
    """The way to sign in and back to the page; a fragment has HTMX go there (S11)."""
    headers = request.headers
    fragment = headers.get("HX-Request") == "true"
    if fragment or request.method != "GET":
        here = _path_of(headers.get("HX-Current-URL") or headers.get("Referer") or "")
    else:
        here = _path_of(str(request.url))
    address = f"/login?next={quote(here)}"
    if fragment:
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _path_of(address: str) -> str:
    parts = urlsplit(address)
    return local_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def answer(
    request: Request, status: int, message: Any = "", headers: dict[str, str] | None = None
) -> Response:
    """The page for a status: what happened, and what to do next. HTMX gets it as a notice above its page.

    Where programs ask, `app.state.programs` says how they are answered, by the beginning of the address.
    """
    title, usual = WORDS.get(status, WORDS[500])
    visit = getattr(request.state, "visit", None)
    community = getattr(visit, "community", None)
    steps = [(_l("To the community"), f"/c/{community.code}")] if community is not None else []
    steps.append((_l("To the first page"), "/"))
    if visit is None:
        chosen, accepted = cookies.read(request, "locale"), request.headers.get("Accept-Language")
        i18n.set_locale(i18n.negotiate(chosen, accepted, request.app.state.settings.locale))
    for beginning, refuse in request.app.state.programs.items():
        if request.url.path.startswith(beginning):
            told: Response = refuse(request, status, str(message or title), headers or {})
            return told
    in_place = is_fragment(request)
    context = {
        "request": request,
        "status": status,
        "title": title,
        "message": message or usual,
        "next_steps": steps,
        "request_id": request_id(),
        **({"visit": visit} if visit is not None else {}),
    }
    csrf = visit.csrf if visit is not None else ""
    body = render("errors/notice.html" if in_place else "errors/error.html", None, csrf, context)
    aim = {"HX-Retarget": "#flash", "HX-Reswap": "innerHTML show:top"} if in_place else {}
    return HTMLResponse(body, status, {"Cache-Control": "no-store", **aim, **(headers or {})})
