"""Many posts become one: several complaints are one topic, in a single action, and nobody who spoke up is lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from shequtong.core.posts import linking, queries
from shequtong.core.posts.models import Link, Post
from shequtong.core.posts.policy import Case, allows
from shequtong.core.posts.rooms import ROOMS, is_open
from shequtong.lib.db import ask, at_most, rows
from shequtong.lib.errors import Invalid, NotFound
from shequtong.lib.i18n import gettext as _

MOST = 100
"""So many posts are offered to be ticked, the latest first."""

_HERE = (Post.code == bindparam("code"), queries.KEPT, Post.moderation == queries.CLEAR)
_OFFERED: Any = (
    queries.cards()
    .where(
        *_HERE,
        queries.visible(),
        Post.board.in_(bindparam("boards", expanding=True)),
        Post.state.in_(bindparam("states", expanding=True)),
        Post.audience != "parties",
    )
    .order_by(Post.activity_at.desc(), Post.id.desc())
    .limit(at_most(MOST))
)
_TARGETS: Any = (
    select(Post.id, Post.title)
    .where(*_HERE, Post.board == bindparam("board"), Post.state.in_(bindparam("states", expanding=True)))
    .order_by(Post.activity_at.desc(), Post.id.desc())
    .limit(at_most(MOST))
)


def offered(session: Session, case: Case) -> list[Any]:
    """The posts that may be ticked: open ones of the boards that this board grows from, none of them private."""
    boards = [ROOMS[slug] for slug in case.board.grows_from if is_open(ROOMS[slug], case.community)]
    states = {state.name for board in boards for state in board.workflow.states if state.is_open}
    values = queries.reader(case.actor, case.here) | {"code": case.community.code}
    return ask(
        session,
        _OFFERED,
        **values,
        boards=[board.slug for board in boards] or [""],
        states=sorted(states) or [""],
    )


def targets(session: Session, case: Case) -> list[Any]:
    """The posts of this board into which others may still be gathered."""
    states = [state.name for state in case.board.workflow.states if state.is_open]
    return ask(session, _TARGETS, code=case.community.code, board=case.board.slug, states=states)


def parents(session: Session, case: Case, ids: Iterable[int]) -> list[Case]:
    """The cases of posts that may become one here. NotFound for one that this actor does not see, else Invalid."""
    found = []
    for post_id in dict.fromkeys(ids):
        post = queries.find_anywhere(session, post_id, case.community.code, case.actor, case.here)
        if post is None:
            raise NotFound
        parent = Case(case.actor, case.here, ROOMS[post.board], case.community, post)
        if (
            post.board not in case.board.grows_from
            or post.audience == "parties"
            or not allows(parent, "link")
        ):
            raise Invalid(_("This post cannot become one with others"))
        found.append(parent)
    return found


def gather(session: Session, before: list[Case], child: Post) -> None:
    """Say of each of these posts that it led to `child`, unless that was said before."""
    known = rows(session, select(Link.parent_id).where(Link.child_id == child.id)).scalars().all()
    for parent in before:
        if parent.post.id not in known:
            linking.link(session, parent, child)
