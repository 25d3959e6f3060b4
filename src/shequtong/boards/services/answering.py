"""Questions: who answers, and how an answer becomes everybody's without telling who asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from shequtong.boards.services.forms import CloseForm, PublishedForm
from shequtong.boards.services.models import Service
from shequtong.core.communities import offices
from shequtong.core.identity.models import Account
from shequtong.core.posts import linking
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

consented = Rule("its author agreed", lambda case: case.detail.consent)


def send_to_desk(session: Session, post: Post, question: Service) -> None:
    """The desk has it in hand; where a desk has nobody, the committee has."""
    manned = question.desk != "other" and offices.is_held(session, question.desk, post.code)
    post.handler = question.desk if manned else "clerk"


def take(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    case.post.assignee_id = case.actor.id


def close(_session: Session, case: Case, form: CloseForm, _record: PostTransition) -> None:
    case.detail.consent = form.consent


def begin_with(case: Case) -> Mapping[str, Any]:
    return {"desk": case.detail.desk}


def check_nameless(session: Session, case: Case, form: BoundForm[PublishedForm]) -> None:
    asker = session.get(Account, case.post.author_id)
    for name in ("title", "body"):
        if asker is not None and asker.name in getattr(form.checked, name, ""):
            form.refuse(name, _("This names who asked. Please leave the name out."))
            return


def publish(session: Session, case: Case, form: PublishedForm, _record: PostTransition) -> None:
    """A new post of the desk's own, so that nothing of the private one, its talk or its author shows."""
    answer = case.board.publish(session, case, form, kind="answer")
    linking.link(session, case, answer)
