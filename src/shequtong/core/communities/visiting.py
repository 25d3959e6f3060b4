"""Who has come, and what they are here: one query turns the cookie into an actor with all their roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlmodel import Session
from starlette.requests import Request

from shequtong.core.communities.models import Appointment, Division, Membership
from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import VISITOR, Actor, Role
from shequtong.core.identity.models import Account, SignIn
from shequtong.lib import clock, crypto, i18n, web
from shequtong.lib.db import rows

IDLE = timedelta(days=30)
ABSOLUTE = timedelta(days=180)
TOUCH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Prefs:
    theme: str = "auto"
    text: str = "normal"


@dataclass(slots=True)
class Visit:
    """One request's visitor. `community` and `here` are set once an address names a community."""

    actor: Actor
    locale: str
    prefs: Prefs
    csrf: str
    community: Any = None
    here: Standing = field(default_factory=Standing)

    @property
    def signed_in(self) -> bool:
        return self.actor.signed_in

    def enter(self, community: Any) -> None:
        self.community = community
        self.here = Standing.of(self.actor, community.code)


_ROLES = (
    select(
        SignIn.created_at,
        SignIn.seen_at,
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
    .select_from(SignIn)
    .join(Account, Account.id == SignIn.account_id)
    .outerjoin(
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
    .where(SignIn.digest == bindparam("digest"), Account.disabled_at.is_(None))
)


def recognise(session: Session, request: Request) -> Visit:
    """The visitor behind this request, as the database knows them at this moment (A6)."""
    settings = request.app.state.settings
    token = request.cookies.get(cookie_name(settings.https))
    actor = find_actor(session, token) if token else VISITOR
    locale = i18n.negotiate(
        actor.locale or request.cookies.get("locale"), request.headers.get("Accept-Language"), settings.locale
    )
    prefs = Prefs(actor.theme, actor.text)
    if not actor.signed_in:
        prefs = Prefs(request.cookies.get("theme", "auto"), request.cookies.get("text", "normal"))
    csrf = web.csrf_token(settings.keys[0], actor.sign_in) if actor.signed_in else ""
    return Visit(actor, locale, prefs, csrf)


def cookie_name(https: bool) -> str:
    return "__Host-session" if https else "session"


def find_actor(session: Session, token: str) -> Actor:
    """The actor of a session token, or the anonymous visitor when it is unknown or over."""
    digest = crypto.digest(token)
    now = clock.now()
    found = rows(session, _ROLES, digest=digest, today=clock.local(clock.now()).date()).all()
    if not found or _is_over(found[0].created_at, found[0].seen_at, now):
        return VISITOR
    first = found[0]
    roles: dict[Role, None] = {}
    for row in found:
        if row.membership_id:
            roles.update(dict.fromkeys(_of_membership(row, now)))
        if row.appointment_id:
            roles[Role(row.office, row.office_code, row.office_building_id)] = None
    return Actor(
        first.id, first.name, tuple(roles), digest, first.unread, first.locale, first.theme, first.text
    )


def _is_over(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    return seen_at + IDLE < now or created_at + ABSOLUTE < now


def _of_membership(row: Any, now: datetime) -> list[Role]:
    if row.state != "approved":
        return [Role("applicant", row.code, row.building_id, row.dwelling_id)]
    if row.suspended_until and row.suspended_until > now:
        return [Role("suspended", row.code, row.building_id)]
    names = ["resident", row.kind] + (["representative"] if row.representative else [])
    return [Role(name, row.code, row.building_id, row.dwelling_id) for name in names]


def touch(session: Session, digest: str) -> None:
    """Remember that this sign-in is in use; written at most once an hour."""
    now = clock.now()
    session.execute(
        update(SignIn).where(SignIn.digest == digest, SignIn.seen_at < now - TOUCH).values(seen_at=now)
    )


_DIVISION = select(Division.__table__).where(Division.code == bindparam("code"))


def find_community(session: Session, code: str) -> Any | None:
    """The row of a division by its code."""
    return rows(session, _DIVISION, code=code).first()
