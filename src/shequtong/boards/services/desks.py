"""Desks: which there are, when they are open, and who answers at them on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlmodel import Session

from shequtong.boards.services.forms import DESKS, DeskForm, PersonForm
from shequtong.boards.services.models import Desk, DeskPerson, Service
from shequtong.core.communities.events import OfficeEnded
from shequtong.core.communities.standing import Standing
from shequtong.core.communities.standings import standings
from shequtong.core.identity.events import AccountErased
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Post
from shequtong.lib import clock, dates, rosters
from shequtong.lib.db import ask, at_most
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _

MOST = 30
"""Desks of one committee, and people at one desk."""
MOMENT = timedelta(seconds=1)
MONDAY = date(2024, 1, 1)
"""Any Monday: weekdays in words are those of a week that begins here."""

_DESKS = (
    select(
        Desk.__table__,
        DeskPerson.id.label("person_id"),
        DeskPerson.account_id,
        DeskPerson.backup,
        DeskPerson.weekdays,
        DeskPerson.weeks,
        DeskPerson.away_from,
        DeskPerson.away_until,
        Account.name.label("account_name"),
    )
    .outerjoin(DeskPerson, DeskPerson.desk_id == Desk.id)
    .outerjoin(Account, Account.id == DeskPerson.account_id)
    .where(Desk.code == bindparam("code"))
    .order_by(Desk.id, DeskPerson.backup, DeskPerson.id)
    .limit(at_most(MOST * MOST))
)


@dataclass(frozen=True)
class Staffed:
    """A desk with those who answer at it, as one query brings them."""

    row: Any
    people: list[Any] = field(default_factory=list)

    @property
    def roster(self) -> rosters.Roster:
        return rosters.read(self.row.hours)

    def next_open(self, moment: datetime) -> datetime:
        """This moment when the desk is open, else the next one at which it is."""
        return self.roster.after(moment, MOMENT) - MOMENT

    def on(self, day: date, *, backup: bool) -> list[Any]:
        """Who answers first on a day, or stands in then."""
        return [one for one in self.people if bool(one.backup) == backup and is_on(one, day)]

    @property
    def hours_now(self) -> str:
        """“Open until 17:30” or “Opens Tue 9:00”."""
        now = clock.now()
        opens = self.next_open(now)
        local = clock.local(opens)
        if opens > now:
            day = _("today") if local.date() == clock.today() else dates.weekday(local)
            if local.date() > clock.today() + timedelta(days=6):
                day = dates.day(local)
            return _("Closed now, opens %(day)s %(time)s", day=day, time=f"{local:%H:%M}")
        minute = local.hour * 60 + local.minute
        ends = next(end for begin, end in self.roster.on(local.date()) if begin <= minute < end)
        return _("Open now, until %(time)s", time=f"{ends // 60:02}:{ends % 60:02}")

    @property
    def is_open(self) -> bool:
        return self.next_open(clock.now()) <= clock.now()

    @property
    def week(self) -> list[tuple[Any, str]]:
        """(days in words, hours) with days of the same hours told together."""
        told: list[tuple[list[int], str]] = []
        for number, hours in enumerate(self.roster.week):
            words = rosters.said(hours)
            if told and told[-1][1] == words:
                told[-1][0].append(number)
            else:
                told.append(([number], words))
        names = [dates.weekday(MONDAY + timedelta(days=number)) for number in range(7)]
        return [
            (names[days[0]] if len(days) == 1 else f"{names[days[0]]}–{names[days[-1]]}", words)
            for days, words in told
            if words
        ]

    @property
    def today(self) -> list[str]:
        """The names of those who answer today, or on the day on which the desk opens next."""
        day = clock.local(self.next_open(clock.now())).date()
        found = self.on(day, backup=False) or self.on(day, backup=True)
        return [one.account_name for one in found]


def is_on(person: Any, day: date) -> bool:
    """Is it this person's day, and are they here?"""
    if person.away_from and person.away_from <= day <= (person.away_until or date.max):
        return False
    week = "even" if day.isocalendar().week % 2 == 0 else "odd"
    return (not person.weekdays or day.isoweekday() in person.weekdays) and person.weeks in ("", week)


def of(session: Session, code: str) -> list[Staffed]:
    """The desks of a committee with those who answer at them."""
    found: dict[int, Staffed] = {}
    for row in ask(session, _DESKS, code=code):
        desk = found.setdefault(row.id, Staffed(row))
        if row.person_id is not None:
            desk.people.append(row)
    return list(found.values())


def choices(desks: Iterable[Staffed]) -> list[tuple[str, Any]]:
    """What a resident can ask: each desk that takes questions; of a kind that has none, whoever holds the office."""
    held: dict[str, list[Staffed]] = {}
    for desk in desks:
        if not desk.row.closed:
            held.setdefault(desk.row.kind, []).append(desk)
    listed: list[tuple[str, Any]] = []
    for kind, label in DESKS:
        listed += [(desk.row.key, desk.row.name) for desk in held.get(kind, [])]
        if kind not in dict(listed):
            listed.append((kind, label))
    return listed


def find(session: Session, code: str, key: str) -> Staffed | None:
    """The desk of this key that takes questions."""
    return next((desk for desk in of(session, code) if desk.row.key == key and not desk.row.closed), None)


def on_duty(session: Session, desk: Staffed, asker_id: int) -> tuple[int | None, int | None]:
    """Who is asked now, or when the desk opens next, and who stands in. Nobody answers themselves, and who has left
    every office here answers no more."""
    day = clock.local(desk.next_open(clock.now())).date()
    ids = [one.account_id for one in desk.people if one.account_id != asker_id]
    serving = {
        number for number, here in standings(session, desk.row.code, ids).items() if _may_answer(desk, here)
    }
    first = [one.account_id for one in desk.on(day, backup=False) if one.account_id in serving]
    backup = [one.account_id for one in desk.on(day, backup=True) if one.account_id in serving]
    asked = first[0] if first else next(iter(backup), None)
    return asked, next((number for number in backup if number != asked), None)


def _may_answer(_desk: Staffed, here: Standing) -> bool:
    return here.serves


# Keeping them ---------------------------------------------------------------------------------------------


def open_desk(session: Session, code: str, form: DeskForm, hours: str) -> Desk:
    """A new desk. The first of a kind takes over what is asked of that kind. Raises Conflict where there are many."""
    here = list(session.scalars(select(Desk.key).where(Desk.code == code)))
    if len(here) >= MOST:
        raise Conflict(_("There are enough desks. Change one that is there."))
    keys = (form.kind, *(f"{form.kind}{number}" for number in range(2, MOST + 2)))
    desk = Desk(code=code, key=next(key for key in keys if key not in here), kind=form.kind, name=form.name)
    session.add(desk)
    write(desk, form, hours)
    session.flush()
    return desk


def write(desk: Desk, form: DeskForm, hours: str) -> None:
    """What a desk is called, and when it is open."""
    desk.name, desk.about, desk.place, desk.phone = form.name, form.about, form.place, form.phone
    desk.closed, desk.hours = form.closed, hours


def put(session: Session, desk: Desk, form: PersonForm) -> DeskPerson:
    """Somebody answers here, in this way from now on. Who is away hands what waits for them to the back-up."""
    mine = select(DeskPerson).where(DeskPerson.desk_id == desk.id, DeskPerson.account_id == form.account_id)
    person = session.scalars(mine).first()
    if person is None:
        many = session.scalar(select(func.count()).where(DeskPerson.desk_id == desk.id)) or 0
        if many >= MOST:
            raise Conflict(_("There are enough people at this desk."))
        person = DeskPerson(desk_id=desk.id, account_id=form.account_id)
        session.add(person)
    person.backup = form.part == "backup"
    person.weekdays, person.weeks = sorted(map(int, form.weekdays)), form.weeks
    person.away_from, person.away_until = form.away_from, form.away_until
    session.flush()
    if not is_on(person, clock.today()):
        call_backup_for(session, desk.code, person.account_id)
    return person


def take_away(session: Session, desk: Desk, account_id: int) -> None:
    """Somebody answers here no more; what waits for them goes to the back-up."""
    mine = DeskPerson.desk_id == desk.id, DeskPerson.account_id == account_id
    session.execute(delete(DeskPerson).where(*mine))
    call_backup_for(session, desk.code, account_id)


def call_backup_for(session: Session, code: str, account_id: int) -> None:
    """What waits untaken for somebody who is not there is given to the back-up in the next round."""
    waiting = select(Post.id).where(
        Post.code.startswith(code),
        Post.board == "services",
        Post.state == "new",
        Post.assignee_id == account_id,
        Post.deleted_at.is_(None),
    )
    session.execute(
        update(Service)
        .where(Service.post_id.in_(waiting))
        .values(call_backup_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def on_office_ended(session: Session, event: OfficeEnded) -> None:
    """Who has left an office is asked no more; the back-up is."""
    call_backup_for(session, event.appointment.code, event.appointment.account_id)


def on_account_erased(session: Session, event: AccountErased) -> None:
    """Nobody answers anywhere who is gone."""
    call_backup_for(session, "", event.account_id)
    session.execute(delete(DeskPerson).where(DeskPerson.account_id == event.account_id))
