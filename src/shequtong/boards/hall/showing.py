"""A proposal's stages and figures in words, for its page."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from shequtong.boards.hall import forms, queries
from shequtong.boards.hall.models import Consensus, Proposal
from shequtong.core.ballots import queries as ballots
from shequtong.core.ballots import showing as ballots_showing
from shequtong.core.communities.forms import KINDS
from shequtong.core.posts.policy import Case
from shequtong.lib.forms import worded
from shequtong.lib.i18n import gettext as _
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


CAMPS = "ABCDE"
SIDES = {
    "agree": (_l("most agree"), "good"),
    "disagree": (_l("most disagree"), "bad"),
    "mixed": (_l("opinions differ"), "neutral"),
}
"""What a group thinks of a statement, in words, and how they look."""


def consensus(session: Session, case: Case) -> Any:
    """What was worked out last, with the words of its statements; None when nothing was discussed yet."""
    if case.post.state not in DISCUSSED or not case.here.member:
        return None
    kept = session.get(Consensus, case.post.id)
    if kept is None or not kept.found:
        return {}
    found = kept.found
    told = [*found["shared"], *found["split"]]
    telling = [statement for camp in found["camps"] for statement, _side in camp["telling"]]
    words = queries.words(session, [*(one["id"] for one in told), *telling])
    return {
        "at": kept.at,
        "people": found["people"],
        "shared": [_worded(one, words) for one in found["shared"] if one["id"] in words],
        "split": [_worded(one, words) for one in found["split"] if one["id"] in words],
        "camps": [
            (
                CAMPS[number],
                camp["people"],
                [
                    (words[statement], SIDES[side])
                    for statement, side in camp["telling"]
                    if statement in words
                ],
            )
            for number, camp in enumerate(found["camps"])
        ],
    }


def _worded(one: dict[str, Any], words: dict[int, str]) -> dict[str, Any]:
    """A statement with its figures, and its groups gathered by what they think."""
    by_side: dict[str, list[Any]] = {}
    for sort, name, side in one["groups"]:
        by_side.setdefault(side, []).append(_group(sort, name))
    return {
        "words": words[one["id"]],
        "counts": list(zip((_l("Agree"), _l("Disagree"), _l("Not sure")), one["counts"], strict=True)),
        "sides": [(*SIDES[side], by_side[side]) for side in SIDES if side in by_side],
    }


def _group(sort: str, name: str) -> Any:
    if sort == "tenure":
        return KINDS[name]
    return _("Camp %(letter)s", letter=CAMPS[int(name) - 1]) if sort == "camp" else name


def page(session: Session, case: Case) -> dict[str, Any]:
    """What the template shows beside the proposal's own columns."""
    proposal: Proposal = case.detail
    return {
        "stages": stages(case.post.state),
        "refusal": dict(forms.REFUSALS).get(proposal.refusal_reason, ""),
        "topic": dict(forms.TOPICS)[proposal.topic],
        "framing": worded(forms.FramingForm, ("cost", "affected", "invited"), proposal),
        "statements": statements(session, case),
        "consensus": consensus(session, case),
        "rounds": ballots.rounds(session, case.post.id, case.post.code, case.actor.id)
        if proposal.rounds
        else [],
        "ballots": ballots_showing,
        "outcome": dict(forms.OUTCOMES).get(proposal.outcome, ""),
        "work": worded(forms.ExecuteForm, ("lead", "budget", "due_on"), proposal),
    }
