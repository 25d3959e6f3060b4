"""One database, SQLite or PostgreSQL, chosen by its URL alone.

Application code never commits: a request or a job is one transaction, committed at its edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    Integer,
    MetaData,
    Select,
    TypeDecorator,
    create_engine,
    event,
    literal_column,
    make_url,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session, SQLModel

from shequtong.lib import prepared
from shequtong.lib.patience import give_up_after

SQLITE_SAFE = (3, 51, 3)
"""Older builds can corrupt a WAL database when a checkpoint races a reset (fixed upstream in 3.51.3)."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """Base of every table; constraints get the same names on both databases."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


BigId = BigInteger().with_variant(Integer, "sqlite")


@event.listens_for(Column, "after_parent_attach")
def _as_wide_as_its_target(column: Column[Any], table: Any) -> None:
    """A column that points to a numbered row is as wide as that row's number."""
    if table.metadata is Table.metadata and column.foreign_keys and type(column.type) is Integer:
        column.type = BigId


def primary_key() -> Any:
    """A column that numbers its rows."""
    return Field(default=None, primary_key=True, sa_type=BigId)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. Stored as UTC and read back as UTC; a naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime given to the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """A page reads a hundred of them: one call each, not the three of a TypeDecorator."""
        return _from_text if dialect.name == "sqlite" else _from_moment


@lru_cache(maxsize=20_000)
def _from_text(value: str | None) -> datetime | None:
    """The pages of a day show the same moments again and again; one made before also knows its hash already."""
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _from_moment(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class Database:
    """Engines for reading and for writing on the same URL, and the sessions on them.

    `connections` is how many PostgreSQL is asked for at most: no more than the server has threads (40), so that
    whoever holds a lock finds one to go on. `patience` is how many seconds it may take to answer a question.
    """

    def __init__(
        self,
        url: str,
        *,
        sqlite_synchronous: str = "FULL",
        connections: int = 40,
        patience: float | None = None,
    ) -> None:
        self.url = make_url(url)
        self.connections = connections
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = _sqlite(self.url, sqlite_synchronous)
            self.reader = self.engine.execution_options(reads_only=True)
        else:
            self.url = self.url.set(drivername="postgresql+psycopg")
            self.engine = create_engine(
                self.url,
                pool_size=connections // 2,
                max_overflow=connections // 2,
                pool_pre_ping=True,
                hide_parameters=True,
            )
            give_up_after(self.engine, patience)
            self.reader = self.engine.execution_options(postgresql_readonly=True)

    def session(self, *, write: bool) -> Session:
        """A session whose caller ends it; `expire_on_commit` is off, rows stay readable after it."""
        return Session(self.engine, expire_on_commit=False) if write else Reader(self.reader)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.session(write=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed when the block ends well, undone when it raises."""
        with self.session(write=True) as session, session.begin():
            yield session

    def dispose(self) -> None:
        self.engine.dispose()


class Reader(Session):
    """A session that only reads. Statements asked directly go past its books of what was changed."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.engine = engine
        self.held: Connection | None = None

    def directly(self) -> Connection:
        """Its one connection, in its one transaction."""
        if self.held is None:
            self.held = self.engine.connect()
        return self.held

    def get_bind(self, *_args: Any, **_kwargs: Any) -> Connection:
        return self.directly()

    def close(self) -> None:
        super().close()
        if self.held is not None:
            self.held.close()
            self.held = None


def rows(session: Session, statement: Executable, **values: Any) -> CursorResult[Any]:
    """Run a Core statement on the session's connection: half the cost of going through the ORM."""
    return session.connection().execute(statement, values)


def ask(session: Session, statement: Select[Any], **values: Any) -> list[Any]:
    """The rows of a Core statement that is made once and kept, as named tuples: the cheapest way to read.

    A list for an expanding parameter may have any length. See `lib.prepared`.
    """
    connection = session.directly() if isinstance(session, Reader) else session.connection()
    return prepared.ask(connection, statement, values)


def at_most(count: int) -> Any:
    """A LIMIT that stands in the statement itself: `select(…).limit(at_most(20))`.

    A LIMIT that is a parameter makes SQLite plan the statement anew each time it is run, because its value could
    make another plan better: a third of a board's page, nine tenths of a feed.
    """
    return literal_column(str(int(count)))


def _sqlite(url: Any, synchronous: str) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        module=sqlite_module(),
        connect_args={"check_same_thread": False, "isolation_level": None},
        pool_use_lifo=True,  # each connection keeps pages of its own: the warmest one is asked first
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "busy_timeout=5000",
            "foreign_keys=ON",
            "cache_size=-16000",
            "temp_store=MEMORY",
            # With samples of values (sqlite_stat4) every statement would be planned anew each time it is run.
            "analysis_limit=1000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("reads_only"):
            connection.connection.cursor().execute("BEGIN")  # waits for nothing, so it cannot fail
        else:
            # A deferred transaction that later writes fails at once when another wrote in between.
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def sqlite_module() -> Any:
    """The bundled, repaired SQLite where it has a wheel, else Python's own."""
    try:
        import pysqlite3 as module
    except ImportError:
        import sqlite3 as module
    return module


def constraint_of(error: Exception) -> str:
    """Name or columns of the constraint an IntegrityError tells of, as both databases word it."""
    original = getattr(error, "orig", error)
    diagnosis = getattr(original, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    return name or str(original)


def insert_or_nothing(session: Session, table: type[SQLModel], **values: Any) -> bool:
    """Insert a row unless one with its key is there already; True when it was inserted. Race-free."""
    session.flush()
    done = session.connection().execute(_insert_or_nothing(table, session.get_bind().dialect.name), values)
    return bool(done.rowcount == 1)


@lru_cache(maxsize=256)
def _insert_or_nothing(table: type[SQLModel], dialect: str) -> Any:
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    statement = insert(table.__table__).on_conflict_do_nothing()  # type: ignore[attr-defined]
    return statement.execution_options(preserve_rowcount=True)
