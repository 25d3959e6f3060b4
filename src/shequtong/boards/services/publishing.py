"""An answer becomes everybody's without telling who asked.

Whoever answered writes question and answer in other words. Somebody else of the desk or the committee looks it over.
Who asked reads the very words, and says yes. Only then there is a post, of the desk's own; and it is gone in the
same moment in which who asked takes the yes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from shequtong.boards.services import desks, redacting
from shequtong.boards.services.forms import PublishedForm, WriteUpForm
from shequtong.boards.services.models import DeskPerson, Service
from shequtong.core.communities.standing import Standing
from shequtong.core.communities.standings import standings
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.events import AccountErased
from shequtong.core.notifications.telling import tell_about
from shequtong.core.posts import linking
from shequtong.core.posts.forgetting import EMPTY
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib.errors import Conflict
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.markdown import render
from shequtong.lib.policy import Rule

IN_WORK = ("drafted", "looked_over", "published")
"""States in which there is a text to read."""

consented = Rule("its author agreed", lambda case: case.detail.consent)
not_consented = Rule("its author has not agreed", lambda case: not case.detail.consent)
may_write = Rule(
    "nobody else has written it up",
    lambda case: case.post.state == "closed" or case.detail.drafter_id == case.actor.id,
)
not_drafter = Rule("somebody else wrote it", lambda case: case.detail.drafter_id != case.actor.id)


# Written and looked over ------------------------------------------------------------------------------------


def begin_with(case: Case) -> Mapping[str, Any]:
    """What was written before, if it came back."""
    return {"title": case.detail.draft_title, "body": case.detail.draft_body}


def check(session: Session, case: Case, form: BoundForm[WriteUpForm]) -> None:
    """Refuse what tells who asked; point out what may, until somebody says that they have looked at it."""
    code, asker = case.post.code, case.post.author_id
    found = {
        name: redacting.find(session, code, asker, getattr(form.value, name)) for name in ("title", "body")
    }
    seen = form.value.seen
    for name, parts in found.items():
        gone = [part for part in parts if part.must_go]
        if gone:
            form.refuse(name, _("Please leave this out: %(words)s", words=_named(gone)))
        elif parts and not seen:
            form.refuse(name, _("Does this tell who asked? %(words)s", words=_named(parts)))


def _named(parts: list[redacting.Found]) -> str:
    return "、".join(
        _("“%(words)s” (%(what)s)", words=part.words, what=redacting.WHAT[part.what]) for part in parts
    )


def draft(session: Session, case: Case, form: WriteUpForm, _record: PostTransition) -> None:
    """Keep the text for a second look, and ask somebody else of the desk for it; the committee sees it too."""
    detail: Service = case.detail
    detail.draft_title, detail.draft_body = form.title, form.body
    detail.drafter_id = case.actor.id
    found = redacting.find(session, case.post.code, case.post.author_id, f"{form.title}\n{form.body}")
    detail.draft_found = [[one.words, one.what] for one in found]
    other = _another(session, case)
    if other is not None:
        case.post.deputy_id = other
    session.flush()
    tell_about(session, case.post, [case.post.deputy_id], "handed", by=case.actor.id)


def _another(session: Session, case: Case) -> int | None:
    """Somebody else who answers at this desk, and is in office."""
    desk = desks.find(session, case.post.code, case.detail.desk)
    people: list[DeskPerson] = desk.people if desk else []
    ids = [one.account_id for one in people if one.account_id not in (case.actor.id, case.post.author_id)]
    here = standings(session, case.post.code, ids)
    return next((number for number in ids if number in here and here[number].serves), None)


def more(case: Case) -> Mapping[str, Any]:
    """The text that is being written, for those who may read it now; or the post that it has become."""
    state, mine = case.post.state, case.post.author_id == case.actor.id
    if case.post.kind != "question" or state not in IN_WORK:
        return {}
    if state == "published":
        return {"answer_id": case.detail.answer_id, "title": case.detail.draft_title}
    if state == "drafted" and mine:
        return {"being_looked_over": True}
    title, body = case.detail.draft_title, case.detail.draft_body
    found = [] if mine else [(words, redacting.WHAT[what]) for words, what in case.detail.draft_found]
    return {"draft": {"title": title, "rendered": render(body), "found": found, "mine": mine}}


# Agreed to, and taken back -----------------------------------------------------------------------------------


def permit(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    case.detail.consent = True


def publish(session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """A new post in the name of who wrote it, so that nothing of the private one, its talk or its author shows."""
    detail: Service = case.detail
    written = PublishedForm(desk=detail.desk, title=detail.draft_title, body=detail.draft_body)
    number = detail.drafter_id or 0
    here = standings(session, case.post.code, [number]).get(number, Standing())
    writer = replace(case, actor=Actor(id=number), here=here)
    if not case.board.may_post_kind(writer, "answer"):
        raise Conflict(_("Who wrote this does not answer here any more. Ask the desk to write it anew."))
    answer = case.board.publish(session, writer, written, kind="answer")
    session.get_one(Service, answer.id).desk_name = detail.desk_name
    detail.answer_id, case.post.deputy_id = answer.id, None
    linking.link(session, case, answer)


def withdraw(session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """The yes is taken back: what was published goes at once from page, list, feed and index, and so do its words."""
    _take_down(session, case.detail)
    case.detail.consent = False
    case.post.deputy_id = None


def on_account_erased(session: Session, event: AccountErased) -> None:
    """Who is gone can take nothing back any more: what was published of their questions goes with them."""
    asked = (
        select(Service)
        .join(Post, Post.id == Service.post_id)
        .where(Post.author_id == event.account_id, Post.kind == "question")
        .where(Service.drafter_id.is_not(None) | Service.answer_id.is_not(None))
    )
    for detail in session.scalars(asked):
        _take_down(session, detail)


def _take_down(session: Session, detail: Service) -> None:
    answer = _answer_of(session, detail)
    if answer is not None:
        own = Case(Actor(id=answer.author_id), Standing(), ROOMS["services"], None, answer)
        own.board.delete(session, answer, own)
        for name, nothing in EMPTY.items():
            setattr(answer, name, nothing)
    detail.draft_title = detail.draft_body = ""
    detail.draft_found = []
    detail.drafter_id = detail.answer_id = None


def forget(session: Session, answer: Post) -> None:
    """Its writer has taken a published answer away: the question leads there no more."""
    of_it = update(Service).where(Service.answer_id == answer.id)
    session.execute(of_it.values(answer_id=None).execution_options(synchronize_session=False))


def _answer_of(session: Session, detail: Service) -> Post | None:
    answer = session.get(Post, detail.answer_id) if detail.answer_id else None
    return answer if answer is not None and answer.deleted_at is None else None
