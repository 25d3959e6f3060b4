"""A proposal's stages and figures in words, for its page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shequtong.boards.hall import forms
from shequtong.boards.hall.models import Proposal
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


def page(case: Case) -> dict[str, Any]:
    """What the template shows beside the proposal's own columns."""
    proposal: Proposal = case.detail
    return {
        "stages": stages(case.post.state),
        "refusal": dict(forms.REFUSALS).get(proposal.refusal_reason, ""),
        "topic": dict(forms.TOPICS)[proposal.topic],
        "framing": worded(forms.FramingForm, ("cost", "affected", "invited"), proposal),
        "vote": worded(forms.VoteForm, ("voting_rule", "vote_until", "vote_place"), proposal),
        "count": count(proposal),
        "outcome": dict(forms.OUTCOMES).get(proposal.outcome, ""),
        "work": worded(forms.ExecuteForm, ("lead", "budget", "due_on"), proposal),
    }


def count(proposal: Proposal) -> list[tuple[Any, ...]]:
    """The figures of the signed record, a line for dwellings and one for floor area where that was counted."""
    lines: list[tuple[Any, ...]] = [
        (_("Dwellings"), proposal.dwellings, proposal.dwellings_voting, proposal.dwellings_for)
    ]
    if proposal.area is not None:
        areas = (proposal.area, proposal.area_voting, proposal.area_for)
        lines.append((_("Area, m²"), *(_plain(area) for area in areas)))
    return lines


def _plain(area: Decimal | None) -> str:
    return "" if area is None else f"{area:,.2f}".rstrip("0").rstrip(".")
