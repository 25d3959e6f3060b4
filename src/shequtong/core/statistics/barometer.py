"""Reading the barometer, every morning and place by place: hot words, silent buildings, and how much there is to do.

Committees are read from their own rows, those above from those below. Each call reads some, so nobody waits long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.core.communities.models import Appointment, Building, Division, Dwelling, Membership
from shequtong.core.communities.standing import STAFF
from shequtong.core.posts.models import Comment, Participation, Post
from shequtong.core.statistics import hot_words
from shequtong.core.statistics.models import Barometer
from shequtong.core.statistics.weighing import day_of
from shequtong.lib import clock
from shequtong.lib.db import rows
from shequtong.lib.keywords import keywords

AT_ONCE = 20
"""Places of one round."""
MEMBERS = 5
"""A building with fewer residents is never called silent: who lives there would be told."""
SILENCE = timedelta(weeks=4)
LOOKS_BACK = timedelta(weeks=1 + hot_words.WEEKS_BEFORE)

_codes: Any = bindparam("codes", expanding=True)
_elsewhere = aliased(Membership)
_lived_in = exists().where(Membership.code == Division.code, Membership.state == "approved")
_NEXT = (
    select(Division.code, Division.level)
    .outerjoin(Barometer, Barometer.code == Division.code)
    .where(
        Division.ended_at.is_(None),
        or_(
            Barometer.read_on.is_(None),
            and_(
                Barometer.read_on < bindparam("today"),
                or_(Division.level != "committee", _lived_in),  # where nobody lives yet, once is enough
            ),
        ),
    )
    .order_by(func.length(Division.code).desc(), Division.code)
    .limit(AT_ONCE)
)
_HOMES = (
    select(Dwelling.code, func.count().label("number"))
    .where(Dwelling.code.in_(_codes))
    .group_by(Dwelling.code)
)
_STAFF = (
    select(Appointment.code, func.count(Appointment.account_id.distinct()).label("number"))
    .where(
        Appointment.code.in_(_codes),
        Appointment.office.in_(sorted(STAFF)),
        Appointment.since <= bindparam("today"),
        or_(Appointment.until.is_(None), Appointment.until >= bindparam("today")),
    )
    .group_by(Appointment.code)
)
_RESIDENTS = (
    select(
        Membership.account_id,
        Membership.code,
        Membership.building_id,
        exists()
        .where(
            _elsewhere.account_id == Membership.account_id,
            _elsewhere.state == "approved",
            _elsewhere.code < Membership.code,
        )
        .label("elsewhere"),
    )
    .where(Membership.code.in_(_codes), Membership.state == "approved")
    .distinct()
)
_BUILDINGS = (
    select(Building.id, Building.code, Building.name)
    .where(Building.code.in_(_codes))
    .order_by(Building.sort, Building.id)
)
_seen = Post.moderation == "clear", Post.deleted_at.is_(None), Post.audience != "parties"
_POSTS = select(
    Post.code, Post.author_id, Post.created_at, Post.audience, Post.author_role, Post.title, Post.body
).where(
    Post.code.in_(_codes),
    Post.activity_at >= bindparam("since"),
    Post.created_at >= bindparam("since"),
    *_seen,
)
_COMMENTS = (
    select(Post.code, Comment.author_id, Comment.created_at, Post.audience, Comment.author_role, Comment.body)
    .join(Post, Post.id == Comment.post_id)
    .where(
        Post.code.in_(_codes),
        Post.activity_at >= bindparam("since"),
        *_seen,
        Comment.created_at >= bindparam("since"),
        Comment.moderation == "clear",
        Comment.deleted_at.is_(None),
    )
)
_PARTS = (
    select(Membership.code, Participation.account_id)
    .join(Participation, Participation.account_id == Membership.account_id)
    .where(
        Membership.code.in_(_codes), Membership.state == "approved", Participation.at >= bindparam("since")
    )
)
_BELOW = (
    select(Barometer)
    .join(Division, Division.code == Barometer.code)
    .where(Division.parent_code == bindparam("code"), Division.ended_at.is_(None))
    .order_by(Barometer.code)
)


def read_some(session: Session) -> None:
    """Read the next places that were not read today; those below come before those above."""
    today = clock.today()
    waiting = rows(session, _NEXT, today=today).all()
    if not waiting:
        return
    if committees := [row.code for row in waiting if row.level == "committee"]:
        _put(session, list(_read(session, committees, today)))
    above = [row for row in waiting if row.level != "committee"]
    _put(session, [_add_up(session, row.code, today) for row in above if row.level == above[0].level])


def _put(session: Session, read: list[Barometer]) -> None:
    if read:
        session.execute(delete(Barometer).where(Barometer.code.in_([one.code for one in read])))
        session.add_all(read)
        session.flush()


def _read(session: Session, codes: list[str], today: date) -> Iterator[Barometer]:
    homes = {row.code: row.number for row in rows(session, _HOMES, codes=codes)}
    staff = {row.code: row.number for row in rows(session, _STAFF, codes=codes, today=today)}
    residents = _by_code(rows(session, _RESIDENTS, codes=codes))
    buildings = _by_code(rows(session, _BUILDINGS, codes=codes))
    said, active = _heard(session, codes)
    for code in codes:
        enough, silent = _silent(buildings[code], residents[code], active[code])
        ours = {row.account_id for row in residents[code] if not row.elsewhere}
        words = hot_words.count([one for one in said[code] if one[0] in ours], today)
        yield Barometer(
            code=code,
            read_on=today,
            homes=homes.get(code, 0),
            staff=staff.get(code, 0),
            buildings=enough,
            silent=len(silent),
            told={"hot": hot_words.hottest(words), "silent": silent},
            words=words,
        )


def _heard(session: Session, codes: list[str]) -> tuple[dict[str, list[hot_words.Said]], dict[str, set[int]]]:
    """By committee: what residents said before all their neighbours; and who did anything that neighbours see."""
    now = clock.now()
    heard: list[tuple[str, int, date, str]] = []
    active: defaultdict[str, set[int]] = defaultdict(set)
    for statement in (_POSTS, _COMMENTS):
        for row in rows(session, statement, codes=codes, since=now - LOOKS_BACK):
            if row.created_at >= now - SILENCE:
                active[row.code].add(row.author_id)
            if row.audience != "building" and not row.author_role:
                text = f"{getattr(row, 'title', '')}\n{row.body}"
                heard.append((row.code, row.author_id, day_of(row.created_at), text))
    for row in rows(session, _PARTS, codes=codes, since=now - SILENCE):
        active[row.code].add(row.account_id)
    said: defaultdict[str, list[hot_words.Said]] = defaultdict(list)
    for (code, account_id, day, _text), words in zip(
        heard, keywords([text for *_where, text in heard]), strict=True
    ):
        said[code].append((account_id, day, words))
    return said, active


def _silent(buildings: list[Any], residents: list[Any], active: set[int]) -> tuple[int, list[str]]:
    """How many buildings have enough residents, and the names of those where nobody was active."""
    people: defaultdict[int, set[int]] = defaultdict(set)
    for row in residents:
        people[row.building_id].add(row.account_id)
    enough = [building for building in buildings if len(people[building.id]) >= MEMBERS]
    return len(enough), [building.name for building in enough if not people[building.id] & active]


def _add_up(session: Session, code: str, today: date) -> Barometer:
    """A place above from those right below it."""
    whole, words = Barometer(code=code, read_on=today), hot_words.Words()
    for below in session.scalars(_BELOW, {"code": code}):
        for name in ("homes", "staff", "buildings", "silent"):
            setattr(whole, name, getattr(whole, name) + getattr(below, name))
        hot_words.add(words, below.words)
    whole.words, whole.told = words, {"hot": hot_words.hottest(words), "silent": []}
    return whole


def _by_code(found: Iterable[Any]) -> defaultdict[str, list[Any]]:
    grouped: defaultdict[str, list[Any]] = defaultdict(list)
    for row in found:
        grouped[row.code].append(row)
    return grouped
