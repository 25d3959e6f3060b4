"""The stage of these tests: the played town instead of the small cast."""

from pathlib import Path

import pytest
from tests.databases import empty_postgres_url, empty_sqlite_url, postgres_url, sqlite_url
from tests.demo.played import pictures, play_the_town, settings_of

from shequtong.lib.db import Database
from shequtong.main import furnish
from shequtong.settings import Settings
from shequtong.town import Town, load


@pytest.fixture(scope="session")
def town() -> Town:
    return load()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the whole town in it."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path, play_the_town)
    return postgres_url("demo", play_the_town)


@pytest.fixture
def settings(database_url: str) -> Settings:
    return settings_of(database_url, pictures())


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path):
    """An empty database, and a place for pictures."""
    if request.param not in request.config.getoption("--databases"):
        pytest.skip("not on this database")
    url = empty_sqlite_url(tmp_path) if request.param == "sqlite" else empty_postgres_url("demo")
    database: Database = furnish(settings_of(url, tmp_path / "media"))
    yield database
    database.dispose()
