"""Runs migrations on the database of the settings, or on the one a caller names or has connected to."""

from __future__ import annotations

from alembic import context
from sqlalchemy import BigInteger
from sqlmodel.sql.sqltypes import AutoString

import shequtong.main  # noqa: F401  (declares every table)
from shequtong.lib import schema
from shequtong.lib.crypto import EncryptedText
from shequtong.lib.db import Database, Table, UtcDateTime
from shequtong.settings import Settings


def include(_item: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """Leave out what is made by SQL alone: the tables of full-text search, the tries of `lib.throttle`."""
    return not (kind == "table" and (name or "").startswith(("search_", "throttle_")))


def render(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types as the plain types they store, so that old migrations never import our code."""
    if kind == "type":
        if isinstance(item, UtcDateTime):
            return "sa.DateTime(timezone=True)"
        if isinstance(item, EncryptedText):
            return "sa.Text()"
        if isinstance(item, AutoString):
            return f"sa.String(length={item.length})" if item.length else "sa.String()"
        if isinstance(item, BigInteger):
            return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


def run(connection: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=include,
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(context.config.get_main_option("sqlalchemy.url") or Settings().database_url)
    with schema.migrating(database) as connection:
        run(connection)
    database.dispose()
