"""Questions: who answers, and what who asked says to the answer."""

from __future__ import annotations

from sqlmodel import Session

from shequtong.boards.services import backing_up, desks
from shequtong.boards.services.forms import CloseForm
from shequtong.boards.services.models import Service
from shequtong.core.communities import offices
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.policy import Case
from shequtong.lib.policy import Rule

not_asked_again = Rule("has not asked further before", lambda case: not case.detail.asked_again)


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


def ask_again(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """The desk owes a reply again, by the same clock; once."""
    case.detail.asked_again = True


def close(_session: Session, case: Case, form: CloseForm, _record: PostTransition) -> None:
    case.detail.consent = form.consent
    case.post.deputy_id = None


def offered_to(case: Case) -> bool:
    """Is this visitor asked to take it over?"""
    return case.post.state == "handing" and case.post.deputy_id == case.actor.id
