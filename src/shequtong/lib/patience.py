"""PostgreSQL that has gone silent (frozen, failed over, cut off) is given up after a while, not waited for (R3)."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import Engine, event

CONNECT: dict[str, Any] = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "options": "-c plan_cache_mode=force_generic_plan -c jit=off",
}
"""A dead server is noticed. A statement that comes again and again is planned once: planning the feed anew for other
values of the same kind costs more than reading it, and compiling it more than both."""

PREPARED = 400
"""Statements that a connection keeps planned."""


class Impatient(psycopg.Connection[Any]):
    """A connection that waits `patience` seconds for an answer and is closed after that."""

    patience: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except psycopg.OperationalError:
            # The answer may still come, to a question nobody remembers.
            if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


def give_up_after(engine: Engine, seconds: float | None) -> None:
    """Have every connection of this engine wait so long for each answer; None for as long as it takes."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: Any, options: Any) -> Impatient:
        connection = Impatient.connect(*arguments, **{**CONNECT, **options})
        connection.patience = seconds
        connection.prepare_threshold, connection.prepared_max = 2, PREPARED
        return connection
