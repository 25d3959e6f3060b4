"""Whom the committee asks to come (约请制度), and what a joint meeting agreed on (联席会议)."""

from __future__ import annotations

from sqlmodel import Session

from shequtong.boards.matters import handling
from shequtong.boards.matters.forms import MeetingForm, SummonForm, check_meeting
from shequtong.core.communities.standings import holders
from shequtong.core.notifications.telling import tell_about
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _


def check_summon(_session: Session, _case: Case, form: BoundForm[SummonForm]) -> None:
    if bool(form.value.to) == bool(form.value.other):
        form.refuse(
            "to", _("Choose who shall come, or write the name of another department: one of the two.")
        )


def summon(session: Session, case: Case, form: SummonForm, record: PostTransition) -> None:
    """Whoever is asked hears of it, when they are on the platform."""
    office, person = handling.addressee(form.to)
    record.facts = {"office": office, "person": person, "other": form.other, "when": form.at.isoformat()}
    if office:
        people = [person] if person else holders(session, case.post.code, [office])
        tell_about(session, case.post, people, "summoned", by=case.actor.id)


def check_minutes(_session: Session, _case: Case, form: BoundForm[MeetingForm]) -> None:
    check_meeting(form)


def write_minutes(_session: Session, _case: Case, form: MeetingForm, record: PostTransition) -> None:
    record.facts = {
        "held_on": form.held_on.isoformat(),
        "present": form.present,
        "points": form.points(),
    }
