"""Is everything in order? One finding for each thing that may be wrong, with how to mend it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dotenv import dotenv_values
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shequtong.lib import clock, holidays, jobs, schema
from shequtong.lib.db import SQLITE_SAFE, Database, sqlite_module
from shequtong.settings import MADE_KEY, Settings

RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
DRIFT = timedelta(seconds=5)
BEHIND = timedelta(minutes=10)
PASSWORD = re.compile("(://[^:/@]*:)[^@]*@")


@dataclass(frozen=True)
class Finding:
    """`wrong` and `mend` are empty when all is well; a warning does not stop anything."""

    what: str
    wrong: str = ""
    mend: str = ""
    warning: bool = False


def of_database(database: Database) -> list[Finding]:
    try:
        schema.require(database)
        _write_and_undo(database)
    except schema.WrongSchema as wrong:
        reason, _, mend = str(wrong).partition(": ")
        return [Finding("database", reason, mend)]
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        return [Finding("database", reason, "see that it runs and that this user may write to it")]
    return [Finding("database"), *_of_sqlite(database), _of_worker(database)]


def of_clock(database: Database) -> Finding:
    now = clock.now()
    if now < RELEASED:
        return Finding("clock", f"it shows {now:%Y-%m-%d}, before this release", "set it, e.g. with NTP")
    if not database.is_sqlite:
        try:
            with database.reader.connect() as connection:
                apart = abs(connection.scalar(text("SELECT now()")) - clock.now())
        except SQLAlchemyError:
            return Finding("clock")
        if apart > DRIFT:
            mend = "set both by NTP: deadlines are judged by this machine's clock"
            return Finding("clock", f"{apart.total_seconds():.0f} s apart from the database's", mend)
    return Finding("clock")


def of_holidays(settings: Settings) -> Finding:
    """Is this year's calendar known, and in December the next one's?"""
    try:
        holidays.use(settings.holidays)
    except holidays.BadCalendar as wrong:
        return Finding("holidays", str(wrong), "correct the file of SHEQUTONG_HOLIDAYS")
    today = clock.today()
    wanted = {today.year, today.year + (today.month == 12)}
    if missing := sorted(wanted - holidays.current().years):
        mend = "add it with SHEQUTONG_HOLIDAYS, see docs/operating/holidays.md"
        return Finding(
            "holidays", f"{missing[0]} is not known: only dates the law names are off", mend, warning=True
        )
    return Finding("holidays")


def of_secret_key(settings: Settings) -> Finding:
    if settings.secret_key is None and MADE_KEY.exists() and MADE_KEY.stat().st_mode & 0o077:
        return Finding("secret key", f"others on this machine can read {MADE_KEY}", f"chmod 600 {MADE_KEY}")
    return Finding("secret key")


def of_address(settings: Settings) -> Finding:
    if settings.https or settings.loopback:
        return Finding("address")
    mend = "put a TLS proxy in front and set SHEQUTONG_BASE_URL to https://…"
    return Finding("address", f"{settings.base_url} sends passwords readable through the network", mend)


def of_store(settings: Settings, use: Callable[[str], None]) -> Finding:
    """`use` writes, reads and removes an object in the store at a URL."""
    try:
        use(settings.media_url)
    except Exception as error:  # each kind of store has errors of its own
        mend = "see that it exists and that this user may write to it"
        return Finding("media", f"{settings.media_url} cannot be used ({type(error).__name__})", mend)
    return Finding("media")


def settings_in_force(settings: Settings) -> Iterator[tuple[str, str, str, str]]:
    """Name, value, where it comes from, and what it is for. Secrets are not shown."""
    written = dotenv_values(".env")
    for field, about in Settings.model_fields.items():
        name = f"SHEQUTONG_{field.upper()}"
        value = getattr(settings, field)
        source = "environment" if name in os.environ else ".env" if name in written else "default"
        shown = "" if value is None else PASSWORD.sub(r"\1***@", str(value))
        yield name, shown, source, about.description or ""


def _write_and_undo(database: Database) -> None:
    with database.session(write=True) as session:
        jobs.enqueue(session, "checkup", {})
        session.flush()
        session.rollback()


def _of_sqlite(database: Database) -> list[Finding]:
    if not database.is_sqlite:
        return []
    module = sqlite_module()
    version = tuple(int(part) for part in module.sqlite_version.split("."))
    if version < SQLITE_SAFE:
        wrong = f"version {module.sqlite_version} has a fault in its write-ahead log"
        mend = "install `pysqlite3` for Python " + ".".join(map(str, sys.version_info[:2]))
        return [Finding("SQLite", wrong, mend, warning=True)]
    return [Finding("SQLite")]


def _of_worker(database: Database) -> Finding:
    with database.reading() as session:
        waiting, dead = jobs.backlog(session)
    if dead:
        return Finding("jobs", f"{dead} failed for good", "look into the log for `job failed`", warning=True)
    if waiting and clock.now() - waiting > BEHIND:
        minutes = (clock.now() - waiting).total_seconds() / 60
        mend = "start `shequtong worker`, or `serve --with-worker`"
        return Finding("jobs", f"the oldest has waited for {minutes:.0f} min", mend, warning=True)
    return Finding("jobs")
