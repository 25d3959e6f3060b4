"""The stage of all tests: a database of each kind, the application on it, and the cast that walks on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.cast import KEY, Cast, people_the_town
from tests.databases import postgres_url, sqlite_url

from shequtong.lib import i18n
from shequtong.main import create_app, create_worker
from shequtong.settings import Settings


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--databases", default="sqlite,postgresql", help="which databases to test on")
    parser.addoption(
        "--every-combination",
        action="store_true",
        help="of person, state and transition, where a test otherwise takes turns",
    )
    parser.addoption("--boards", help="slugs: of the tests for every board, only those of these")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the boards out that `--boards` does not name."""
    if wanted := config.getoption("--boards"):
        items[:] = [item for item in items if _board_of(item) in ("", *wanted.split(","))]


def _board_of(item: pytest.Item) -> str:
    board = getattr(item, "callspec", None) and item.callspec.params.get("board")
    return getattr(board, "slug", "")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("databases")
        kinds = [
            kind
            for kind in metafunc.config.getoption("--databases").split(",")
            if only is None or kind in only.args
        ]
        metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Each test begins in Chinese, whatever the one before has spoken."""
    with i18n.speaking(i18n.DEFAULT):
        yield


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the town and its cast, of the kind this test runs on."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path, people_the_town)
    return postgres_url(os.environ.get("PYTEST_XDIST_WORKER", "alone"), people_the_town)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key=KEY,
        media_url=f"file://{tmp_path}/media",
        base_url="http://127.0.0.1:8000",
        sqlite_synchronous="NORMAL",
        _env_file=None,
    )


@pytest.fixture
def app(settings: Settings) -> Iterator:
    app = create_app(settings)
    yield app
    app.state.database.dispose()


@pytest.fixture
def visitor(app) -> TestClient:
    """A browser that nobody has signed in with."""
    return TestClient(app, base_url=app.state.settings.base_url, follow_redirects=False)


@pytest.fixture
def cast(app) -> Cast:
    """The people of the town; `cast.resident` is a signed-in browser."""
    return Cast(app)


@pytest.fixture
def db(app):
    """A session of its own on the test's database, for what no page shows."""
    with app.state.database.session(write=False) as session:
        yield session


@pytest.fixture
def worker(app, settings):
    """Does what waits in the job table when `worker.run_waiting()` is called."""
    return create_worker(settings, app.state.database)
