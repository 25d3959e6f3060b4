"""For machines that watch this one: alive, ready, and figures when the operator wants them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from shequtong.lib import leaving, schema
from shequtong.lib.db import Database
from shequtong.lib.web import Unasked
from shequtong.lib.web import router as pages

PATIENCE = 2.0
"""Seconds a database may take to say that it is there."""

router = pages()


@router.get("/healthz")
async def healthz(_: Unasked) -> Response:
    """The process lives. Touches neither database nor threads, so a flood of visitors does not silence it."""
    return _plain("ok")


@router.get("/readyz")
async def readyz(_: Unasked, request: Request) -> Response:
    """Requests may be sent here: the database answers, its schema fits, and we are not leaving."""
    if leaving.is_leaving():
        return _not_ready("leaving")
    try:
        fits = await asyncio.wait_for(asyncio.shield(_asking(request.app.state)), PATIENCE)
    except (SQLAlchemyError, TimeoutError):
        return _not_ready("the database does not answer")
    return _plain("ready") if fits else _not_ready("the database has another schema")


def _asking(state: Any) -> asyncio.Task[bool]:
    """The one question that is under way, however many ask: a frozen database must not eat up the threads."""
    asking: asyncio.Task[bool] | None = getattr(state, "readiness", None)
    if asking is None or asking.done():
        state.readiness = asking = asyncio.create_task(run_in_threadpool(_fits, state.database))
    return asking


def _fits(database: Database) -> bool:
    with database.reader.connect() as connection:
        return schema.is_current(connection)


def _not_ready(why: str) -> Response:
    return _plain(why, 503, {"Retry-After": "2"})


def _plain(words: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{words}\n", status, {"Cache-Control": "no-store", **(headers or {})})
