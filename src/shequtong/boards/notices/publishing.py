"""From a draft to a notice: for whom, until when, and what is answered before it is final."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from shequtong.boards.notices.forms import FinaliseForm
from shequtong.core.communities import places
from shequtong.core.communities.standing import Standing
from shequtong.core.posts.models import Participation, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

time_is_up = Rule(
    "the time to object is over",
    lambda case: case.detail.until is not None and case.detail.until < clock.today(),
)


def only_leads(here: Standing) -> bool:
    """Somebody who writes for the building they lead, and nothing more."""
    return here.is_any("lead") and not here.is_any("clerk", "secretary", "property", "owners_committee")


def own_building(here: Standing) -> dict[str, Any]:
    """Somebody who leads one building is not asked which."""
    return {"building_id": min(here.leads)} if only_leads(here) and len(here.leads) == 1 else {}


def buildings(session: Session, case: Case) -> dict[str, Any]:
    """The buildings this writer may address."""
    found = places.buildings(session, case.community.code)
    return {
        "buildings": [
            (str(b.id), b.name) for b in found if not only_leads(case.here) or b.id in case.here.leads
        ]
    }


def check(case: Case, form: BoundForm[Any]) -> None:
    if only_leads(case.here) and not form.value.building_id:
        form.refuse("building_id", _("Choose your building"))
    elif form.value.kind in ("must_read", "public_notice") and form.value.until is None:
        form.refuse("until", _("Say until when neighbours can answer"))


def address(_session: Session, case: Case, _form: object = None, _record: Any = None) -> None:
    """A notice for one building reaches that building only."""
    if case.post.state not in ("draft", "review"):
        case.post.audience = "building" if case.post.building_id else "public"


def every_objection_needs_an_answer(session: Session, case: Case, form: BoundForm[Any]) -> None:
    objections = select(func.count()).where(
        Participation.post_id == case.post.id, Participation.name == "object"
    )
    if not form.value.answer and session.scalar(objections):
        form.refuse("answer", _("Answer the objections before the notice is final"))


def answer(_session: Session, case: Case, form: FinaliseForm, _record: PostTransition) -> None:
    case.detail.answer = form.answer
