"""Who looks after a duty: whoever is asked first, until another accepts it (首问负责制)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session

from shequtong.core.communities.standing import STAFF, Standing
from shequtong.core.communities.standings import holders, standings
from shequtong.core.duties.models import Duty
from shequtong.core.identity.actor import Actor
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib.db import rows

_BUSY = (
    select(Duty.owner_id, func.count().label("open"), func.max(Duty.id).label("last"))
    .where(Duty.done_at.is_(None), Duty.owner_id.in_(bindparam("ids", expanding=True)))
    .group_by(Duty.owner_id)
)


def first_asked(session: Session, post: Post) -> int | None:
    """Whom a new duty falls to: who has the post in hand or wrote it down for somebody, else the one asked least.

    Nobody is asked about their own words, unless the board says that authors answer.
    """
    offices = _offices(post)
    if post.assignee_id and _may_own(session, post, post.assignee_id):
        return post.assignee_id
    if (post.author_role in STAFF or _by_author(post)) and _holds(session, post, post.author_id, offices):
        return post.author_id
    first = sorted(offices - STAFF) or ["clerk"]
    asked = holders(session, post.code, first) or holders(session, post.code, sorted(STAFF))
    return _least_busy(session, [number for number in asked if number != post.author_id] or asked)


def ask_anew(session: Session, post: Post) -> None:
    """When a post came back from an office that looks after it no more, somebody of the committee is asked."""
    if post.owed_by_id and not _may_own(session, post, post.owed_by_id):
        accept(session, post, first_asked(session, post))


def _may_own(session: Session, post: Post, account_id: int) -> bool:
    """Does this person hold one of the offices, or is it theirs by name?"""
    board = ROOMS.get(post.board)
    by_name = bool(board and board.owes and board.owes.person_answers)
    if by_name and account_id in (post.assignee_id, post.deputy_id):
        return standings(session, post.code, [account_id]).get(account_id, Standing()).serves
    return _holds(session, post, account_id, _offices(post))


def _by_author(post: Post) -> bool:
    board = ROOMS.get(post.board)
    return bool(board and board.owes and board.owes.author_answers)


def _offices(post: Post) -> frozenset[str]:
    """The offices whose holders may look after a post now."""
    if _by_author(post):
        return frozenset({post.author_role})
    return STAFF | {post.handler} if post.handler else STAFF


def _holds(session: Session, post: Post, account_id: int, offices: frozenset[str]) -> bool:
    return standings(session, post.code, [account_id]).get(account_id, Standing()).is_any(*offices)


def _least_busy(session: Session, ids: list[int]) -> int | None:
    """The one with the fewest open duties; among equals the one who was asked longest ago."""
    if len(ids) < 2:
        return next(iter(ids), None)
    busy = {row.owner_id: (row.open, row.last) for row in rows(session, _BUSY, ids=ids)}
    return min(ids, key=lambda number: (*busy.get(number, (0, 0)), number))


def accept(session: Session, post: Post, account_id: int | None) -> None:
    """From now on this person looks after all that is owed for a post."""
    if post.owed_by_id == account_id:
        return
    post.owed_by_id = account_id
    post.version += 1
    session.flush()  # the post first, then its duties: everybody locks in this order
    session.execute(
        update(Duty).where(Duty.post_id == post.id, Duty.done_at.is_(None)).values(owner_id=account_id)
    )


def hand_on(session: Session, account_id: int, code: str = "") -> None:
    """Somebody left their office: what they looked after there (or anywhere) falls to whoever is asked next."""
    left = session.scalars(
        select(Post)
        .where(
            Post.id.in_(select(Duty.post_id).where(Duty.owner_id == account_id, Duty.done_at.is_(None))),
            Post.code.startswith(code),
        )
        .order_by(Post.id)
    ).all()
    for post in left:
        ask_anew(session, post)


def open_to_staff(post: Any) -> bool:
    """May anybody of the committee take this over? Books of others are answered by those who keep them."""
    return not _by_author(post) or post.author_role in STAFF


def take(session: Session, case: Case) -> None:
    """ "I take it": by the board's own transition where it has one to offer now, and in any case as its owner."""
    owed = case.board.owes
    transition = case.board.workflow.transition(owed.take) if owed and owed.take else None
    if transition is not None and case.board.offers(case, transition):
        case.board.move(session, case, transition)
    accept(session, case.post, case.actor.id or 0)


def cases(session: Session, ids: Iterable[int], actor: Actor, here: Any, community: Any) -> list[Case]:
    """The posts of these open duties in a committee, as cases of somebody who may take them; once each."""
    found = session.scalars(
        select(Post)
        .where(
            Post.id.in_(
                select(Duty.post_id).where(
                    Duty.id.in_(list(ids)), Duty.code == community.code, Duty.done_at.is_(None)
                )
            ),
            Post.deleted_at.is_(None),
        )
        .order_by(Post.id)
    ).all()
    made = []
    for post in found:
        board = ROOMS[post.board]
        if not open_to_staff(post):
            continue
        detail = session.get(board.detail, post.id) if board.detail else None
        made.append(Case(actor, here, board, community, post, detail))
    return made
