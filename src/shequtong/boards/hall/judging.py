"""The homes that a topic affects judge what was done: one judgement a home, shown when the time is over."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session

from shequtong.boards.hall.models import Proposal, Rating
from shequtong.core.identity.events import AccountErased
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import clock
from shequtong.lib.db import ask, insert_or_nothing
from shequtong.lib.errors import Conflict, Forbidden
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

FEW = 5
"""What fewer homes than these say is shown to nobody."""


def homes(case: Case) -> list[int]:
    """The homes of this actor that the topic affects."""
    affected = case.detail.affected_buildings
    return sorted(
        role.dwelling_id
        for role in case.actor.roles
        if role.name == "resident"
        and role.dwelling_id
        and role.code == case.post.code
        and (not affected or role.building_id in affected)
    )


affected = Rule("lives in a building it affects", lambda case: case.detail is not None and bool(homes(case)))


def judge(session: Session, case: Case, stars: int) -> None:
    """Say for one's home, 1 to 5, how well it was done, or say it anew. Raises Conflict when the time is over."""
    if not allows(case, "rate"):
        raise Forbidden
    state = session.scalar(select(Post.state).where(Post.id == case.post.id).with_for_update())
    if state != "delivered":
        raise Conflict(_("The time to judge it is over."))
    said = {"account_id": case.actor.id, "stars": stars, "at": clock.now()}
    home = homes(case)[0]
    if not insert_or_nothing(session, Rating, post_id=case.post.id, dwelling_id=home, **said):
        mine = Rating.post_id == case.post.id, Rating.dwelling_id == home
        session.execute(update(Rating).where(*mine).values(**said))


_MINE = select(Rating.stars).where(
    Rating.post_id == bindparam("post_id"), Rating.dwelling_id == bindparam("home")
)


def mine(session: Session, case: Case) -> int | None:
    """What one's home has said so far."""
    found = ask(session, _MINE, post_id=case.post.id, home=homes(case)[0])
    return found[0].stars if found else None


def close(session: Session, case: Case, _form: object, _record: object) -> None:
    """Add up what homes have said; half a year from now somebody looks again."""
    of_this = Rating.post_id == case.post.id
    case.detail.rated_homes, case.detail.rated_stars = session.execute(
        select(func.count(), func.coalesce(func.sum(Rating.stars), 0)).where(of_this)
    ).one()
    case.detail.review_on, case.detail.review_told = half_a_year_on(clock.today()), False


def begin_anew(session: Session, case: Case, _form: object, _record: object) -> None:
    """It is taken up again: what was judged is not judged yet."""
    for rating in session.scalars(select(Rating).where(Rating.post_id == case.post.id)):
        session.delete(rating)
    case.detail.rated_homes = case.detail.rated_stars = 0
    case.detail.review_on = None


def half_a_year_on(day: date) -> date:
    """The same day six months later, the 28th for later ones."""
    month = day.month + 6
    return date(day.year + (month > 12), (month - 1) % 12 + 1, min(day.day, 28))


def verdict(proposal: Proposal) -> str:
    """The mean with one decimal, exactly rounded; empty for too few homes."""
    if proposal.rated_homes < FEW:
        return ""
    tenths = (20 * proposal.rated_stars + proposal.rated_homes) // (2 * proposal.rated_homes)
    return f"{tenths // 10}.{tenths % 10}"


def forget(session: Session, erased: AccountErased) -> None:
    """A home's judgement stays; who of it spoke is forgotten."""
    gone = erased.account_id
    session.execute(update(Rating).where(Rating.account_id == gone).values(account_id=None))
