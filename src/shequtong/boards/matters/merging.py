"""Several reports of one trouble become one matter, and nobody who spoke up is lost on the way."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session

from shequtong.boards.matters.forms import MergeForm
from shequtong.core.follows import following
from shequtong.core.follows.models import Follow
from shequtong.core.posts import linking, queries
from shequtong.core.posts.models import Link, Participation, Post, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Invalid
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _


def find_other(session: Session, case: Case, typed: str) -> Post | None:
    """The matter that a number or address names, when its readers include those of this one."""
    number = typed.rstrip("/").rsplit("/", 1)[-1].lstrip("#")
    if not number.isdecimal() or int(number) in (0, case.post.id) or len(number) > 18:
        return None
    post = queries.find_anywhere(session, int(number), case.community.code, case.actor, case.here)
    fits = post is not None and post.board == case.board.slug and post.state != "merged"
    return post if fits and post.audience == "community" else None


def check_merge(session: Session, case: Case, form: BoundForm[MergeForm]) -> None:
    if find_other(session, case, form.value.target) is None:
        form.refuse("target", _("Write the number of another matter here that all neighbours can read."))


def merge(session: Session, case: Case, form: MergeForm, _record: PostTransition) -> None:
    """Each shows the other; whoever reported, followed or shared the one is told of the other from now on."""
    other = find_other(session, case, form.target)
    if other is None:
        raise Invalid
    if session.get(Link, (other.id, case.post.id)) is None:
        linking.link(session, case, other)
    shared = _me_too(session, case.post)
    for account_id in sorted(
        {case.post.author_id, *_followers(session, case.post), *(m.account_id for m in shared)}
    ):
        following.follow(session, account_id, "post", other.id)
    if case.post.audience == "community":
        _share(session, case.post, other, shared)


def _share(session: Session, merged: Post, other: Post, shared: list[Participation]) -> None:
    """Its reporter and their "me too" count for the other one, everybody once; a private report leaves no trace."""
    people = {m.account_id: m.building_id for m in shared} | {merged.author_id: merged.building_id}
    for account_id in sorted(set(people) - {other.author_id}):
        insert_or_nothing(
            session,
            Participation,
            post_id=other.id,
            name="me_too",
            unit=f"a{account_id}",
            account_id=account_id,
            building_id=people[account_id],
            note="",
            at=clock.now(),
        )
    other.version += 1


def _me_too(session: Session, post: Post) -> list[Participation]:
    said = Participation.post_id == post.id, Participation.name == "me_too"
    return list(session.scalars(select(Participation).where(*said)))


def _followers(session: Session, post: Post) -> list[int]:
    return list(
        session.scalars(select(Follow.account_id).where(Follow.kind == "post", Follow.target == str(post.id)))
    )
