"""The stage, served to a real Chromium."""

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from tests.browsers import chromium
from tests.look.stage import app


@pytest.fixture(scope="module")
def stage() -> Iterator[str]:
    """Where the stage plays."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def phone(browser: Browser, stage: str) -> Iterator[Page]:
    """A page on a small telephone. Whatever the browser complains of fails the test."""
    complaints: list[str] = []
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True, base_url=stage
    )
    page = context.new_page()
    page.set_default_timeout(5000)
    page.on(
        "console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    expected = getattr(page, "expected", ())
    assert [line for line in complaints if not any(words in line for words in expected)] == []
