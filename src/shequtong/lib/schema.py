"""Which migrations a database has had, and bringing it to the newest. One clear line when that cannot be (R16)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text

from shequtong.lib import files
from shequtong.lib.db import Database

ONE_MIGRATES = 7402187431
"""Number of the advisory lock that lets one of several starting machines migrate while the others wait."""


class WrongSchema(Exception):
    """The database cannot be used, or not brought up to date, by this release; says why in one line."""


@cache
def newest() -> str:
    """The revision this release was written for."""
    return _scripts().get_current_head() or ""


def is_current(connection: Connection) -> bool:
    """Whether this release may serve on it: up to date, or ahead because a newer release is being rolled out."""
    revision = _revision(connection)
    return revision == newest() or (revision is not None and not _is_known(revision))


def require(database: Database) -> None:
    """Raise WrongSchema unless the database is exactly what this release expects."""
    with database.reader.connect() as connection:
        revision = _revision(connection)
        if revision is None:
            _refuse_strangers(connection)
            raise WrongSchema("the database is empty: run `shequtong migrate` first")
    if not _is_known(revision):
        raise WrongSchema(f"the database has schema {revision} of a newer release: install that release")
    if revision != newest():
        raise WrongSchema(
            f"the database has schema {revision}, this release needs {newest()}: run `shequtong migrate`"
        )


def migrate(database: Database) -> list[str]:
    """Bring the database to the newest schema; what was done, in order. Raises WrongSchema."""
    with migrating(database) as connection:
        before = _revision(connection)
        if before is None:
            _refuse_strangers(connection)
        elif not _is_known(before):
            raise WrongSchema(f"the database has schema {before} of a newer release: install that release")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    steps = _scripts().iterate_revisions(newest(), before or "base")
    return [step.doc for step in reversed(list(steps)) if step.revision != before]


@contextmanager
def migrating(database: Database) -> Iterator[Connection]:
    """One transaction for migrations, alone on the database; committed when the block ends well."""
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if database.is_sqlite:
            # Rebuilding a table drops the old one, which would take every row that refers to it along.
            driver.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_MIGRATES})
        try:
            yield connection
            if database.is_sqlite:
                _refuse_orphans(connection)
            connection.commit()
        finally:
            connection.rollback()
            if database.is_sqlite:
                driver.execute("PRAGMA foreign_keys=ON")


def _refuse_strangers(connection: Connection) -> None:
    tables = [name for name in inspect(connection).get_table_names() if not name.startswith("throttle_")]
    if tables:
        raise WrongSchema(f"the database holds other tables ({tables[0]}, …): give Shequtong one of its own")


def _refuse_orphans(connection: Connection) -> None:
    orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if orphan:
        raise WrongSchema(f"nothing was changed: a row of {orphan[0]} would refer to nothing in {orphan[2]}")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _is_known(revision: str) -> bool:
    try:
        return _scripts().get_revision(revision) is not None
    except CommandError:
        return False


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    return Config(str(files.alembic_ini()))
