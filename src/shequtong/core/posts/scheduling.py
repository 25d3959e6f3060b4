"""What is written today and appears at a moment that was set: the clock takes its transition then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib.forms import Form, moment
from shequtong.lib.i18n import lazy_gettext as _l


class ScheduleForm(Form):
    at: datetime = moment(_l("When should it appear?"))


def at_moment(_session: Session, case: Case, form: ScheduleForm, _record: PostTransition) -> None:
    """The effect of a transition into a state that lasts until the moment chosen."""
    case.post.due_at = form.at


def as_set(case: Case) -> dict[str, Any]:
    """The moment that was set before, to be changed."""
    return {"at": case.post.due_at}
