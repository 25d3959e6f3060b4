"""What every stage of a proposal leaves behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from shequtong.boards.hall.models import Proposal
from shequtong.core.communities import places
from shequtong.core.communities.standings import holders
from shequtong.core.notifications.telling import tell_about
from shequtong.core.posts.models import Participation, PostTransition
from shequtong.core.posts.policy import (
    Case,
    active,
    clear,
    holds,
    lead,
    observing,
    resident,
    staff,
    still_open,
)
from shequtong.lib import clock
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

BUILDINGS = 2
"""Co-signers must live in at least so many buildings before a proposal is screened."""

NOTICE = timedelta(days=7)

cosigned = Rule("co-signers live in two buildings", lambda case: case.detail.cosigning_buildings >= BUILDINGS)
alone = Rule("nobody has co-signed", lambda case: case.detail.cosigners == 0)
refuser = Rule("refuser", lambda case: case.detail is not None and case.detail.refused_by_id == case.actor.id)
appealed = Rule("an appeal waits", lambda case: bool(case.detail.appeal) and not case.detail.appeal_answer)
not_appealed = Rule("no appeal yet", lambda case: not case.detail.appeal)
notice_is_over = Rule(
    "the time to object is over",
    lambda case: case.detail.objections_until is not None and case.detail.objections_until < clock.today(),
)
at_home = resident | lead | staff | holds("owners_committee", "party_branch")
invited = Rule(
    "invited to this topic",
    lambda case: case.detail is not None and case.here.is_any(*case.detail.invited_offices),
)
speaks = active & clear & ((at_home & ~observing) | (invited & still_open))
until_the_last_day = Rule(
    "until the last day",
    lambda case: case.detail.objections_until is not None and case.detail.objections_until >= clock.today(),
)
has_a_text = Rule("its text is public", lambda case: case.detail.objections_until is not None)
first_round = Rule("there was one vote only", lambda case: case.detail.rounds < 2)


def keep(_session: Session, case: Case, form: Any, record: PostTransition) -> None:
    """Write what the form asked into the proposal, and into the record of this very step."""
    asked = form.model_dump(exclude={"reason"})
    for name, given in asked.items():
        setattr(case.detail, name, given)
    record.facts = form.model_dump(mode="json")


def frame(session: Session, case: Case, form: Any, record: PostTransition) -> None:
    """Keep the framing with the buildings it affects, and tell the departments that are invited."""
    keep(session, case, form, record)
    places_in = places.buildings_in(session, case.post.code, form.affected_places)
    case.detail.affected_buildings = list(places_in) if form.affected_places else []
    invite(session, case)


def invite(session: Session, case: Case, _form: object = None, _record: object = None) -> None:
    """Tell everybody who holds an invited office here that they may speak."""
    if offices := case.detail.invited_offices:
        people = holders(session, case.post.code, offices)
        tell_about(session, case.post, people, "invited", by=case.actor.id)


def refuse(session: Session, case: Case, form: Any, record: PostTransition) -> None:
    keep(session, case, form, record)
    case.detail.refusal_reason = form.reason
    case.detail.refused_by_id = case.actor.id


def wording_as_proposed(case: Case) -> dict[str, Any]:
    return {"wording": case.detail.wording or case.detail.change}


def seven_days(_session: Session, _case: Case, form: BoundForm[Any]) -> None:
    if form.value.objections_until < clock.today() + NOTICE:
        form.refuse("objections_until", _("Neighbours need at least seven days"))


def count_cosigners(session: Session, case: Case, _form: object, _record: object) -> None:
    """Keep the number of co-signers and of their buildings. The lock makes a second co-signer wait and count both."""
    mine = Proposal.post_id == case.post.id
    proposal = session.scalars(
        select(Proposal).where(mine).with_for_update().execution_options(populate_existing=True)
    ).one()
    proposal.cosigners, proposal.cosigning_buildings = session.execute(
        select(func.count(), func.count(Participation.building_id.distinct())).where(
            Participation.post_id == case.post.id, Participation.name == "cosign"
        )
    ).one()
