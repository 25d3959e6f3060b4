"""A question in another's hands: taken, offered to another desk or person, accepted or given back.

Who has it in hand answers, and nobody else does: an answer by whoever handed it on is refused, also in a race.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, bindparam, cast, exists, false, literal, or_, select, union_all
from sqlmodel import Session

from shequtong.boards.services import desks
from shequtong.boards.services.forms import DESKS, HandOverForm
from shequtong.boards.services.models import Desk, DeskPerson
from shequtong.core.communities.models import Appointment
from shequtong.core.identity.models import Account
from shequtong.core.notifications.telling import tell_about
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.db import ask
from shequtong.lib.errors import Conflict
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

ANSWERING = ("police", "doctor", "lawyer", "property", "organisation", "clerk", "secretary")
"""Offices whose holders a question can be handed to by name."""

_TAKERS: Any = union_all(
    select(literal("desk").label("what"), Desk.key.label("which"), Desk.name).where(
        Desk.code == bindparam("code"),
        Desk.closed == false(),
        exists().where(DeskPerson.desk_id == Desk.id),
    ),
    select(literal("person"), cast(Account.id, String), Account.name)
    .join(Appointment, Appointment.account_id == Account.id)
    .where(
        Appointment.code == bindparam("code"),
        Appointment.office.in_(bindparam("offices", expanding=True)),
        Appointment.since <= bindparam("today"),
        or_(Appointment.until.is_(None), Appointment.until >= bindparam("today")),
    ),
)

in_hand = Rule("has it in hand", lambda case: case.post.assignee_id == case.actor.id)
not_in_hand = Rule("has it not in hand", lambda case: case.post.assignee_id != case.actor.id)
asked = Rule(
    "asked at that desk",
    lambda case: (
        case.post is not None
        and case.post.assignee_id is not None
        and case.here.serves
        and case.actor.id in case.detail.asked
    ),
)


def choices(session: Session, case: Case) -> list[tuple[str, Any]]:
    """Other desks, and people of the offices that answer here: not who has it, and not who asks."""
    if case.post is None or case.detail is None:
        return []
    found = ask(session, _TAKERS, code=case.community.code, offices=list(ANSWERING), today=clock.today())
    not_these = {
        f"desk-{case.detail.desk}",
        f"person-{case.post.assignee_id}",
        f"person-{case.post.author_id}",
    }
    listed = {f"{row.what}-{row.which}": row.name for row in found}
    return [(to, name) for to, name in listed.items() if to not in not_these]


def check(session: Session, case: Case, form: BoundForm[Any]) -> None:
    """Refuse a desk at which nobody is to be found."""
    if _whom(session, case, form.value.to)[0] is None:
        form.refuse("to", _("Nobody is on duty at this desk. Choose somebody by name."))


def _whom(session: Session, case: Case, to: str) -> tuple[int | None, str, str]:
    """(account, key of the desk, its name) that were chosen."""
    what, _dash, which = to.partition("-")
    if what == "person":
        return int(which), "", ""
    desk = desks.find(session, case.community.code, which)
    if desk is None:
        return None, "", ""
    first, backup = desks.on_duty(session, desk, case.post.author_id)
    whom = next((one for one in (first, backup) if one and one != case.post.assignee_id), None)
    return whom, desk.row.key, desk.row.name


def take(session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """Whoever takes it has it in hand; who was asked before may still read it."""
    session.refresh(case.post, ["assignee_id", "deputy_id"])
    if case.post.assignee_id != case.actor.id:
        case.post.deputy_id = case.post.assignee_id
        case.post.assignee_id = case.actor.id
    elif case.post.deputy_id == case.actor.id:
        case.post.deputy_id = None
    case.detail.call_backup_at = None


def offer(session: Session, case: Case, form: HandOverForm, record: PostTransition) -> None:
    """Somebody else is asked to take it over; it stays in hand until they accept."""
    refuse_former_owner(session, case)
    whom, key, name = _whom(session, case, form.to)
    case.post.deputy_id = case.detail.offered_id = whom
    case.detail.offered_to = key
    record.facts = {"to": name or session.get_one(Account, whom).name}
    session.flush()
    tell_about(session, case.post, [whom], "handed", by=case.actor.id, note="hand_over")


def accept(session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """It is in these hands now. Whoever had it reads on, and answers no more."""
    session.refresh(case.post, ["assignee_id", "deputy_id"])
    former, case.post.assignee_id = case.post.assignee_id, case.actor.id
    case.post.deputy_id = former
    if case.detail.offered_to:
        desk = desks.find(session, case.post.code, case.detail.offered_to)
        case.detail.desk, case.post.handler = case.detail.offered_to, None
        case.detail.desk_name = desk.row.name if desk else dict(DESKS).get(case.detail.desk, "")
    case.detail.asked = [case.actor.id]
    case.detail.offered_to, case.detail.offered_id = "", None


def give_back(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """It stays with whoever has it in hand."""
    case.post.deputy_id = None
    case.detail.offered_to, case.detail.offered_id = "", None


def answer(session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    refuse_former_owner(session, case)


def refuse_former_owner(session: Session, case: Case) -> None:
    """Look once more whose it is, now that the row is ours alone: it may have gone to other hands meanwhile."""
    session.refresh(case.post, ["assignee_id"])
    if not in_hand(case):
        raise Conflict(words_for(case))


def words_for(case: Case) -> str:
    """Why somebody who does not have it in hand cannot answer."""
    if case.post.deputy_id == case.actor.id:
        return _("This question was handed over. Whoever took it over answers now, and you cannot any more.")
    return _("Somebody else has this question in hand. Take it over first, then answer.")
