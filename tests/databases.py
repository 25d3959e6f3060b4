"""Databases for tests: a fresh SQLite file in a millisecond, a washed PostgreSQL in a few.

Each is a copy of a template that was migrated once a run. The workers of one run share a room, a folder with
the templates and one PostgreSQL server; the last to leave the room stops the server and removes it. Locks are
the kernel's: a killed worker counts as gone, and what a killed run left behind goes at the next one.
"""

import atexit
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from tests.postgres import PostgresServer

from shequtong.lib import schema
from shequtong.lib.db import Database

Build = Callable[[str], None]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
KEEP_PRISTINE = Path(__file__).with_name("pristine.sql").read_text()
END_FORGOTTEN = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = %s AND state LIKE 'idle in transaction%%'
"""


def migrate(url: str) -> None:
    """Bring the empty database at `url` to the newest schema, as `shequtong migrate` does."""
    database = Database(url)
    schema.migrate(database)
    database.dispose()


def sqlite_url(folder: Path, build: Build = migrate) -> str:
    """A new SQLite database in `folder`, as `build` left its template."""
    copy = folder / "shequtong.db"
    shutil.copyfile(_sqlite_template(build), copy)
    return f"sqlite:///{copy}"


def empty_sqlite_url(folder: Path) -> str:
    """A database without tables, for tests of the migrations themselves."""
    return f"sqlite:///{folder / 'empty.db'}"


def postgres_url(name: str, build: Build = migrate) -> str:
    """This worker's own PostgreSQL database with the rows and numbering of `build`'s template, and no others.

    Another `build`, known by its name, has a database of its own. A test that changes the schema takes
    `empty_postgres_url` instead.
    """
    name = f"{WORKER}_{name}_{build.__name__}"
    template = _postgres_template(build)
    if name in _made:
        _wash(name)
    else:
        _make(name, template)
        _made.add(name)
    return room().server.url(name)


def empty_postgres_url(name: str) -> str:
    """This worker's own database without tables, made anew at each call."""
    name = f"{WORKER}_{name}_empty"
    _postgres_template(_nothing)
    _make(name, "template0")
    return room().server.url(name)


_made: set[str] = set()


def _nothing(url: str) -> None:
    """A template that is as empty as a new database."""


class Room:
    """The folder that the workers of one test run share."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.server = PostgresServer(path)

    def enter(self) -> None:
        self.path.mkdir(mode=0o755, exist_ok=True)
        self._guest = _open(self.path / "guests")
        fcntl.flock(self._guest, fcntl.LOCK_SH)

    def leave(self) -> None:
        self._guest.close()
        self.clear_if_empty()

    def clear_if_empty(self) -> None:
        """Stop the server and remove the folder, unless somebody is still in the room."""
        with _open(self.path / "guests") as guests:
            try:
                fcntl.flock(guests, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self.server.stop()
            shutil.rmtree(self.path, ignore_errors=True)

    @contextmanager
    def once(self, name: str) -> Iterator[bool]:
        """True for the first who comes; the others wait until the first is done. Failing leaves it undone."""
        done = self.path / f"{name}.done"
        with _locked(self.path / f"{name}.lock"):
            yield not done.exists()
            done.touch()


@cache
def room() -> Room:
    """This run's room, entered. Rooms that nobody is in any more are cleared on the way."""
    house = Path(tempfile.gettempdir()) / f"shequtong-tests-{os.getuid()}"
    house.mkdir(mode=0o755, exist_ok=True)
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:8]
    with _locked(house / "door"):
        for path in house.iterdir():
            if path.is_dir() and path.name != run:
                Room(path).clear_if_empty()
        ours = Room(house / run)
        ours.enter()

    def leave() -> None:
        with _locked(house / "door"):
            ours.leave()

    atexit.register(leave)
    return ours


def _sqlite_template(build: Build) -> Path:
    template = room().path / f"{build.__name__}.db"
    with room().once(template.name) as first:
        if first:
            build(f"sqlite:///{template}")
            with closing(
                sqlite3.connect(template)
            ) as connection:  # all of it into the one file that is copied
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return template


def _postgres_template(build: Build) -> str:
    """The name of a database that `build` has filled, with what a later wash puts back."""
    name = f"template_{build.__name__}"
    with room().once("server") as first:
        if first:
            room().server.start()
    with room().once(name) as first:
        if first:
            _make(name, "template0")
            build(room().server.url(name))
            with psycopg.connect(room().server.url(name), autocommit=True) as connection:
                connection.execute(KEEP_PRISTINE)
    return name


def _make(name: str, template: str) -> None:
    server = _connection("postgres")
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    server.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )


def _wash(name: str) -> None:
    """Put rows and numbering back. Making a database of many tables again would take forty times as long."""
    server = _connection("postgres")
    server.execute(END_FORGOTTEN, [name])
    _connection(name).execute("SELECT pristine.wash()")


@cache
def _connection(database: str) -> psycopg.Connection:
    return psycopg.connect(room().server.url(database), autocommit=True)


def _open(path: Path) -> IO[str]:
    return path.open("a")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _open(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
