"""A small wish on its way: asked, looked over, adopted by one neighbour, fulfilled, confirmed and thanked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlmodel import Session

from shequtong.boards.party.forms import LookOverForm, WishForm
from shequtong.boards.party.models import Deed, Wisher
from shequtong.core.follows import following
from shequtong.core.identity import looking
from shequtong.core.identity.events import AccountErased
from shequtong.core.posts.board import office_of
from shequtong.core.posts.models import Post, PostTransition, Revision
from shequtong.core.posts.policy import Case, of_kind, staff
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

KEPT_FOR = timedelta(days=14)
"""So long a wish is kept for who adopted it; then it is open to the next."""

NAMELESS = ("child", "elder")
"""Whose wishes are shown in the committee's name."""

asker = Rule("who asked for it", lambda case: bool(case.detail) and case.detail.asked_by_id == case.actor.id)
adopter = Rule("who adopted it", lambda case: bool(case.detail) and case.detail.adopter_id == case.actor.id)
a_wish = of_kind("wish")


def begin(session: Session, post: Post, detail: Deed, case: Case, form: WishForm) -> None:
    """Keep apart whose wish it is."""
    detail.asked_by_id, detail.places = case.actor.id, 1
    own = None if form.for_other else case.actor.id
    session.add(
        Wisher(post_id=post.id, account_id=own, person=form.person, door=form.door, shares=form.shares)
    )


def look_over(session: Session, case: Case, form: LookOverForm, _record: PostTransition) -> None:
    """Open a wish to neighbours. That of a child or a lone elder is the committee's from here on, by every trace.

    Who asked stays known to `asked_by_id` alone: their name leaves the post and its record, and earlier words,
    which may hold another's name, are dropped.
    """
    post, deed = case.post, case.detail
    deed.whose = form.whose
    if form.whose not in NAMELESS:
        return
    post.author_id, post.author_role, post.building_id = case.actor.id, office_of(case), None
    session.execute(
        update(PostTransition)
        .where(PostTransition.post_id == post.id, PostTransition.by_id == deed.asked_by_id)
        .values(by_id=None, reason="")
    )
    session.execute(delete(Revision).where(Revision.post_id == post.id))


def adopt(session: Session, case: Case, _form: object, _record: object) -> None:
    """Who adopts a wish hears what becomes of it. If they may read whose it is, the wisher reads that they do."""
    case.detail.adopter_id = case.actor.id
    following.follow(session, case.actor.id or 0, "post", case.post.id)
    kept = session.scalars(select(Wisher).where(Wisher.post_id == case.post.id)).one_or_none()
    if kept is not None and kept.shares and kept.account_id:
        seen = ("real_name", "room")
        why = _("Adopted your wish: %(title)s", title=case.post.title)
        looking.look(session, kept.account_id, case.actor.id or 0, seen, why)


def part(_session: Session, case: Case, _form: object, _record: object) -> None:
    """Open to the next neighbour."""
    case.detail.adopter_id = None


def fulfil(_session: Session, case: Case, _form: object, _record: object) -> None:
    """The committee confirms it, if the wisher does not."""
    case.post.handler = "clerk"


def settle(_session: Session, case: Case, _form: object, _record: object) -> None:
    case.post.handler = None


def may_read_wisher(case: Case, kept: Any) -> bool:
    """May this actor read whose wish it is without giving a reason?"""
    return asker(case) or (adopter(case) and bool(kept and kept.shares))


def find_wisher(session: Session, case: Case) -> Wisher | None:
    """Whose wish it is. Only for who may know it, or has given a reason."""
    return session.scalars(select(Wisher).where(Wisher.post_id == case.post.id)).one_or_none()


def look(session: Session, case: Case, reason: str) -> Wisher | None:
    """Let staff read whose wish it is; the wisher, if they have an account, reads who looked and why."""
    kept = find_wisher(session, case)
    if kept is not None and kept.account_id and kept.account_id != case.actor.id:
        looking.look(session, kept.account_id, case.actor.id or 0, ("real_name", "room"), reason)
    return kept


may_look = staff & a_wish


def forget(session: Session, erased: AccountErased) -> None:
    """A wisher's wish is taken back with all that says whose it was; what somebody had adopted is open again."""
    gone = erased.account_id
    board = ROOMS["party"]
    found = session.execute(
        select(Post, Deed)
        .join(Deed, Deed.post_id == Post.id)
        .where(or_(Deed.asked_by_id == gone, Deed.adopter_id == gone), Post.deleted_at.is_(None))
        .order_by(Post.id)
    ).all()
    for post, deed in found:
        name = "lapse" if deed.adopter_id == gone and deed.asked_by_id != gone else "withdraw"
        transition = board.workflow.transition(name)
        if transition and post.state in transition.sources:
            board.move_by_clock(session, post, deed, transition)
    session.execute(delete(Wisher).where(Wisher.account_id == gone))
    for column in (Deed.asked_by_id, Deed.adopter_id):
        session.execute(update(Deed).where(column == gone).values({column: None}))
