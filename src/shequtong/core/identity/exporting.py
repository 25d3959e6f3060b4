"""Everything the house keeps about one person, for that person: JSON for programs, HTML for people, in one zip."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Column, Table, select
from sqlmodel import Session

from shequtong.core.identity.events import FilesAsked, RowsAsked
from shequtong.core.identity.models import Account
from shequtong.lib import clock, dates
from shequtong.lib.db import Table as OurTable
from shequtong.lib.events import publish
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.templates import environment

SECRET = frozenset(
    {"password", "digest", "once", "key", "phone_index", "room_index", "name_index", "person_id"}
)
"""Columns that prove or find something and tell nothing."""
OWNED_BY = ("account_id", "author_id", "holder_id")
"""Whose a row is."""
OWN_ACTS = frozenset({"appeal", "ballot", "link", "post_transition", "report", "revision"})
"""Tables whose rows are theirs who made them (`by_id`). What else somebody writes in an office is about others."""
TITLES = {
    "account": _l("Your account"),
    "sign_in": _l("Where you are signed in"),
    "look": _l("Who looked at my data"),
    "membership": _l("Where you live"),
    "registry_person": _l("What the committee's registry holds about you"),
    "registry_overlay": _l("Lists of the committee you are on"),
    "registry_change": _l("How the registry about you was changed"),
    "registry_visit": _l("Visits of the committee to you"),
    "registry_visit_plan": _l("How often the committee visits you"),
    "dwelling": _l("Your dwellings"),
    "appointment": _l("Your offices"),
    "api_key": _l("Keys of your programs"),
    "post": _l("What you posted"),
    "comment": _l("What you commented"),
    "participation": _l("What you took part in"),
    "reaction": _l("What you liked"),
    "follow": _l("What you follow"),
    "photo": _l("Your photos"),
    "appeal": _l("Your appeals"),
    "hall_answer": _l("What you answered to statements, and reasons that convinced you"),
    "hall_rating": _l("How your home judged what was done"),
    "ballot": _l("How you voted in the open"),
    "ballot_mandate": _l("Mandates to vote"),
    "ballot_voter": _l("Votes you may take part in"),
    "covenant_signature": _l("What you signed for your home"),
    "gathering": _l("Gatherings on your posts"),
    "gathering_sign_up": _l("What you signed up for"),
    "party_claim": _l("What you claimed to do for neighbours, and whether your membership is shown there"),
    "party_served": _l("What neighbours did for you"),
    "party_thanks": _l("What you thanked neighbours for"),
    "party_wisher": _l("Your small wishes"),
    "party_work": _l("What you did for neighbours"),
    "poll": _l("Polls on your posts"),
    "poll_sheet": _l("What you answered in polls"),
    "calendar_address": _l("The address of your calendar"),
    "decision": _l("What moderators decided about you"),
    "link": _l("What you linked"),
    "mute": _l("Whom you muted or blocked"),
    "notification": _l("Your inbox"),
    "post_transition": _l("What you did with posts"),
    "read_mark": _l("What you have read"),
    "report": _l("What you reported"),
    "revision": _l("What you changed"),
}

Rows = list[dict[str, Any]]


def write_archive(session: Session, account_id: int) -> IO[bytes]:
    """A zip in a file that is gone when it is closed."""
    tables = dict(everything_of(session, account_id))
    file = tempfile.TemporaryFile()  # noqa: SIM115  (closed by who sends it)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(tables, ensure_ascii=False, indent=1, default=_plain))
        archive.writestr("index.html", _page(tables))
        publish(session, FilesAsked(account_id, archive))
    file.seek(0)
    return file


def everything_of(session: Session, account_id: int) -> Iterator[tuple[str, Rows]]:
    """Every table that refers to accounts, with this person's rows; other people's ids are left out."""
    accounts = Account.__table__
    yield accounts.name, _read(session, accounts, accounts.c.id == account_id)
    posts: list[int] = []
    for table in OurTable.metadata.sorted_tables:
        owner = _owner(table)
        if owner is None:
            continue
        found = _read(session, table, owner == account_id)
        if table.name == "post":
            posts = [row["id"] for row in found]
        if found:
            yield table.name, found
    yield from _details(session, posts)
    yield from _dwellings(session, account_id)
    asked = RowsAsked(account_id)
    publish(session, asked)
    yield from asked.tables.items()


def _details(session: Session, posts: list[int]) -> Iterator[tuple[str, Rows]]:
    """The boards' own facts of this person's posts."""
    for table in OurTable.metadata.sorted_tables:
        key = list(table.primary_key.columns)
        about_a_post = len(key) == 1 and _refers_to(key[0], "post")
        if about_a_post and (found := _read(session, table, key[0].in_(posts))):
            yield table.name, found


def _dwellings(session: Session, account_id: int) -> Iterator[tuple[str, Rows]]:
    tables = OurTable.metadata.tables
    claims, dwellings = tables["membership"], tables["dwelling"]
    own = select(claims.c.dwelling_id).where(claims.c.account_id == account_id, claims.c.state == "approved")
    if found := _read(session, dwellings, dwellings.c.id.in_(own)):
        yield dwellings.name, found


def _owner(table: Table) -> Column[Any] | None:
    """The column that says whose a row is."""
    people = [column for column in table.columns if _refers_to(column, "account")]
    names = (*OWNED_BY, "by_id") if table.name in OWN_ACTS else OWNED_BY
    named = [column for name in names for column in people if column.name == name]
    return named[0] if named else None


def _refers_to(column: Column[Any], table: str) -> bool:
    return any(key.target_fullname == f"{table}.id" for key in column.foreign_keys)


def _read(session: Session, table: Table, whose: Any) -> Rows:
    told = [c for c in table.columns if c.name not in SECRET and not _refers_to(c, "account")]
    statement = select(*told).where(whose).order_by(*table.primary_key.columns)
    return [dict(row) for row in session.execute(statement).mappings()]


def _page(tables: dict[str, Rows]) -> str:
    sections = [(TITLES.get(name, name), rows) for name, rows in tables.items()]
    return environment().get_template("identity/archive.html").render(sections=sections, shown=_shown)


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return str(dates.when(value))
    return "" if value is None else str(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def file_name() -> str:
    return f"shequtong-{clock.local(clock.now()):%Y-%m-%d}.zip"
