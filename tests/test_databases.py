"""The databases that all other tests stand on."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from tests import databases
from tests.databases import empty_postgres_url, postgres_url, sqlite_url

SCHEMA = """
CREATE TABLE house (
    id {number} PRIMARY KEY, name text NOT NULL, shout text GENERATED ALWAYS AS (upper(name)) STORED
);
CREATE TABLE room (id {number} PRIMARY KEY, house_id bigint NOT NULL REFERENCES house);
INSERT INTO house (name) VALUES ('mill');
"""
IDENTITY = "bigint GENERATED ALWAYS AS IDENTITY"


def houses(url: str) -> None:
    """A template of two tables and one row, on either database."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript("PRAGMA journal_mode = WAL;" + SCHEMA.format(number="integer"))
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SCHEMA.format(number=IDENTITY))


def test_a_postgres_database_comes_back_as_its_template_left_it() -> None:
    with psycopg.connect(postgres_url("street", houses), autocommit=True) as connection:
        connection.execute("INSERT INTO house (name) VALUES ('barn'), ('shed')")
        connection.execute("INSERT INTO room (house_id) VALUES (3)")
        connection.execute("UPDATE house SET name = 'ruin' WHERE id = 1")

    with psycopg.connect(postgres_url("street", houses), autocommit=True) as connection:
        assert connection.execute("SELECT id, name, shout FROM house").fetchall() == [(1, "mill", "MILL")]
        assert connection.execute("SELECT count(*) FROM room").fetchone() == (0,)
        assert connection.execute("INSERT INTO house (name) VALUES ('barn') RETURNING id").fetchone() == (2,)


def test_a_transaction_that_a_test_forgot_does_not_hold_up_the_next() -> None:
    forgotten = psycopg.connect(postgres_url("street", houses))
    forgotten.execute("UPDATE house SET name = 'ruin'")

    with psycopg.connect(postgres_url("street", houses)) as connection:
        assert connection.execute("SELECT name FROM house").fetchone() == ("mill",)


def test_databases_of_two_names_do_not_see_each_other() -> None:
    with psycopg.connect(postgres_url("one", houses), autocommit=True) as connection:
        connection.execute("INSERT INTO house (name) VALUES ('barn')")
    with psycopg.connect(postgres_url("two", houses)) as connection:
        assert connection.execute("SELECT count(*) FROM house").fetchone() == (1,)


def test_an_empty_database_has_no_tables() -> None:
    with psycopg.connect(empty_postgres_url("street")) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchone() == (0,)


def test_each_sqlite_database_is_a_copy_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = (sqlite_url(tmp_path / name, houses).removeprefix("sqlite:///") for name in ("one", "two"))

    with closing(sqlite3.connect(one)) as connection:
        connection.execute("INSERT INTO house (name) VALUES ('barn')")
        connection.commit()
    with closing(sqlite3.connect(two)) as connection:
        assert connection.execute("SELECT name FROM house").fetchall() == [("mill",)]


def test_a_template_is_built_once_and_again_only_after_a_failure(tmp_path: Path) -> None:
    room = databases.Room(tmp_path)
    room.enter()

    with pytest.raises(ZeroDivisionError), room.once("stove") as first:
        assert first and 1 / 0
    with room.once("stove") as first:
        assert first
    with room.once("stove") as first:
        assert not first


def test_the_last_guest_clears_the_room(tmp_path: Path) -> None:
    first, second = databases.Room(tmp_path / "room"), databases.Room(tmp_path / "room")
    first.enter()
    second.enter()

    first.leave()
    assert (tmp_path / "room").exists()
    second.leave()
    assert not (tmp_path / "room").exists()
