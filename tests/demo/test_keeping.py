"""Whose database it is: a demo touches only what is empty or its own (S8)."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text
from tests.cast import people_the_town
from tests.databases import postgres_url, sqlite_url
from tests.demo.played import settings_of

from shequtong.core.identity.actor import Actor
from shequtong.core.identity.registering import open_account
from shequtong.core.media import storing
from shequtong.demo import keeping, making
from shequtong.lib import schema
from shequtong.lib.db import Database
from shequtong.main import JOBS, furnish
from shequtong.town import PICTURES, StoryError, Town


def nothing(doing: str, done: float) -> None:
    """No progress to show."""


def tables(database: Database) -> list[str]:
    def names(connection: Connection) -> list[str]:
        return inspect(connection).get_table_names()

    with database.reader.connect() as connection:
        return names(connection)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_s8_a_database_with_anything_else_in_it_is_refused_and_stays_as_it_is(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    if kind not in request.config.getoption("--databases"):
        pytest.skip("not on this database")
    url = sqlite_url(tmp_path, people_the_town) if kind == "sqlite" else postgres_url("x", people_the_town)
    database = furnish(settings_of(url, tmp_path / "media"))
    before = tables(database)
    for reset in (False, True):
        with pytest.raises(making.NotOurs, match="SHEQUTONG_DATABASE_URL"):
            making.ready(database, {}, (), nothing, reset=reset)
    with pytest.raises(ValueError, match="no demo's"):
        keeping.clear(database)
    assert tables(database) == before
    database.dispose()


def test_s8_tables_of_somebody_else_are_refused(empty: Database) -> None:
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE cookbook (id INTEGER)"))
    with pytest.raises(making.NotOurs):
        making.ready(empty, {}, (), nothing, reset=True)
    assert tables(empty) == ["cookbook"]


def test_a_demo_that_was_stopped_half_way_is_known_and_cleared(empty: Database, tmp_path: Path) -> None:
    assert keeping.owner(empty) == "nobody"
    schema.migrate(empty)
    keeping.begin(empty)
    assert keeping.owner(empty) == "half a demo"
    with empty.writing() as session:
        account = open_account(session, "painter", "画家")
        assert account is not None
        storing.keep(session, Actor(account.id), (PICTURES / "cat.webp").read_bytes())
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    keeping.clear(empty)
    assert keeping.owner(empty) == "nobody"
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


def test_a_finished_one_is_a_demo(empty: Database) -> None:
    schema.migrate(empty)
    keeping.begin(empty)
    keeping.finish(empty)
    assert keeping.owner(empty) == "demo"
    assert making.ready(empty, {}, (), nothing) is False


@pytest.mark.slow
def test_a_story_that_the_product_refuses_says_where_and_leaves_nothing_behind(
    empty: Database, town: Town
) -> None:
    cooker = next(post for post in town.posts if post.key == "g-cooker")
    free = {name: value for name, value in cooker.fields.items() if name != "price"}
    unplayable = replace(town, posts=(replace(cooker, fields=free),), follows={})
    with pytest.raises(StoryError, match=r"life/goods\.toml, g-cooker, writing: price: "):
        making.make(empty, unplayable, JOBS, (), nothing)
    assert keeping.owner(empty) == "nobody"
