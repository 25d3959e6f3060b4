"""Questions: who answers, and how an answer becomes everybody's without telling who asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from shequtong.boards.services import backing_up, desks
from shequtong.boards.services.forms import CloseForm, PublishedForm
from shequtong.boards.services.models import Service
from shequtong.core.communities import offices
from shequtong.core.identity.models import Account
from shequtong.core.posts import linking
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.policy import Case
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

consented = Rule("its author agreed", lambda case: case.detail.consent)


def send_to_desk(session: Session, post: Post, question: Service, owes: Owed) -> None:
    """Who is on duty at the desk is asked. Where a desk keeps no rota all of its office are; where it has nobody,
    the committee is."""
    desk = desks.find(session, post.code, question.desk)
    kind = desk.row.kind if desk else question.desk
    question.desk_name = desk.row.name if desk else ""
    first, backup = desks.on_duty(session, desk, post.author_id) if desk else (None, None)
    if first is None:
        manned = kind != "other" and offices.is_held(session, kind, post.code)
        post.handler = kind if manned else "clerk"
        return
    post.assignee_id, question.asked = first, [first]
    if backup is not None:
        backing_up.plan(session, post, question, owes)


def close(_session: Session, case: Case, form: CloseForm, _record: PostTransition) -> None:
    case.detail.consent = form.consent
    case.post.deputy_id = None


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


def offered_to(case: Case) -> bool:
    """Is this visitor asked to take it over?"""
    return case.post.state == "handing" and case.post.deputy_id == case.actor.id
