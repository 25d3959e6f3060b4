"""Who has come, and what they are here: one query turns the cookie into an actor with all their roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlmodel import Session
from starlette.requests import Request

from shequtong.core.communities.models import Appointment, Division, Membership
from shequtong.core.communities.places import CITY
from shequtong.core.communities.standing import Standing
from shequtong.core.identity import signing_in
from shequtong.core.identity.actor import VISITOR, Actor, Role
from shequtong.core.identity.models import TEXTS, THEMES, Account, SignIn
from shequtong.lib import clock, cookies, crypto, i18n, web
from shequtong.lib.db import ask


@dataclass(frozen=True, slots=True)
class Prefs:
    """How somebody wants pages to look."""

    theme: str = "auto"
    text: str = "normal"

    @classmethod
    def chosen(cls, theme: str, text: str) -> Prefs:
        """What a visitor chose; what is none of the choices is the usual."""
        return cls(theme if theme in THEMES else "auto", text if text in TEXTS else "normal")


@dataclass(slots=True)
class Visit:
    """One request's visitor. `community` and `here` are set once an address names a community.

    `demo` says that the whole town is invented.
    """

    actor: Actor
    locale: str
    prefs: Prefs
    csrf: str
    notes: list[Callable[[Session], None]] = field(default_factory=list)
    renew: Callable[[Session], bool] | None = None
    token: str = ""
    community: Any = None
    here: Standing = field(default_factory=Standing)
    demo: bool = False

    @property
    def signed_in(self) -> bool:
        return self.actor.signed_in

    @property
    def home(self) -> str:
        """Where "my community" leads from a page that belongs to no place: the smallest they belong to."""
        codes = [role.code for role in self.actor.roles if len(role.code) > CITY]
        return f"/c/{max(codes, key=len)}" if codes else "/c" if self.signed_in else "/"

    def enter(self, community: Any) -> None:
        self.community = community
        self.here = Standing.of(self.actor, community.code)


_PERSON = (
    Account.id,
    Account.name,
    Account.unread,
    Account.locale,
    Account.theme,
    Account.text,
    Membership.id.label("membership_id"),
    Membership.code,
    Membership.building_id,
    Membership.dwelling_id,
    Membership.kind,
    Membership.representative,
    Membership.state,
    Membership.suspended_until,
    Appointment.id.label("appointment_id"),
    Appointment.office,
    Appointment.code.label("office_code"),
    Appointment.building_id.label("office_building_id"),
)


def _with_roles(people: Any) -> Any:
    """People with all they hold today: a row for each pair of a membership and an appointment."""
    return (
        people.outerjoin(
            Membership,
            and_(
                Membership.account_id == Account.id,
                Membership.state.in_(("applied", "conflict", "approved")),
            ),
        )
        .outerjoin(
            Appointment,
            and_(
                Appointment.account_id == Account.id,
                Appointment.since <= bindparam("today"),
                or_(Appointment.until.is_(None), Appointment.until >= bindparam("today")),
            ),
        )
        .where(Account.disabled_at.is_(None))
    )


_ROLES = _with_roles(
    select(SignIn.created_at, SignIn.seen_at, SignIn.roles, *_PERSON)
    .select_from(SignIn)
    .join(Account, Account.id == SignIn.account_id)
).where(SignIn.digest == bindparam("digest"))
_ROLES_OF = _with_roles(select(*_PERSON).select_from(Account)).where(Account.id == bindparam("account_id"))


def recognise(session: Session, request: Request) -> Visit:
    """The visitor behind this request, as the database knows them at this moment (A6)."""
    settings = request.app.state.settings
    token = cookies.read(request, "session")
    actor, kept = _find(session, token) if token else (VISITOR, None)
    locale = i18n.negotiate(
        actor.locale or cookies.read(request, "locale"),
        request.headers.get("Accept-Language"),
        settings.locale,
    )
    if not actor.signed_in:
        prefs = Prefs.chosen(cookies.read(request, "theme"), cookies.read(request, "text"))
        return Visit(actor, locale, prefs, csrf="", demo=settings.demo)
    visit = Visit(actor, locale, Prefs(actor.theme, actor.text), csrf="", demo=settings.demo)
    roles = actor.roles_sum
    digest = actor.sign_in
    if kept.roles and kept.roles != roles and web.is_whole_page(request):
        visit.token = crypto.new_token()
        digest = crypto.digest(visit.token)
        visit.renew = partial(signing_in.renew, digest=actor.sign_in, to=digest, roles=roles)
    elif not kept.roles or signing_in.is_stale(kept.seen_at):
        visit.notes.append(partial(signing_in.touch, digest=digest, roles=kept.roles or roles))
    visit.csrf = web.csrf_token(settings.keys[0], digest)
    return visit


def find_actor(session: Session, token: str) -> Actor:
    """The actor of a session token, or the visitor when it is unknown or over."""
    return _find(session, token)[0]


def _find(session: Session, token: str) -> tuple[Actor, Any]:
    """The actor of a session token, and what we keep of it; the visitor when it is unknown or over."""
    digest = crypto.digest(token)
    now = clock.now()
    found = ask(session, _ROLES, digest=digest, today=clock.local(now).date())
    if not found or signing_in.is_over(found[0].created_at, found[0].seen_at):
        return VISITOR, None
    first = found[0]
    actor = Actor(
        first.id, first.name, _roles(found, now), digest, first.unread, first.locale, first.theme, first.text
    )
    return actor, first


def find_person(session: Session, account_id: int) -> Actor:
    """Somebody with the roles they hold now, who acts without a sign-in; the visitor when the account is closed."""
    now = clock.now()
    found = ask(session, _ROLES_OF, account_id=account_id, today=clock.local(now).date())
    return Actor(found[0].id, found[0].name, _roles(found, now)) if found else VISITOR


def _roles(found: list[Any], now: datetime) -> tuple[Role, ...]:
    roles: dict[Role, None] = {}
    for row in found:
        if row.membership_id:
            roles.update(dict.fromkeys(_of_membership(row, now)))
        if row.appointment_id:
            roles[Role(row.office, row.office_code, row.office_building_id)] = None
    return tuple(roles)


def _of_membership(row: Any, now: datetime) -> list[Role]:
    if row.state != "approved":
        return [Role("applicant", row.code, row.building_id, row.dwelling_id)]
    if row.suspended_until and row.suspended_until > now:
        return [Role("suspended", row.code, row.building_id)]
    names = ["resident", row.kind] + (["representative"] if row.representative else [])
    return [Role(name, row.code, row.building_id, row.dwelling_id) for name in names]


_DIVISION = select(Division.__table__).where(Division.code == bindparam("code"))


def find_community(session: Session, code: str) -> Any | None:
    """The row of a division by its code."""
    return next(iter(ask(session, _DIVISION, code=code)), None)
