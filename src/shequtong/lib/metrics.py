"""Figures for whoever watches over a server: how many requests, how slow, and what waits in the job table.

Off unless the operator turns it on. Nothing here tells of a person: pages are counted by their declared address.
"""

from __future__ import annotations

import os
import time
from typing import Any

from fastapi import Request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shequtong.lib import clock, jobs
from shequtong.lib.web import Unasked
from shequtong.lib.web import router as pages

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

router = pages()
registry = CollectorRegistry()
ProcessCollector(registry=registry)
PlatformCollector(registry=registry)
REQUESTS = Counter(
    "shequtong_requests", "Requests answered.", ["method", "route", "status"], registry=registry
)
WAITED = Histogram(
    "shequtong_answer_seconds", "Until the first byte.", ["route"], buckets=SECONDS, registry=registry
)


class Measured:
    """Counts every request that reaches the application, and how long it waited for its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()

        async def send_measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "")
                REQUESTS.labels(scope["method"], route, message["status"]).inc()
                WAITED.labels(route).observe(time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, send_measured)


class Backlog:
    """What waits in the job table, looked up when somebody asks; left out while the database is away."""

    def __init__(self, database: Any) -> None:
        self.database = database

    def collect(self) -> list[GaugeMetricFamily]:
        try:
            with self.database.reading() as session:
                oldest, dead = jobs.backlog(session)
        except SQLAlchemyError:
            return []
        lag = (clock.now() - oldest).total_seconds() if oldest else 0
        return [
            GaugeMetricFamily("shequtong_job_lag_seconds", "How long the oldest job has waited.", lag),
            GaugeMetricFamily("shequtong_jobs_dead", "Jobs that failed for good.", dead),
        ]


@router.get("/metrics")
async def metrics(_: Unasked, request: Request) -> Response:
    """In the text format of Prometheus; with several processes, of all of them together."""
    body = await run_in_threadpool(_written, request.app.state.database)
    return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})


def _written(database: Any) -> bytes:
    shown = registry
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        shown = CollectorRegistry()
        MultiProcessCollector(shown)
    waiting = CollectorRegistry()
    waiting.register(Backlog(database))
    return generate_latest(shown) + generate_latest(waiting)
