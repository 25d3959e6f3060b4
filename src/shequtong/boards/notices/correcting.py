"""Putting right a notice that is out: the old text is kept, and whoever confirmed it is told.

Where two people look at notices, one proposes the correction and another lets it go out.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session

from shequtong.boards.notices.forms import CorrectForm
from shequtong.boards.notices.models import PaperConfirmation
from shequtong.core.communities.standing import STAFF
from shequtong.core.communities.standings import holders
from shequtong.core.notifications.telling import tell_about
from shequtong.core.posts import events, writing
from shequtong.core.posts.models import Participation, Post, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.events import publish as tell
from shequtong.lib.policy import Rule

waiting = Rule("a correction waits", lambda case: bool(case.detail.proposed))
not_by_me = Rule("somebody else proposed it", lambda case: case.detail.proposed["by_id"] != case.actor.id)


def as_it_stands(case: Case) -> dict[str, Any]:
    return {"title": case.post.title, "body": case.post.body}


def correct(session: Session, case: Case, form: CorrectForm, record: PostTransition) -> None:
    """Give the notice its new words; with `again`, every door is asked once more."""
    post: Post = case.post
    writing.rewrite(session, post, case.actor, form.title, form.body)
    case.detail.correction = form.correction
    record.reason = form.correction
    if form.again and post.state == "confirming":
        record.facts = {"confirmed_before": _begin_anew(session, post, record)}
    tell(session, events.PostEdited(post))


def propose(session: Session, case: Case, form: CorrectForm, record: PostTransition) -> None:
    """Keep the new words until somebody else has read them, and tell the others of the committee."""
    case.detail.proposed = {**form.model_dump(), "by_id": case.actor.id, "at": clock.now().isoformat()}
    record.reason = form.correction
    tell_about(session, case.post, holders(session, case.post.code, STAFF), "waiting", by=case.actor.id)


def release(session: Session, case: Case, _form: object, record: PostTransition) -> None:
    """Publish what somebody else proposed."""
    form = CorrectForm.model_validate(case.detail.proposed)
    case.detail.proposed = None
    correct(session, case, form, record)


def drop(session: Session, case: Case, _form: object, record: PostTransition) -> None:
    """Leave the notice as it is; who proposed the correction hears why from the record, and can propose another."""
    proposed, case.detail.proposed = case.detail.proposed, None
    tell_about(session, case.post, [proposed["by_id"]], "moved", by=case.actor.id, note=record.name)


def _begin_anew(session: Session, post: Post, record: PostTransition) -> int:
    """Ask every door again; who confirmed the old text stays in the record, and hears of the new one. How many."""
    session.flush()
    old = update(Participation).where(Participation.post_id == post.id, Participation.name == "confirm")
    online = session.execute(old.values(name=f"confirm.{record.at:%Y%m%d%H%M%S}"))
    paper = session.execute(delete(PaperConfirmation).where(PaperConfirmation.post_id == post.id))
    return int(online.rowcount + paper.rowcount)
