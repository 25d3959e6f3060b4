"""A proposal's stages and figures in words, for its page."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from shequtong.boards.hall import forms, queries
from shequtong.boards.hall.models import Proposal
from shequtong.core.ballots import queries as ballots
from shequtong.core.ballots import showing as ballots_showing
from shequtong.core.posts.policy import Case
from shequtong.lib.forms import worded
from shequtong.lib.i18n import lazy_gettext as _l

PATH = (
    ("proposed", _l("Proposed")),
    ("screened", _l("Accepted")),
    ("framing", _l("Options")),
    ("discussing", _l("Discussion")),
    ("drafting", _l("Wording")),
    ("notice", _l("Made public")),
    ("voting", _l("Vote")),
    ("adopted", _l("Adopted")),
    ("executing", _l("Work")),
    ("delivered", _l("Done")),
    ("rated", _l("Judged")),
)
"""The way of a proposal that succeeds."""

ENDS = {
    "lapsed": ("proposed", _l("Lapsed")),
    "refused": ("proposed", _l("Refused")),
    "rejected": ("voting", _l("Rejected")),
    "no_quorum": ("voting", _l("Too few voted")),
    "reopened": ("delivered", _l("Taken up again")),
    "reviewed": ("rated", _l("Looked at again")),
}
"""Where a proposal leaves that way or goes beyond it: after which stage, and into what."""


def stages(state: str) -> list[tuple[Any, str]]:
    """(label, done | now | "") of each stage, as `ui.steps` takes them."""
    after, end = ENDS.get(state, (state, None))
    reached = [name for name, _label in PATH].index(after)
    done = [(label, "done") for _name, label in PATH[:reached]]
    if end:
        return [*done, (PATH[reached][1], "done"), (end, "now")]
    return [*done, (PATH[reached][1], "now"), *((label, "") for _name, label in PATH[reached + 1 :])]


DISCUSSED = ("discussing", *(name for name, _label in PATH[4:]), *ENDS)
"""States of a proposal that may have been discussed."""


def statements(session: Session, case: Case) -> Any:
    """How many statements the members read, and how many wait for this reader; nothing before a discussion."""
    if case.post.state not in DISCUSSED or not case.here.member:
        return None
    counts = queries.statement_counts(session, case)
    return counts if counts.all or case.post.state == "discussing" else None


def page(session: Session, case: Case) -> dict[str, Any]:
    """What the template shows beside the proposal's own columns."""
    proposal: Proposal = case.detail
    return {
        "stages": stages(case.post.state),
        "refusal": dict(forms.REFUSALS).get(proposal.refusal_reason, ""),
        "topic": dict(forms.TOPICS)[proposal.topic],
        "framing": worded(forms.FramingForm, ("cost", "affected", "invited"), proposal),
        "statements": statements(session, case),
        "rounds": ballots.rounds(session, case.post.id, case.post.code, case.actor.id)
        if proposal.rounds
        else [],
        "ballots": ballots_showing,
        "outcome": dict(forms.OUTCOMES).get(proposal.outcome, ""),
        "work": worded(forms.ExecuteForm, ("lead", "budget", "due_on"), proposal),
    }
