"""The schema's history: one line, the same on both databases, walked up and down with people in the town."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, inspect, select, table
from tests.cast import people_the_town
from tests.databases import empty_postgres_url, empty_sqlite_url

from shequtong.lib import files
from shequtong.lib.db import Database

HISTORY = ScriptDirectory.from_config(Config(files.alembic_ini()))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "empty_url" in metafunc.fixturenames:
        kinds = metafunc.config.getoption("--databases").split(",")
        metafunc.parametrize("empty_url", kinds, indirect=True)


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables, of each kind."""
    if request.param == "sqlite":
        return empty_sqlite_url(tmp_path)
    return empty_postgres_url("history")


@pytest.fixture
def config(empty_url: str) -> Config:
    config = Config(files.alembic_ini())
    config.set_main_option("sqlalchemy.url", empty_url.replace("%", "%%"))
    return config


@pytest.fixture
def engine(empty_url: str):
    database = Database(empty_url)
    yield database.engine
    database.dispose()


def rows(engine: Engine) -> dict[str, int]:
    """How many rows each table holds. Full-text search is made from the others, so it does not count."""
    names = [
        name for name in inspect(engine).get_table_names() if not name.startswith(("search_", "alembic_"))
    ]
    with engine.connect() as connection:
        return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def test_history_is_one_line() -> None:
    assert len(HISTORY.get_heads()) == 1, "two branches added migrations: rebase the later one onto the other"
    assert len(HISTORY.get_bases()) == 1


def test_migrations_make_what_the_models_say(config: Config) -> None:
    command.upgrade(config, "head")
    command.check(config)


def test_an_empty_house_goes_up_and_comes_down_and_goes_up(config: Config, engine: Engine) -> None:
    command.upgrade(config, "head")
    built = rows(engine)
    command.downgrade(config, "base")
    assert rows(engine) == {}
    command.upgrade(config, "head")
    assert rows(engine) == built


def test_each_step_down_and_up_keeps_what_was_written(empty_url: str, config: Config, engine: Engine) -> None:
    people_the_town(empty_url)
    for revision in HISTORY.walk_revisions():
        above = rows(engine)
        command.downgrade(config, "-1")
        below = rows(engine)
        command.upgrade(config, "+1")
        again = rows(engine)

        kept = {name: above[name] for name in below if name in above}
        assert {name: below[name] for name in kept} == kept, revision.revision
        assert {name: again[name] for name in kept} == kept, revision.revision
        command.downgrade(config, "-1")
