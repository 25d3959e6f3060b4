"""One reaction of a person to a post; a second one replaces it."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlmodel import Session

from shequtong.core.posts import events
from shequtong.core.posts.models import Post, Reaction
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Forbidden, Invalid
from shequtong.lib.events import publish as tell
from shequtong.lib.i18n import lazy_gettext as _l

KINDS = {"like": _l("Like"), "thanks": _l("Thank you"), "support": _l("I support this")}


def react(session: Session, case: Case, kind: str) -> None:
    """Set one's reaction to the case's post."""
    if not allows(case, "react"):
        raise Forbidden
    if kind not in KINDS:
        raise Invalid
    post: Post = case.post
    mine = (Reaction.post_id == post.id, Reaction.account_id == case.actor.id)
    new = insert_or_nothing(
        session, Reaction, post_id=post.id, account_id=case.actor.id, kind=kind, at=clock.now()
    )
    if new:
        _count(session, post, +1)
        tell(session, events.Reacted(post, case.actor.id or 0, kind))
    else:
        session.execute(update(Reaction).where(*mine).values(kind=kind))


def take_back(session: Session, case: Case) -> None:
    """Remove one's reaction, if there is one."""
    post: Post = case.post
    mine = (Reaction.post_id == post.id, Reaction.account_id == case.actor.id)
    if session.execute(delete(Reaction).where(*mine)).rowcount:
        _count(session, post, -1)


def _count(session: Session, post: Post, change: int) -> None:
    session.execute(
        update(Post)
        .where(Post.id == post.id)
        .values(reaction_count=Post.reaction_count + change, version=Post.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(post, ["reaction_count", "version"])
