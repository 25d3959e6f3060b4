"""Deliberation hall: from a proposal and its co-signers to the vote of households, and to what came of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from shequtong.boards.hall import (
    amending,
    forms,
    judging,
    objecting,
    outcomes,
    projects,
    showing,
    staging,
    voting,
)
from shequtong.boards.hall.models import Proposal
from shequtong.boards.hall.staging import keep
from shequtong.core.communities import places
from shequtong.core.posts.board import Board
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.policy import (
    Case,
    author,
    clear,
    holds,
    in_state,
    lead,
    member,
    ours,
    resident,
    staff,
    suspended,
)
from shequtong.lib.forms import Form
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import nobody
from shequtong.lib.workflow import State, Transition, Workflow

STATES = (
    State("proposed", _l("Looking for co-signers"), "info", lasts=timedelta(days=14)),
    State("screened", _l("Accepted for discussion"), "info"),
    State("refused", _l("Refused"), "bad", is_open=False),
    State("lapsed", _l("Too few co-signers"), is_open=False),
    State("framing", _l("Options are worked out"), "info"),
    State("discussing", _l("Under discussion"), "info"),
    State("drafting", _l("Text is being written"), "info"),
    State("notice", _l("Text is public"), "warn"),
    State("voting", _l("Households vote"), "warn"),
    State("adopted", _l("Adopted"), "good"),
    State("rejected", _l("Rejected"), "bad", is_open=False),
    State("no_quorum", _l("Too few voted"), "warn", is_open=False),
    State("executing", _l("Being carried out"), "info"),
    State("delivered", _l("Done, waiting for your judgement"), "warn", lasts=timedelta(days=14)),
    State("rated", _l("Judged by residents"), "good", is_open=False),
    State("reviewed", _l("Looked at again"), "good", is_open=False),
    State("reopened", _l("Taken up again"), "warn"),
)


def step(
    name: str, sources: str, target: str | None, label: Any, form: type[Form] | None = None, **more: Any
) -> Transition:
    """A step by the committee's staff, unless `by` says otherwise; what its form asks is kept."""
    usual = {"by": staff, "form": form, "effect": keep if form else None}
    return Transition(name, tuple(sources.split()), target, label, **(usual | more))


second_person = staff & ~staging.refuser & ~author

TRANSITIONS = (
    Transition(
        "cosign",
        ("proposed",),
        None,
        _l("Co-sign it"),
        by=resident & ~author,
        per="dwelling",
        effect=staging.count_cosigners,
        undone=staging.count_cosigners,
    ),
    step("screen", "proposed", "screened", _l("Accept for discussion"), when=staging.cosigned),
    step(
        "refuse",
        "proposed",
        "refused",
        _l("Refuse"),
        forms.RefuseForm,
        by=staff & ~author,
        reason="required",
        reasons=forms.REFUSALS,
        effect=staging.refuse,
        means=_l("Who proposed it can ask somebody else to decide once more."),
        tone="bad",
    ),
    step(
        "lapse",
        "proposed",
        "lapsed",
        _l("Time for co-signing is over"),
        by=nobody,
        clock=True,
        means=_l("Too few co-signed. It can be proposed again."),
    ),
    step(
        "appeal",
        "refused",
        None,
        _l("Ask for another decision"),
        forms.AppealForm,
        by=author,
        when=staging.not_appealed,
        undoable=False,
    ),
    step(
        "uphold_appeal",
        "refused",
        "screened",
        _l("Accept it after all"),
        forms.AppealAnswerForm,
        by=second_person,
        when=staging.appealed,
    ),
    step(
        "dismiss_appeal",
        "refused",
        None,
        _l("Stay with the refusal"),
        forms.AppealAnswerForm,
        by=second_person,
        when=staging.appealed,
        undoable=False,
    ),
    step("frame", "screened", "framing", _l("Set out the options"), forms.FramingForm, effect=staging.frame),
    step(
        "discuss",
        "framing",
        "discussing",
        _l("Open the discussion"),
        effect=staging.invite,
        means=_l("Now you can say what you think, and give reasons for and against."),
    ),
    step(
        "draft",
        "discussing",
        "drafting",
        _l("Close the discussion"),
        forms.MinutesForm,
        fill=staging.wording_as_proposed,
        effect=amending.begin,
        means=_l("Now you can read the text and propose changes."),
    ),
    step(
        "give_notice",
        "drafting",
        "notice",
        _l("Make the text public"),
        forms.WordingForm,
        fill=staging.wording_as_proposed,
        check=amending.check,
        effect=amending.make_public,
        means=_l("Read the text; if something is wrong with it, object before the last day."),
    ),
    step(
        "open_vote",
        "notice",
        "voting",
        _l("Open the vote"),
        forms.OpenVoteForm,
        when=staging.notice_is_over,
        check=objecting.check,
        effect=voting.open_vote,
        means=_l("Now every home casts its ballot."),
    ),
    step("adopt", "voting", "adopted", _l("Counted: adopted"), by=nobody, clock=True),
    step("reject", "voting", "rejected", _l("Counted: rejected"), by=nobody, clock=True),
    step(
        "record_no_quorum",
        "voting",
        "no_quorum",
        _l("Counted: too few voted"),
        by=nobody,
        clock=True,
        means=_l("Nothing is decided. There may be one more vote."),
    ),
    step(
        "repeat_vote",
        "no_quorum",
        "voting",
        _l("Vote once more"),
        forms.RepeatVoteForm,
        when=staging.first_round,
        check=voting.check_again,
        effect=voting.repeat_vote,
        means=_l("Every home casts its ballot anew; the first ones do not count."),
    ),
    step(
        "enact",
        "adopted",
        "executing",
        _l("Write it into the covenant"),
        forms.EnactForm,
        when=outcomes.covenant,
        fill=outcomes.as_proposed,
        check=outcomes.check_article,
        effect=outcomes.enact,
    ),
    step(
        "execute",
        "adopted",
        "executing",
        _l("Carry it out"),
        forms.ExecuteForm,
        when=outcomes.project,
        effect=outcomes.execute,
    ),
    step("refer", "adopted", "executing", _l("Hand it on"), forms.ReferForm, when=outcomes.referral),
    step(
        "report_progress",
        "executing",
        None,
        _l("Report progress"),
        forms.ProgressForm,
        by=staff | projects.leader,
        when=outcomes.project,
        effect=None,
        repeats=True,
        photos=6,
    ),
    step("deliver", "executing", "delivered", _l("It is done"), forms.DeliverForm, when=~outcomes.referral),
    step(
        "record_answer",
        "executing",
        "delivered",
        _l("Write down the answer"),
        forms.AnswerForm,
        when=outcomes.referral,
    ),
    step(
        "judge",
        "delivered",
        "rated",
        _l("The homes have judged it"),
        by=nobody,
        clock=True,
        effect=judging.close,
    ),
    step("review", "rated", "reviewed", _l("Look at it again"), forms.ReviewForm),
    step(
        "reopen",
        "delivered rated reviewed",
        "reopened",
        _l("This is not done"),
        by=resident,
        reason="required",
        tone="bad",
        effect=judging.begin_anew,
    ),
    step("resume", "reopened", "executing", _l("Carry on")),
)


class HallBoard(Board):
    """A board whose pages say at which stage a proposal stands and what each stage has left."""

    def choices(self, session: Session, case: Case) -> Mapping[str, Any]:
        return {"voting_buildings": places.scopes(session, case.community.code)}

    def more(self, session: Session, case: Case) -> dict[str, Any]:
        return showing.page(session, case)


board = HallBoard(
    slug="hall",
    name=_l("Deliberation hall"),
    about=_l("What we decide together, from the first idea to the day it is done."),
    icon="vote",
    colour="plum",
    essential=True,
    invite=_l("Propose something"),
    form=forms.ProposalForm,
    detail=Proposal,
    owes=Owed(reply=("proposed",), usual=(12, 40), begins=staging.cosigned, asked=("notice",)),
    concerns_all=True,
    grows_from=("matters",),
    sheet=staging.has_a_text,
    announces=("voting",),
    desk=("proposed", "screened", "framing", "drafting", "voting", "adopted", "reopened"),
    rules={
        "create": resident | lead | holds("owners_committee") | staff,
        "edit": author & in_state("proposed") & staging.alone,
        "delete": author & in_state("proposed") & staging.alone,
        "comment": staging.speaks,
        "state": staging.speaks & in_state("discussing"),
        "argue": staging.speaks & in_state("discussing"),
        "amend": staging.speaks & in_state("drafting"),
        "write_text": staff & ours & clear & in_state("drafting"),
        "answer": resident & ~suspended & clear & in_state("discussing"),
        "objections": member,
        "object": (resident | holds("owners_committee"))
        & ~suspended
        & clear
        & in_state("notice")
        & staging.until_the_last_day,
        "reply": staff & ours & clear,
        "run": ((staff & ours) | projects.leader)
        & clear
        & in_state("executing", "delivered", "rated", "reopened"),
        "rate": resident & clear & in_state("delivered") & judging.affected,
    },
    workflow=Workflow(STATES, TRANSITIONS),
)
