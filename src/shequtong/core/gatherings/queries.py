"""What the pages of gatherings, and the calendars that follow them, ask the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select, tuple_
from sqlmodel import Session

from shequtong.core.communities.models import Building, Division, Membership
from shequtong.core.communities.standing import Standing
from shequtong.core.gatherings.models import Gathering, SignUp
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.core.posts import seeing
from shequtong.core.posts.models import Post
from shequtong.core.posts.queries import reader, unmuted, visible
from shequtong.lib import clock
from shequtong.lib.db import ask, at_most
from shequtong.lib.pagination import Page, decode, page

PAGE = 20
REMEMBERED = timedelta(days=30)
"""So long a calendar still shows what is over."""
IN_CALENDAR = 500

_ahead = SignUp.__table__.alias("ahead")
_recorder = Account.__table__.alias("recorder")
_MINE: Any = and_(SignUp.post_id == Gathering.post_id, SignUp.account_id == bindparam("me"))
_WAITING: Any = (
    select(func.count())
    .select_from(_ahead)
    .where(_ahead.c.post_id == Gathering.post_id, _ahead.c.state == "waiting")
)
_ONE: Any = (
    select(
        Gathering.__table__,
        _WAITING.scalar_subquery().label("waiting"),
        _WAITING.where(_ahead.c.number <= SignUp.number)
        .correlate(Gathering, SignUp)
        .scalar_subquery()
        .label("position"),
        SignUp.state.label("my_state"),
        SignUp.guests.label("my_guests"),
        SignUp.ticket,
        SignUp.came_at,
        SignUp.missed_at,
        _recorder.c.name.label("missed_by"),
    )
    .select_from(Gathering)
    .outerjoin(SignUp, _MINE)
    .outerjoin(_recorder, _recorder.c.id == SignUp.missed_by_id)
    .where(Gathering.post_id == bindparam("post_id"))
)


def one(session: Session, post_id: int, account_id: int | None) -> Any | None:
    """A gathering with how many wait and what I have to do with it: `my_state`, `position` in the queue, `ticket`."""
    return next(iter(ask(session, _ONE, post_id=post_id, me=account_id or 0)), None)


_building: Any = (
    select(func.min(Building.name))
    .join(Membership, Membership.building_id == Building.id)
    .where(
        Membership.account_id == SignUp.account_id,
        Membership.code == bindparam("code"),
        Membership.state == "approved",
    )
    .scalar_subquery()
)
_LIST: Any = (
    select(
        SignUp.account_id,
        SignUp.state,
        SignUp.number,
        SignUp.guests,
        SignUp.ticket,
        SignUp.came_at,
        SignUp.late,
        SignUp.missed_at,
        Account.name,
        _building.label("building"),
        _recorder.c.name.label("recorder"),
    )
    .join(Account, Account.id == SignUp.account_id)
    .outerjoin(_recorder, _recorder.c.id == func.coalesce(SignUp.came_by_id, SignUp.missed_by_id))
    .where(SignUp.post_id == bindparam("post_id"), SignUp.state != "left")
    .order_by(SignUp.number, SignUp.at)
)


def signed_up(session: Session, post_id: int, code: str) -> list[Any]:
    """Everybody on the list, in the order in which they came, with who wrote down that they came or missed it."""
    return ask(session, _LIST, post_id=post_id, code=code)


_EVENT = (
    Post.id,
    Gathering.post_id,
    Gathering.code,
    Gathering.starts_at,
    Gathering.ends_at,
    Gathering.place,
    Gathering.places,
    Gathering.taken,
    Gathering.state,
    Gathering.reason,
    Gathering.version,
    Gathering.changed_at,
    Post.board,
    Post.title,
    Post.excerpt,
)


@lru_cache(maxsize=4)
def _days(past: bool, cursor: bool) -> Select[Any]:
    key = tuple_(Gathering.starts_at, Gathering.post_id)
    order: tuple[Any, ...] = (Gathering.starts_at, Gathering.post_id)
    statement = (
        select(*_EVENT, SignUp.state.label("my_state"), SignUp.guests.label("my_guests"))
        .join(Post, Post.id == Gathering.post_id)
        .outerjoin(SignUp, _MINE)
        .where(
            Gathering.code == bindparam("code"),
            visible(),
            unmuted(),
            Post.board.in_(bindparam("boards", expanding=True)),
        )
    )
    at: Any = bindparam("now", type_=Gathering.__table__.c.ends_at.type)
    statement = statement.where(Gathering.ends_at <= at if past else Gathering.ends_at > at)
    if cursor:
        after: Any = tuple_(
            bindparam("cursor_at", type_=Gathering.__table__.c.starts_at.type), bindparam("cursor_id")
        )
        statement = statement.where(key < after if past else key > after)
    if past:
        order = tuple(column.desc() for column in order)
    return statement.order_by(*order).limit(at_most(PAGE + 1))


def days(
    session: Session,
    code: str,
    actor: Actor,
    here: Standing,
    boards: Sequence[str],
    *,
    past: bool = False,
    cursor: str | None = None,
) -> Page[Any]:
    """What is to come in a community, the next first; or what is over, the last first."""
    after = decode(cursor)
    values = reader(actor, here) | {"code": code, "boards": list(boards) or [""], "now": clock.now()}
    if after:
        values |= {"cursor_at": after[0], "cursor_id": after[1]}
    found = ask(session, _days(past, after is not None), **values)
    return page(found, PAGE, lambda row: (row.starts_at, row.post_id))


_SINCE: Any = bindparam("since", type_=Gathering.__table__.c.ends_at.type)
_FOR_ALL: Any = (
    select(*_EVENT)
    .join(Post, Post.id == Gathering.post_id)
    .where(
        Gathering.code == bindparam("code"),
        Gathering.ends_at > _SINCE,
        visible(),
        Post.board.in_(bindparam("boards", expanding=True)),
    )
    .order_by(Gathering.starts_at, Gathering.post_id)
    .limit(at_most(IN_CALENDAR))
)


def calendar(session: Session, code: str, actor: Actor, here: Standing, boards: Sequence[str]) -> list[Any]:
    """What a community's calendar holds for this reader: what is to come, and what was lately."""
    values = reader(actor, here) | {"code": code, "boards": list(boards) or [""], "since": _since()}
    return ask(session, _FOR_ALL, **values)


@lru_cache(maxsize=8)
def _own(reach: seeing.Reach) -> Any:
    return (
        select(
            *_EVENT,
            SignUp.state.label("my_state"),
            SignUp.guests.label("my_guests"),
            Division.name.label("community_name"),
            Division.level,
            Division.boards_on,
            Division.boards_off,
        )
        .select_from(Gathering)
        .join(Post, Post.id == Gathering.post_id)
        .join(Division, Division.code == Gathering.code)
        .outerjoin(SignUp, _MINE)
        .where(
            Gathering.ends_at > _SINCE,
            seeing.visible(reach),
            or_(
                Gathering.code.in_(bindparam("homes", expanding=True)),
                SignUp.state.in_(("in", "waiting", "extra")),
            ),
            Division.ended_at.is_(None),
            or_(seeing.unmuted(reach), SignUp.state.is_not(None)),
        )
        .order_by(Gathering.starts_at, Gathering.post_id)
        .limit(at_most(IN_CALENDAR))
    )


def own_calendar(session: Session, actor: Actor) -> list[Any]:
    """What one person's own calendar holds: all they may see where they belong, with what they signed up for."""
    homes = sorted({role.code for role in actor.roles if role.name != "applicant"}) or [""]
    statement = _own(seeing.reach(actor))
    values = seeing.reader(actor) | {"homes": homes, "since": _since()}
    return ask(session, statement, **values)


def _since() -> datetime:
    return clock.now() - REMEMBERED
