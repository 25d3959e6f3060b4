"""When a bulletin appears, how long it is in force, and how it is put right."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from shequtong.boards.district.forms import CorrectForm
from shequtong.core.posts import events, writing
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.events import publish as tell
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

in_time = Rule(
    "not out of date", lambda case: not case.detail.valid_until or case.detail.valid_until >= clock.today()
)


def until_day(_session: Session, case: Case, _form: Any, _record: PostTransition) -> None:
    if case.detail.valid_until:
        case.post.due_at = clock.end_of(case.detail.valid_until)


def check_moment(_session: Session, case: Case, form: BoundForm[Any]) -> None:
    """A bulletin cannot appear when it is out of date, or when nobody can confirm it any more.

    That a moment has passed already, the form itself refuses.
    """
    day = clock.local(form.value.at).date()
    last = min(filter(None, (case.detail.valid_until, case.detail.until)), default=None)
    if last and day > last:
        form.refuse("at", _("It is out of date by then: choose an earlier moment"))


def as_it_stands(case: Case) -> dict[str, Any]:
    return {"title": case.post.title, "body": case.post.body}


def correct(session: Session, case: Case, form: CorrectForm, record: PostTransition) -> None:
    writing.rewrite(session, case.post, case.actor, form.title, form.body)
    case.detail.correction = form.correction
    until_day(session, case, form, record)
    tell(session, events.PostEdited(case.post))
