"""A demo's database, made once and kept; or refused, when it holds anything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from shequtong.demo import keeping
from shequtong.demo.telling import Tell
from shequtong.lib import clock, schema
from shequtong.lib.db import Database
from shequtong.lib.jobs import Every, Task
from shequtong.town import Town, load


class NotOurs(Exception):
    """The database holds something that no demo has put there."""


def ready(
    database: Database, tasks: Mapping[str, Task], rounds: Iterable[Every], tell: Tell, *, reset: bool = False
) -> bool:
    """Have a whole demo in this database; True when it was made just now. Raises NotOurs and StoryError.

    `tasks` and `rounds` are the worker's. What was begun and never finished is made anew, as `reset` asks of all.
    """
    owner = keeping.owner(database)
    if owner == "somebody":
        raise NotOurs(
            "the database holds something else: give the demo one of its own with SHEQUTONG_DATABASE_URL"
        )
    if owner == "half a demo" or (owner == "demo" and reset):
        keeping.clear(database)
    elif owner == "demo":
        _bring_up_to_date(database)
        return False
    make(database, load(), tasks, rounds, tell)
    return True


def make(
    database: Database, town: Town, tasks: Mapping[str, Task], rounds: Iterable[Every], tell: Tell
) -> None:
    """Play the town into an empty database; nothing is left of it when that fails."""
    from shequtong.demo.playing import Play  # what most starts do without

    schema.migrate(database)
    keeping.begin(database)
    try:
        last_day = clock.local(clock.now()).date() - timedelta(days=1)
        Play(database, town, tasks, rounds, last_day).play(tell)
    except BaseException:
        keeping.clear(database)
        raise
    keeping.finish(database)


def _bring_up_to_date(database: Database) -> None:
    """A demo that an earlier release has made is kept."""
    with database.reader.connect() as connection:
        if schema.is_current(connection):
            return
    schema.migrate(database)
