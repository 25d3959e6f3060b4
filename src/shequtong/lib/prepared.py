"""Statements that are made once and asked a thousand times a second.

SQLAlchemy looks at every value and every row of a statement in turn, each time it is run. For a page of twenty cards
that costs as much as the database itself. Here the text, the order of the values and what must be converted are
found out once, for each statement and each length of its lists; what is left is the driver's work.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

KEPT = 1024
"""Statements remembered; each with lists of another length counts as another."""

Take = Callable[[Mapping[str, Any]], Any]


class Prepared:
    """One statement, for one kind of database and lists of one length."""

    def __init__(self, statement: Select[Any], dialect: Dialect, values: Mapping[str, Any]) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        wanted = {bound.key for bound in compiled.binds.values()}
        spread = compiled.construct_expanded_state({n: v for n, v in values.items() if n in wanted})
        self.text = spread.statement
        self.by_position = compiled.positional
        order: Any = spread.positiontup if compiled.positional else spread.parameters
        self.names: list[str] = list(order)
        sources = _sources(compiled, spread.parameter_expansion)
        constants: Any = spread.parameters
        self.takes = [_take(*sources[name], constants[name], dialect, values) for name in self.names]
        columns = list(statement.selected_columns)
        self.row: Any = namedtuple("Row", _names(columns))  # type: ignore[misc]
        self.types = [column.type.dialect_impl(dialect) for column in columns]
        self.conversions: list[tuple[int, Callable[[Any], Any]]] | None = None

    def ask(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Its rows, as named tuples."""
        given = tuple([take(values) for take in self.takes])
        cursor = _run(
            connection, self.text, given if self.by_position else dict(zip(self.names, given, strict=True))
        )
        if self.conversions is None:
            self.conversions = self._conversions(connection.dialect, cursor.description)
        found = cursor.fetchall()
        cursor.close()
        make = self.row._make
        if not self.conversions:
            return list(map(make, found))
        rows = []
        for row in found:
            made = list(row)
            for n, convert in self.conversions:
                made[n] = convert(made[n])
            rows.append(make(made))
        return rows

    def _conversions(self, dialect: Dialect, described: Any) -> list[tuple[int, Callable[[Any], Any]]]:
        """Which columns come otherwise from the driver than they are wanted; it says of which type they are."""
        found = [(n, kind.result_processor(dialect, described[n][1])) for n, kind in enumerate(self.types)]
        return [(n, convert) for n, convert in found if convert is not None]


def _run(connection: Connection, text: str, given: Any) -> Any:
    """Hand a statement to the driver, in the connection's transaction; SQLAlchemy's listeners and errors as usual.

    `exec_driver_sql` would work out again what the columns are called, each time: more than SQLite needs to answer.
    """
    if not connection.in_transaction():
        connection.begin()
    cursor = connection.connection.cursor()
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, cursor, text, given, None, False)
    try:
        cursor.execute(text, given)
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            text,
            given,
            error,
            connection.dialect.loaded_dbapi.Error,
            hide_parameters=True,
            dialect=connection.dialect,
        ) from error
    return cursor


def _sources(
    compiled: SQLCompiler, expansion: Mapping[str, list[str]]
) -> dict[str, tuple[BindParameter[Any], int | None]]:
    """For each value in the text, the parameter it is of, and its place when that is a list."""
    sources: dict[str, tuple[BindParameter[Any], int | None]] = {}
    for name, bound in compiled.binds.items():
        if name in expansion:
            sources |= {each: (bound, n) for n, each in enumerate(expansion[name])}
        else:
            sources[name] = (bound, None)
    return sources


def _take(
    bound: BindParameter[Any], n: int | None, constant: Any, dialect: Dialect, values: Mapping[str, Any]
) -> Take:
    """How a value is taken from those of a call, unless it stands in the statement itself."""
    name = bound.key
    convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
    if name not in values:
        given = constant if convert is None else convert(constant)
        return lambda _: given
    if convert is None:
        return (lambda values: values[name]) if n is None else (lambda values: values[name][n])
    return (lambda values: convert(values[name])) if n is None else (lambda values: convert(values[name][n]))


def _names(columns: Sequence[Any]) -> list[str]:
    """The key of each column; a second one of the same name is only reached by its place."""
    names: list[str] = []
    for n, column in enumerate(columns):
        names.append(f"column_{n}" if column.key in names else column.key)
    return names


@lru_cache(maxsize=KEPT)
def _lists_of(statement: Select[Any]) -> tuple[str, ...]:
    """Names of its parameters that are lists."""
    compiled = statement.compile()
    assert isinstance(compiled, SQLCompiler)
    return tuple(bound.key for bound in compiled.binds.values() if bound.expanding)


_prepared: dict[tuple[Any, ...], Prepared] = {}


def ask(connection: Connection, statement: Select[Any], values: Mapping[str, Any]) -> list[Any]:
    """The rows of a statement that is kept somewhere: one made anew for each call would be prepared each time."""
    lengths = [len(values[name]) for name in _lists_of(statement) if name in values]
    key = (statement, connection.dialect.name, *lengths)
    found = _prepared.get(key)
    if found is None:
        if len(_prepared) >= KEPT:
            _prepared.clear()
        found = _prepared[key] = Prepared(statement, connection.dialect, values)
    return found.ask(connection, values)
