"""How often something may be tried (S4), counted alike by all workers.

Beside a SQLite database lies a small file of its own, so that counting never waits for a form's transaction;
in PostgreSQL it is an unlogged table with connections of its own. When neither can be written (disk full, server
away) each process counts for itself. Keys are stored as keyed digests: no phone number, no address.

Not pyrate-limiter: in SQL it keeps one table for each key, and we have a key for each address.
"""

import math
import threading
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, TextClause, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from shequtong.lib import clock
from shequtong.lib.db import sqlite_module


class Rate(NamedTuple):
    """At most `tries` in any stretch of `per`."""

    tries: int
    per: timedelta


SIGN_IN = Rate(10, timedelta(minutes=5))
EXPORT = Rate(6, timedelta(hours=1))

MOST_KEYS = 50_000
"""How many a process remembers by itself."""

_SQLITE = (  # a power cut may forget tries
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=OFF",
    "CREATE TABLE IF NOT EXISTS throttle_try (key VARCHAR(32) NOT NULL, at FLOAT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_throttle_try_key_at ON throttle_try (key, at)",
)
_LOCK = text("SELECT pg_advisory_xact_lock(:number)")
_LATEST = text(
    "SELECT at FROM throttle_try WHERE key = :key AND at > :since AND at <= :now ORDER BY at DESC LIMIT :tries"
)
_ADD = text("INSERT INTO throttle_try VALUES (:key, :now)")
_FORGET = text("DELETE FROM throttle_try WHERE key = :key")
_SWEEP = text("DELETE FROM throttle_try WHERE at <= :since OR at > :now")


class Throttle:
    """`secret` is `Keyring.derive("throttle")`. Without a database each process counts for itself."""

    def __init__(self, database_url: str | None, secret: bytes) -> None:
        self._secret = secret
        self._engine = _engine(database_url) if database_url else None
        self._memory: dict[str, list[float]] = defaultdict(list)
        self._lock = threading.Lock()

    def allow(self, key: str, rate: Rate) -> int:
        """0 when this try is allowed, and counted; else the seconds to wait, for Retry-After.

        The key says what is tried and by whom: `"sign-in 203.0.113.9"`. To spare the owner of an account from
        tries elsewhere, count an account together with the address it is tried from.
        """
        return self._ask(key, rate, count=True)

    def wait(self, key: str, rate: Rate) -> int:
        """What `allow` would answer, without counting a try: for what counts only when it fails."""
        return self._ask(key, rate, count=False)

    def forget(self, key: str) -> None:
        """Start anew, after a success."""
        self._memory.pop(self._digest(key), None)
        self._run(_FORGET, key=self._digest(key))

    def sweep(self, older_than: timedelta = timedelta(days=1)) -> None:
        """Remove what no rate looks at any more. For a job once a day."""
        now = clock.now().timestamp()
        since = now - older_than.total_seconds()
        with self._lock:
            for key in [key for key, tries in self._memory.items() if not tries or tries[-1] <= since]:
                del self._memory[key]
        self._run(_SWEEP, since=since, now=now + 60)

    def _ask(self, key: str, rate: Rate, *, count: bool) -> int:
        if self._engine:
            with suppress(SQLAlchemyError), self._engine.begin() as connection:
                return self._ask_database(connection, self._digest(key), rate, count)
        return self._ask_here(self._digest(key), rate, count)

    def _ask_database(self, connection: Connection, key: str, rate: Rate, count: bool) -> int:
        if connection.dialect.name == "postgresql":
            connection.execute(_LOCK, {"number": int(key[:15], 16)})
        now = clock.now().timestamp()
        since = now - rate.per.total_seconds()
        values = {"key": key, "since": since, "now": now, "tries": rate.tries}
        tries = connection.execute(_LATEST, values).scalars().all()
        if len(tries) == rate.tries:
            return math.ceil(tries[-1] - since)
        if count:
            connection.execute(_ADD, values)
        return 0

    def _ask_here(self, key: str, rate: Rate, count: bool) -> int:
        now = clock.now().timestamp()
        since = now - rate.per.total_seconds()
        with self._lock:
            tries = self._memory[key] = [at for at in self._memory[key] if since < at <= now]
            if len(tries) >= rate.tries:
                return math.ceil(tries[-rate.tries] - since)
            if count:
                tries.append(now)
            if len(self._memory) > MOST_KEYS:
                del self._memory[next(iter(self._memory))]
            return 0

    def _run(self, statement: TextClause, **values: Any) -> None:
        if self._engine:
            with suppress(SQLAlchemyError), self._engine.begin() as connection:
                connection.execute(statement, values)

    def _digest(self, key: str) -> str:
        return blake2b(key.encode(), key=self._secret, digest_size=16).hexdigest()


def _engine(database_url: str) -> Engine:
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        url = url.set(drivername="postgresql+psycopg")
        return create_engine(url, pool_size=2, max_overflow=2, pool_timeout=2, pool_pre_ping=True)
    beside = url.set(database=f"{(url.database or 'shequtong').removesuffix('.db')}-throttle.db")
    arguments = {"timeout": 2, "check_same_thread": False}
    engine = create_engine(beside, module=sqlite_module(), connect_args=arguments)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for statement in _SQLITE:
            connection.execute(statement)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
