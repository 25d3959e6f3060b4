"""Households vote on a proposal: the round is opened by staff, counted by the ballots, and moves the proposal."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from shequtong.boards.hall.models import Proposal
from shequtong.core.ballots import opening, queries
from shequtong.core.ballots.events import RoundCounted
from shequtong.core.communities import places
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib import clock
from shequtong.lib.errors import Invalid
from shequtong.lib.forms import BoundForm

BY_RESULT = {"adopted": "adopt", "rejected": "reject", "no_quorum": "record_no_quorum"}
ASKED_AS = {
    "rule": "voting_rule",
    "options": "vote_options",
    "buildings": "vote_buildings",
    "papers": "vote_papers",
    "place": "vote_place",
    "closes_at": "vote_until",
}
"""What a plan calls it, and which field of the form asks for it."""


def plan(session: Session, case: Case, form: Any) -> opening.Plan:
    """The round that the form asks for. The question is the proposal's title; its text is public already."""
    return opening.Plan(
        question=case.post.title,
        rule=form.voting_rule,
        closes_at=clock.end_of(form.vote_until),
        secret=form.vote_secrecy == "secret",
        papers=form.vote_papers,
        options=tuple(filter(None, map(str.strip, form.vote_options.splitlines()))),
        buildings=places.buildings_in(session, case.post.code, form.vote_buildings),
        proxies=form.vote_proxies or 0,
        place=form.vote_place if form.vote_papers else "",
    )


def check(session: Session, case: Case, form: BoundForm[Any]) -> None:
    """Refuse what keeps the round from being opened, beside the field that asks for it."""
    for field, wrong in opening.mistakes(session, case.post.code, plan(session, case, form.value)):
        form.refuse(ASKED_AS[field], wrong)


def open_vote(session: Session, case: Case, form: Any, record: PostTransition) -> None:
    case.detail.objections = form.objections
    case.detail.outcome = form.outcome
    case.detail.rounds += 1
    record.facts = form.model_dump(mode="json")
    opening.open_round(session, case.post, plan(session, case, form), case.actor)


def _plan_again(session: Session, case: Case, form: Any) -> opening.Plan:
    earlier = queries.latest(session, case.post.id)
    if earlier is None:
        raise Invalid
    return opening.plan_again(earlier, clock.end_of(form.vote_until))


def check_again(session: Session, case: Case, form: BoundForm[Any]) -> None:
    """The same for a repeat, which asks for its last day only."""
    for _field, wrong in opening.mistakes(session, case.post.code, _plan_again(session, case, form.value)):
        form.refuse("vote_until", wrong)


def repeat_vote(session: Session, case: Case, form: Any, record: PostTransition) -> None:
    case.detail.rounds += 1
    record.facts = form.model_dump(mode="json")
    opening.open_round(session, case.post, _plan_again(session, case, form), case.actor)


def on_round_counted(session: Session, event: RoundCounted) -> None:
    """Let the proposal go where the ballots send it. What was decided is the text that was voted on."""
    post, board = event.post, ROOMS["hall"]
    if post.board != board.slug or post.state != "voting":
        return
    proposal = session.get_one(Proposal, post.id)
    if event.round.result == "adopted":
        proposal.outcome_text = proposal.wording
    transition = board.workflow.transition(BY_RESULT[event.round.result])
    assert transition is not None
    board.move_by_clock(session, post, proposal, transition)
