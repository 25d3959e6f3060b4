"""Whose database this is: empty, a demo's own, or somebody else's, which a demo never touches (S8).

A demo's database carries a table that no other has; it is not part of the schema.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Column, DateTime, MetaData, Table, inspect, select, text, update

from shequtong.core.media import storing
from shequtong.core.media.models import Photo
from shequtong.lib import clock
from shequtong.lib.db import Database

Owner = Literal["nobody", "demo", "half a demo", "somebody"]

_MARK = Table("demo_town", MetaData(), Column("begun_at", DateTime), Column("made_at", DateTime))
_OF_THE_HOUSE = ("throttle_", "sqlite_")
"""Tables that a server may make before there is a schema."""


def owner(database: Database) -> Owner:
    """Whose this database is. "Half a demo" was stopped while it was made."""
    with database.reader.connect() as connection:
        names = [n for n in inspect(connection).get_table_names() if not n.startswith(_OF_THE_HOUSE)]
        if not names:
            return "nobody"
        if _MARK.name not in names:
            return "somebody" if names != ["alembic_version"] else "nobody"
        made = connection.execute(select(_MARK.c.made_at)).scalar()
        return "demo" if made else "half a demo"


def begin(database: Database) -> None:
    """Mark an empty database as a demo's, before anything is written."""
    with database.engine.begin() as connection:
        _MARK.create(connection)
        connection.execute(_MARK.insert().values(begun_at=_now()))


def finish(database: Database) -> None:
    """The town is whole."""
    with database.engine.begin() as connection:
        connection.execute(update(_MARK).values(made_at=_now()))


def clear(database: Database) -> None:
    """Take a demo away: its pictures, and every table."""
    if owner(database) not in ("demo", "half a demo"):
        raise ValueError("this database is no demo's")
    _discard_photos(database)
    if database.is_sqlite:
        database.dispose()
        path = Path(database.url.database or "")
        for name in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            name.unlink(missing_ok=True)
    else:
        _drop_all(database)


def _discard_photos(database: Database) -> None:
    with database.reading() as session:
        if inspect(session.connection()).has_table("photo"):
            for key in session.scalars(select(Photo.key)):
                storing.discard(key)


def _drop_all(database: Database) -> None:
    with database.engine.begin() as connection:
        quote: Any = connection.dialect.identifier_preparer.quote
        for name in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE IF EXISTS {quote(name)} CASCADE"))


def _now() -> datetime:
    return clock.now().replace(tzinfo=None)
