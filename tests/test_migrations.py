"""The schema's history: one line, the same on both databases, walked up and down with people in the town."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Connection, Engine, MetaData, Table, column, func, inspect, select, table, update
from tests.cast import HOME, people_the_town
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


def test_yuan_become_whole_cents_and_yuan_again(empty_url: str, config: Config, engine: Engine) -> None:
    """The budgets of projects, which releases before kept as decimals."""
    people_the_town(empty_url)
    command.downgrade(config, "7d41f06ab3c8")
    with engine.begin() as connection:
        post = _row(
            connection, "post", id=1, code=HOME, author_id=1, audience="community", moderation="clear"
        )
        _row(connection, "hall_proposal", post_id=post, budget=Decimal("4250.10"), lead="老周")
    command.upgrade(config, "+1")
    assert _value(engine, "budget_cents") == 425010
    command.downgrade(config, "-1")
    assert Decimal(str(_value(engine, "budget"))) == Decimal("4250.1")


def test_boards_that_nobody_may_hide_are_shown_again(empty_url: str, config: Config, engine: Engine) -> None:
    people_the_town(empty_url)
    command.downgrade(config, "7be21d40c9a3")
    divisions = table("division", column("code"), column("boards_off", JSON))
    with engine.begin() as connection:
        hidden = update(divisions).where(divisions.c.code == HOME)
        connection.execute(hidden.values(boards_off=["talk", "notices", "hall"]))
    command.upgrade(config, "+1")
    with engine.connect() as connection:
        found = select(divisions.c.boards_off).where(divisions.c.code == HOME)
        assert connection.scalar(found) == ["talk"]


def _row(connection: Connection, name: str, **known: Any) -> int:
    """A row in a table as it is at this step of the schema, with the least of what must be there."""
    made = Table(name, MetaData(), autoload_with=connection)
    least = {str: "", int: 0, bool: False, datetime: datetime(2026, 1, 5), date: date(2026, 1, 5)}
    row = {
        one.name: least.get(one.type.python_type, [])
        for one in made.columns
        if not one.nullable and one.server_default is None
    }
    connection.execute(made.insert().values(row | known))
    return int(known.get("id", 0))


def _value(engine: Engine, name: str) -> Any:
    with engine.connect() as connection:
        return connection.scalar(select(column(name)).select_from(table("hall_proposal")))
