"""Clocks that run are counted anew when the hours of duty or the holidays change; what has passed stays passed."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session

from shequtong.core.communities.models import Division
from shequtong.core.duties import keeping
from shequtong.core.duties.escalating import locked
from shequtong.core.duties.models import Duty
from shequtong.core.posts.models import Post
from shequtong.lib import clock, holidays, rosters

AT_ONCE = 200


def change_roster(session: Session, code: str, words: str) -> None:
    """Give a committee other hours of duty, from now on. Raises BadRoster."""
    before, after = keeping.roster_of(session, code), rosters.read(words)
    session.execute(update(Division).where(Division.code == code).values(roster=words))
    now = clock.now()
    running = locked(Duty.code == code, Duty.due_at.is_not(None), wait=True).order_by(Post.id, Duty.id)
    for duty, post in session.execute(running).all():
        keeping.settle_up(duty, before, now)
        keeping.run(duty, after, duty.counted_from)
        keeping.note(session, post)


def keep_to_the_calendar(session: Session) -> None:
    """Count anew what was reckoned by another calendar: a year was published, or corrected."""
    mark = holidays.current().mark
    old = locked(Duty.due_at.is_not(None), Duty.calendar != mark).order_by(Duty.id).limit(AT_ONCE)
    for duty, post in session.execute(old).all():
        keeping.run(duty, keeping.roster_of(session, duty.code), duty.counted_from)
        keeping.note(session, post)
