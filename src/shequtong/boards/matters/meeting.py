"""Whom the committee asks to come (约请制度), and what a joint meeting agreed on (联席会议)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from shequtong.boards.matters import handling
from shequtong.boards.matters.forms import MeetingForm, PointForm, SummonForm, check_meeting
from shequtong.boards.matters.models import Matter
from shequtong.core.communities.standings import holders
from shequtong.core.notifications.telling import tell_about
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib.db import ask
from shequtong.lib.errors import Conflict
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _

KEPT = "keep_point"


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


def write_minutes(_session: Session, case: Case, form: MeetingForm, record: PostTransition) -> None:
    record.facts = {
        "held_on": form.held_on.isoformat(),
        "present": form.present,
        "points": form.points(),
    }
    case.detail.open_points += len(record.facts["points"])


_RECORDED = (
    select(PostTransition.id, PostTransition.name, PostTransition.facts)
    .where(PostTransition.post_id == bindparam("post_id"), PostTransition.name.in_(("meet", KEPT)))
    .order_by(PostTransition.id)
)


def choices(session: Session, case: Case) -> Mapping[str, Any]:
    """The points agreed on that are still open, for whoever ticks one off; nothing is asked where there is none."""
    if case.post is None or not case.detail.open_points:
        return {}
    recorded = ask(session, _RECORDED, post_id=case.post.id)
    kept = {(row.facts or {}).get("point") for row in recorded if row.name == KEPT}
    return {
        "points": [
            (key, _("%(what)s (%(who)s)", what=point["what"], who=point["who"]))
            for row in recorded
            if row.name == "meet"
            for key, point in numbered(row.id, row.facts)
            if key not in kept
        ]
    }


def numbered(meeting_id: int, facts: Mapping[str, Any] | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The points of a meeting, each with the key by which it is ticked off."""
    for number, point in enumerate((facts or {}).get("points", ()), 1):
        yield f"{meeting_id}-{number}", point


def keep_point(session: Session, case: Case, form: PointForm, record: PostTransition) -> None:
    """Tick a point off, once: of two who do it at the same moment one is told that it is done."""
    session.flush()
    less = session.execute(
        update(Matter)
        .where(Matter.post_id == case.post.id, Matter.open_points == case.detail.open_points)
        .values(open_points=Matter.open_points - 1)
        .execution_options(synchronize_session=False)
    )
    if less.rowcount != 1:
        raise Conflict(_("Somebody else was faster. Reload the page to see what happened."))
    session.refresh(case.detail, ["open_points"])
    record.facts = {"point": form.point}
