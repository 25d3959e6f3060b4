"""A served house, and people who walk through it with a real browser on a phone of 390 pixels."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from tests.browsers import chromium
from tests.cast import KEY, PASSWORD, people_the_town
from tests.databases import sqlite_url

from shequtong.main import create_app
from shequtong.settings import Settings

PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers are heavy: all journeys share one worker."""
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("journeys"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file: while it runs, no other test of this process can have an event loop."""
    with chromium() as started:
        yield started


@pytest.fixture
def house(tmp_path: Path) -> Iterator[str]:
    """Where the product is served, worker and all, on a fresh town."""
    settings = Settings(
        database_url=sqlite_url(tmp_path, people_the_town),
        secret_key=KEY,
        media_url=f"file://{tmp_path}/media",
        sqlite_synchronous="NORMAL",
        _env_file=None,
    )
    with served(settings) as address:
        yield address


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The product with these settings on a free port, and its address."""
    server = uvicorn.Server(uvicorn.Config(lambda: None, factory=True, port=0, log_level="error"))
    sock = server.config.bind_socket()
    address = f"http://127.0.0.1:{sock.getsockname()[1]}"
    settings = settings.model_copy(update={"base_url": address})
    server.config.app = lambda: create_app(settings, with_worker=True)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the house did not open"
        time.sleep(0.02)
    yield address
    server.should_exit = True
    thread.join()


@pytest.fixture
def person(browser: Browser, house: str) -> Iterator[Callable[..., Page]]:
    """`person("resident")` signs somebody in through the sign-in page and gives their phone.

    Whatever a browser complains of fails the test, except the answers a journey expects (`page.expected`).
    """
    contexts, complaints = [], []

    def arrive(login: str = "", *, javascript: bool = True, width: int = 390) -> Page:
        context = browser.new_context(
            viewport=PHONE | {"width": width}, base_url=house, locale="zh-CN", java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(6000)
        page.expected = []
        page.on("pageerror", lambda error: complaints.append((page, str(error))))
        page.on(
            "console",
            lambda line: complaints.append((page, line.text)) if line.type in ("error", "warning") else None,
        )
        if login:
            page.goto("/login")
            page.fill("[name=login]", login)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield arrive
    for context in contexts:
        context.close()
    told = [words for page, words in complaints if not any(known in words for known in page.expected)]
    assert told == []


def refused(page: Page, address: str, status: int = 404) -> None:
    """Opening `address` is answered with `status` and a page that says so."""
    page.expected.append(f"status of {status}")
    answer = page.goto(address)
    assert answer is not None and answer.status == status, (address, answer and answer.status)
