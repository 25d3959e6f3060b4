"""A question gets its answer, a good one is shown to everybody, and readers say whether it worked."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from shequtong.boards.guides.forms import AnswerForm, PromoteForm
from shequtong.core.posts import events, writing
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib.events import publish as tell


def answer(_session: Session, case: Case, form: AnswerForm, _record: PostTransition) -> None:
    case.detail.answer = form.answer
    case.detail.answered_by_id = case.actor.id


def as_it_stands(case: Case) -> dict[str, Any]:
    return {
        "title": case.post.title,
        "body": case.post.body,
        "answer": case.detail.answer,
        "item_id": case.detail.item_id,
    }


def promote(session: Session, case: Case, form: PromoteForm, _record: PostTransition) -> None:
    """Everybody reads the edited words; the asker's own stay in the history, for neighbours."""
    if (form.title, form.body) != (case.post.title, case.post.body):
        writing.rewrite(session, case.post, case.actor, form.title, form.body)
    case.detail.answer, case.detail.item_id = form.answer, form.item_id
    tell(session, events.PostEdited(case.post))
