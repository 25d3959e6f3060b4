"""Many rows at once: COPY into PostgreSQL, one prepared INSERT on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, func, select, text
from sqlmodel import SQLModel

Row = Mapping[str, Any]


def defaults_of(table: type[SQLModel]) -> dict[str, Any]:
    """What a row of this table holds where nothing is given."""
    return {name: info.get_default(call_default_factory=True) for name, info in table.model_fields.items()}


def insert(connection: Connection, table: type[SQLModel], rows: Iterable[Row]) -> None:
    """Insert rows; each gives all columns of the first one, the others are those of `defaults_of`."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    missing = {k: v for k, v in defaults_of(table).items() if k not in first and not _is_numbered(table, k)}
    names = [*first, *missing]
    processors = _processors(table, tuple(names), connection.dialect)
    rest = list(missing.values())

    def values(row: Row) -> list[Any]:
        given = [*(row[name] for name in first), *rest]
        return [process(v) if process else v for process, v in zip(processors, given, strict=True)]

    listed = ", ".join(names)
    place = table.__table__.name  # type: ignore[attr-defined]
    driver: Any = connection.connection.driver_connection
    with_first = (values(row) for part in ([first], rows) for row in part)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        driver.executemany(f"INSERT INTO {place} ({listed}) VALUES ({marks})", with_first)
    else:
        with driver.cursor().copy(f"COPY {place} ({listed}) FROM STDIN") as copy:
            for row in with_first:
                copy.write_row(row)


def next_id(connection: Connection, table: type[SQLModel]) -> int:
    """The number that the next row of this table may have."""
    return (connection.scalar(select(func.max(table.__table__.c.id))) or 0) + 1  # type: ignore[attr-defined]


def number_on(connection: Connection, *tables: type[SQLModel]) -> None:
    """After rows came with their own ids: let the database number the next ones behind them."""
    if connection.dialect.name == "postgresql":
        for table in tables:
            name = table.__table__.name  # type: ignore[attr-defined]
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
            )


def refresh_statistics(connection: Connection) -> None:
    """Tell the planner how many rows there are now."""
    connection.exec_driver_sql("ANALYZE")


def _is_numbered(table: type[SQLModel], name: str) -> bool:
    return name == "id" and table.model_fields["id"].default is None


@lru_cache(maxsize=256)
def _processors(
    table: type[SQLModel], names: tuple[str, ...], dialect: Dialect
) -> list[Callable[[Any], Any] | None]:
    columns = table.__table__.c  # type: ignore[attr-defined]
    return [columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
