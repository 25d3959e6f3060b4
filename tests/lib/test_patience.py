"""R3: a PostgreSQL that is restarted or frozen makes pages say so, and they work again when it is back."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.cast import HOME, KEY, Browser, people_the_town
from tests.postgres import PostgresServer

from shequtong import main
from shequtong.main import create_app
from shequtong.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """A PostgreSQL of this test's own, to be treated badly."""
    if "postgresql" not in request.config.getoption("--databases"):
        pytest.skip("about PostgreSQL alone")
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as home:
        server = PostgresServer(Path(home))
        server.start()
        yield server
        server.stop()


@pytest.fixture
def app(server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    people_the_town(server.url())
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(
            "CHECKPOINT"
        )  # it commits without waiting for the disk, and is about to be stopped at once
    monkeypatch.setattr(main, "PATIENCE", 1.0)
    app = create_app(
        Settings(database_url=server.url(), secret_key=KEY, media_url=f"file://{tmp_path}", _env_file=None)
    )
    yield app
    app.state.database.dispose()


def freeze(server: PostgresServer, number: signal.Signals) -> None:
    """Stop or wake the server and every process that serves a connection."""
    postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True)
    for process in [postmaster, *map(int, children.stdout.split())]:
        os.kill(process, number)


def test_r3_after_a_restart_pages_work_at_once(server, app):
    browser = Browser(app, "resident")
    assert browser.get(f"/c/{HOME}").status_code == 200
    server.stop()
    gone = browser.get(f"/c/{HOME}")
    assert (gone.status_code, gone.headers["retry-after"]) == (503, "3")
    assert "<h1>" in gone.text and "Traceback" not in gone.text
    assert browser.get("/readyz").status_code == 503
    assert browser.get("/healthz").status_code == 200
    server.start()
    assert browser.get(f"/c/{HOME}").status_code == 200
    assert browser.submit("/me", {"name": "小陈", "about": "回来了"}).status_code == 303


def test_r3_a_frozen_server_is_given_up_and_welcomed_back_within_three_seconds(server, app):
    browser = Browser(app, "resident")
    assert browser.get(f"/c/{HOME}").status_code == 200
    freeze(server, signal.SIGSTOP)
    try:
        began = time.monotonic()
        answers = [browser.get(f"/c/{HOME}").status_code, browser.submit("/me", {"name": "x"}).status_code]
        assert answers == [503, 503]
        assert time.monotonic() - began < 20
        assert browser.get("/readyz").status_code == 503
    finally:
        freeze(server, signal.SIGCONT)
    back = time.monotonic()
    while browser.get(f"/c/{HOME}").status_code != 200:
        assert time.monotonic() - back < 3
    assert browser.submit("/me", {"name": "小陈"}).status_code == 303


def test_r3_somebody_who_waits_for_anothers_row_is_asked_to_come_back(server, app):
    holding, done = threading.Event(), threading.Event()
    browser = Browser(app, "resident")

    def hold() -> None:
        from sqlalchemy import text

        with app.state.database.writing() as session:
            session.execute(text("SELECT * FROM account WHERE login = 'resident' FOR UPDATE"))
            holding.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(5)
    try:
        assert browser.submit("/me", {"name": "小陈", "about": "等"}).status_code == 503
    finally:
        done.set()
        thread.join()
    assert browser.submit("/me", {"name": "小陈", "about": "等到了"}).status_code == 303
