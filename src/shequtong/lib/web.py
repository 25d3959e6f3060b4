"""Between HTTP and the rest: where a handler runs, its transaction, its page, and its way to say no."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from contextvars import ContextVar
from functools import wraps
from typing import Annotated, Any, Protocol, TypeVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shequtong.lib import i18n, resolving, templates
from shequtong.lib.db import Database
from shequtong.lib.errors import Forbidden, SignInNeeded
from shequtong.lib.routing import Switchboard

T = TypeVar("T")

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_inline: ContextVar[bool] = ContextVar("inline", default=False)


# Where a handler runs -------------------------------------------------------------------------------


async def placed(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run blocking work where it is cheapest: a read of SQLite here, all else in a thread."""
    if _inline.get():
        return work(*args, **kwargs)
    return await run_in_threadpool(work, *args, **kwargs)


class Route(APIRoute):
    """A route whose needs are worked out at start, and whose plain `def` handler is not always sent to a thread."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not inspect.iscoroutinefunction(endpoint):
            endpoint = _placing(endpoint)
        super().__init__(path, endpoint, **options)
        if (settled := resolving.plan(self.dependant)) is not None:
            self.app = _answering(settled)


def _answering(plan: resolving.Plan) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        response = await plan.answer(Request(scope, receive, send))
        await response(scope, receive, send)

    return answer


def _placing(handler: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    @wraps(handler)
    async def run(*args: Any, **kwargs: Any) -> Any:
        return await placed(handler, *args, **kwargs)

    return run


def router(**options: Any) -> APIRouter:
    """A router of pages: no response model, no place in the API's schema."""
    options.setdefault("include_in_schema", False)
    return APIRouter(route_class=Route, default_response_class=HTMLResponse, **options)


# The transaction ------------------------------------------------------------------------------------


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _turn(database: Database, write: bool) -> AbstractAsyncContextManager[Any]:
    """SQLite's one writer, or one of PostgreSQL's connections, waited for without a thread.

    A thread that waits, for a connection or for another's row, could be the one that the holder needs to commit.
    """
    if database.is_sqlite and not write:
        return nullcontext()
    loop = asyncio.get_running_loop()
    if (turns := _turns.get(loop)) is None:
        turns = _turns[loop] = asyncio.Semaphore(1 if database.is_sqlite else database.connections)
    return turns


async def _transaction(request: Request) -> AsyncIterator[Session]:
    database = request.app.state.database
    write = request.method not in SAFE
    async with _turn(database, write):
        _inline.set(database.is_sqlite and not write)
        session = database.session(write=write)
        try:
            yield session
            if write:
                await run_in_threadpool(session.commit)
        except Exception:
            await placed(session.rollback)
            raise
        finally:
            await placed(session.close)


Db = Annotated[Session, Depends(_transaction, scope="function")]
"""The request's one transaction, committed before the answer is sent and undone by any exception."""


async def transact(request: Request, work: Callable[..., T], *args: Any, write: bool = False) -> T:
    """`work(session, *args)` in a short transaction of its own.

    For handlers that wait for something slow, such as a password's hash: the request's `Db` would keep SQLite's
    one writer waiting with them.
    """
    database = request.app.state.database
    async with _turn(database, write):
        return await run_in_threadpool(_transacted, database, write, work, args)


def _transacted(database: Any, write: bool, work: Callable[..., T], args: tuple[Any, ...]) -> T:
    with database.writing() if write else database.reading() as session:
        return work(session, *args)


# Who is here ----------------------------------------------------------------------------------------


class Visit(Protocol):
    """What `lib.web` must know of a visitor; `app.state.recognise` makes one from the request."""

    locale: str
    csrf: str
    notes: list[Callable[[Session], None]]
    """Small things to write down about this visit, once it is answered."""
    renew: Callable[[Session], bool] | None
    """Puts `token` in the place of the session's old one, which should not be used any more (S9)."""
    token: str

    @property
    def signed_in(self) -> bool: ...


async def _recognised(request: Request, db: Db) -> Any:
    return _welcome(request, await placed(request.app.state.recognise, db, request))


async def _met(request: Request) -> Any:
    return _welcome(request, await transact(request, request.app.state.recognise, request))


def _welcome(request: Request, visit: Visit) -> Visit:
    request.state.visit = visit
    i18n.set_locale(visit.locale)
    return visit


Recognised = Annotated[Any, Depends(_recognised)]

Met = Annotated[Any, Depends(_met)]
"""The visitor, without a transaction that lasts as long as the request."""


def permission(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a dependency as the one that decides who may use a route; start-up wants one on every route."""

    def mark(dependency: Callable[..., Any]) -> Callable[..., Any]:
        dependency.permission = words  # type: ignore[attr-defined]
        return dependency

    return mark


@permission("anyone")
async def public(visit: Recognised) -> Any:
    return visit


@permission("anyone, unasked")
async def unasked() -> None:
    """For pages that are the same for everybody and must answer when the database does not."""


Unasked = Annotated[None, Depends(unasked)]


@permission("anyone")
async def met(visit: Met) -> Any:
    """As `public`, where no transaction should last as long as the request."""
    return visit


@permission("signed in")
async def signed_in(visit: Recognised) -> Any:
    return _known(visit)


@permission("signed in")
async def met_signed_in(visit: Met) -> Any:
    """As `signed_in`, where no transaction should last as long as the request."""
    return _known(visit)


def _known(visit: Any) -> Any:
    if not visit.signed_in:
        raise SignInNeeded
    return visit


def refuse_undeclared(app: FastAPI) -> None:
    """Stop a start-up with a route on which nobody decided who may use it."""
    for route in all_routes(app):
        if not permissions_of(route):
            raise RuntimeError(f"route without a declared permission: {route.methods} {route.path}")


def all_routes(app: FastAPI | APIRouter) -> list[APIRoute]:
    found: list[APIRoute] = []
    ahead: list[Any] = list(app.routes)
    while ahead:
        route = ahead.pop(0)
        if isinstance(route, APIRoute):
            found.append(route)
        else:
            ahead.extend(getattr(getattr(route, "original_router", route), "routes", None) or [])
    return found


def open_routes(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Let people reach these pages. The routers have no prefixes: each route names its whole address."""
    found = [route for router in routers for route in all_routes(router)]
    app.router.routes.append(Switchboard(found))


def permissions_of(route: APIRoute) -> set[str]:
    words: set[str] = set()
    ahead = [route.dependant]
    while ahead:
        dependant = ahead.pop()
        ahead.extend(dependant.dependencies)
        if dependant.call is not None and hasattr(dependant.call, "permission"):
            words.add(dependant.call.permission)
    return words


# What was sent --------------------------------------------------------------------------------------


async def _submitted(request: Request, visit: Recognised) -> FormData:
    return await _read_form(request, visit)


async def _sent(request: Request, visit: Met) -> FormData:
    return await _read_form(request, visit)


async def _read_form(request: Request, visit: Any) -> FormData:
    form = await request.form(max_files=20, max_fields=200, max_part_size=512 * 1024)
    if visit.signed_in:
        sent = request.headers.get("X-CSRF-Token") or form.get("csrf") or ""
        if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), visit.csrf.encode()):
            raise Forbidden(
                i18n.gettext("This page was open for too long. Go back, reload it and try again.")
            )
    return form


Submitted = Annotated[FormData, Depends(_submitted)]
"""The posted form, after its CSRF token was found right."""

Sent = Annotated[FormData, Depends(_sent)]
"""The same for handlers that hold no transaction; goes with `met`."""


def csrf_token(secret: str, session_digest: str) -> str:
    """A token that only pages of this very session carry."""
    return hmac.new(secret.encode(), b"csrf" + session_digest.encode(), hashlib.sha256).hexdigest()


# Pages ----------------------------------------------------------------------------------------------


def is_whole_page(request: Request) -> bool:
    """Does somebody go to a page, rather than a script or picture of one?"""
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Dest", "document") == "document"
        and "HX-Request" not in request.headers
        and "prefetch" not in request.headers.get("Sec-Purpose", "")
    )


def is_fragment(request: Request) -> bool:
    """Does HTMX ask for a part of the page, and not for the whole of it after all?"""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type", "partial") != "full"
        and request.headers.get("HX-Boosted") != "true"
    )


def page(
    request: Request, template: str, /, *, block: str | None = None, status: int = 200, **context: Any
) -> Response:
    """The whole page, or its named block when HTMX asks."""
    visit = getattr(request.state, "visit", None)
    signed_in = getattr(visit, "signed_in", False)
    context.update(request=request, visit=visit)
    part = block if block and is_fragment(request) else None
    body = templates.render(template, part, visit.csrf if visit is not None and signed_in else "", context)
    headers = {"Cache-Control": "no-store"} if signed_in else {}
    return HTMLResponse(body, status, headers)


def see_other(address: str) -> RedirectResponse:
    """Answer to a successful form: the browser goes on to read `address`."""
    return RedirectResponse(address, 303)


def local_path(address: str | None, otherwise: str = "/") -> str:
    """`address` when it is a path on this site, for `next` fields (S14)."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or any(ord(c) < 32 or c == "\\" for c in address):
        return otherwise
    return address
