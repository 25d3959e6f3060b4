"""What watches over a server sees: alive, ready, figures when wanted, and errors that can be found again."""

from __future__ import annotations

import io
import json
import logging

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import IntegrityError
from tests.cast import HOME, Browser, people_the_town
from tests.databases import sqlite_url
from tests.serving import Serving

from shequtong.lib import logs
from shequtong.lib.web import Unasked
from shequtong.lib.web import router as pages
from shequtong.main import create_app

SECRET = "13812345678"


def test_health_is_told_without_cookies_and_kept_by_nobody(visitor):
    for path, words in (("/healthz", "ok\n"), ("/readyz", "ready\n")):
        answer = visitor.get(path)
        assert (answer.status_code, answer.text) == (200, words)
        assert answer.headers["cache-control"] == "no-store"


def test_robots_and_the_security_contact_are_where_programs_look(visitor):
    assert "Disallow: /" in visitor.get("/robots.txt").text
    contact = visitor.get("/.well-known/security.txt")
    assert contact.headers["content-type"].startswith("text/plain")
    assert "Contact: http://127.0.0.1:8000\n" in contact.text and "Expires: " in contact.text


def test_a_telephone_gets_a_manifest_in_its_language(visitor):
    chinese = visitor.get("/manifest.webmanifest", headers={"Accept-Language": "zh-CN"})
    english = visitor.get("/manifest.webmanifest", headers={"Accept-Language": "en"})
    assert chinese.headers["content-type"] == "application/manifest+json"
    assert json.loads(chinese.text)["name"] == "社区通"
    assert json.loads(english.text)["lang"] == "en"
    for icon in json.loads(chinese.text)["icons"]:
        assert visitor.get(icon["src"]).status_code == 200


def test_s16_metrics_are_closed_unless_the_operator_opens_them(visitor):
    assert visitor.get("/metrics").status_code == 404


def test_metrics_count_pages_by_their_declared_address_and_tell_of_nobody(settings):
    app = create_app(settings.model_copy(update={"enable_metrics": True}))
    browser = Browser(app, "resident")
    browser.get(f"/c/{HOME}")
    browser.get(f"/nowhere/{SECRET}")
    told = browser.get("/metrics").text
    assert 'shequtong_requests_total{method="GET",route="/c/{code}",status="200"}' in told
    assert "shequtong_answer_seconds_bucket" in told and "shequtong_job_lag_seconds" in told
    assert HOME not in told and SECRET not in told and "小陈" not in told
    app.state.database.dispose()


@pytest.mark.slow
def test_metrics_of_several_processes_add_up(tmp_path):
    server = Serving(
        tmp_path, "--workers", "2", database_url=sqlite_url(tmp_path, people_the_town), enable_metrics="1"
    )
    try:
        for _ in range(20):
            httpx.get(server.address + "/robots.txt")
        told = httpx.get(server.address + "/metrics").text
        assert 'shequtong_requests_total{method="GET",route="/robots.txt",status="200"} 20.0' in told
    finally:
        server.stop()


@pytest.fixture
def lines():
    """What the log says, as it would in production."""
    root = logging.getLogger()
    before = root.handlers[:]
    logs.start("INFO")
    (ours,) = root.handlers
    ours.setStream(said := io.StringIO())
    yield lambda: [json.loads(line) for line in said.getvalue().splitlines()]
    root.handlers[:] = before


def breaking(app, error):
    """A browser on an application with a page that breaks."""
    router = pages()

    @router.get("/breaks/{number}")
    async def breaks(_: Unasked, number: str) -> None:
        raise error

    app.include_router(router)
    return TestClient(app, base_url=app.state.settings.base_url, raise_server_exceptions=False)


def test_p5_a_page_that_breaks_shows_a_number_that_the_log_has_too(app, lines):
    answer = breaking(app, KeyError(SECRET)).get(f"/breaks/{SECRET}?phone={SECRET}")
    number = answer.headers["x-request-id"]
    assert answer.status_code == 500
    assert f"<code>{number}</code>" in answer.text and 'class="button" href="/"' in answer.text
    for never in ("Traceback", "KeyError", SECRET, "/src/", "Python"):
        assert never not in answer.text
    told = [line for line in lines() if line["event"] == "request failed"]
    assert [line["request_id"] for line in told] == [number]
    assert told[0]["route"] == "GET /breaks/{number}" and told[0]["error"] == "KeyError"
    assert any("test_health.py" in frame for frame in told[0]["trace"])


@pytest.mark.parametrize(
    "error",
    [
        ValueError(SECRET),
        IntegrityError(f"INSERT {SECRET}", {"phone": SECRET}, Exception(f"Key (phone)=({SECRET}) exists")),
    ],
)
def test_p1_the_log_repeats_nothing_that_somebody_typed(app, lines, error):
    breaking(app, error).get(
        f"/breaks/{SECRET}", headers={"User-Agent": SECRET, "Cookie": f"session={SECRET}"}
    )
    told = lines()
    assert told and SECRET not in json.dumps(told)
