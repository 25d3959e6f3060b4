"""What committees passed on follows the bulletin: put right with it, and over with it.

Everything that their notices must follow is an edition; a step of the job brings a few notices to the newest.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from shequtong.boards.district import cascading, timing
from shequtong.boards.district.forms import CorrectForm
from shequtong.boards.district.models import Addressee, Bulletin
from shequtong.core.posts import passing
from shequtong.core.posts.models import Post, PostTransition, Revision
from shequtong.core.posts.policy import Case
from shequtong.lib.jobs import enqueue

AT_ONCE = 5
"""Notices of one step: each may have hundreds of neighbours who are told."""


def correct(session: Session, case: Case, form: CorrectForm, record: PostTransition) -> None:
    """Put it right, and leave the committees' notices to a job."""
    timing.correct(session, case, form, record)
    _new_edition(session, case)


def end(session: Session, case: Case, _form: object, _record: object) -> None:
    """It is withdrawn or out of date: so will be what committees passed on."""
    _new_edition(session, case)


def _new_edition(session: Session, case: Case) -> None:
    case.detail.edition += 1
    enqueue(session, "follow_bulletin", {"post_id": case.post.id})


def follow_bulletin(session: Session, payload: dict[str, Any]) -> None:
    """One step: bring the next notices to the newest edition. What a committee itself wrote above them stays."""
    post, detail = session.get(Post, payload["post_id"]), session.get(Bulletin, payload["post_id"])
    if post is None or detail is None:
        return
    behind = session.scalars(
        select(Addressee)
        .where(
            Addressee.post_id == post.id,
            Addressee.notice_id.is_not(None),
            Addressee.edition < detail.edition,
        )
        .order_by(Addressee.code)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    if not behind:
        return
    mended = _mended(session, post, detail)
    for addressee in behind:
        notice = session.get(Post, addressee.notice_id)
        if notice is not None and notice.deleted_at is None:
            if mended and (notice.title, notice.body) != (mended.title, mended.body):
                passing.mend(session, post.board, notice, mended)
            if post.state not in cascading.IN_FORCE:
                passing.recall(session, post.board, notice)
        addressee.edition = detail.edition
    enqueue(session, "follow_bulletin", payload)


def _mended(session: Session, post: Post, detail: Bulletin) -> passing.Mended | None:
    """How it reads since its last correction; None when it was never put right."""
    by_id = session.scalar(
        select(Revision.by_id)
        .where(Revision.post_id == post.id, Revision.comment_id.is_(None))
        .order_by(Revision.id.desc())
        .limit(1)
    )
    if by_id is None or not detail.correction:
        return None
    return passing.Mended(post.title, post.body, detail.correction, by_id)
