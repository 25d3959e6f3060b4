"""A proposal's stages and figures in words, for its page."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from shequtong.boards.hall import arguing, forms, judging, queries
from shequtong.boards.hall.models import Consensus, Proposal
from shequtong.core.ballots import queries as ballots
from shequtong.core.ballots import showing as ballots_showing
from shequtong.core.communities import places
from shequtong.core.communities.forms import KINDS
from shequtong.core.posts import objecting
from shequtong.core.posts.policy import Case
from shequtong.lib import clock, dates
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


DISCUSSED = (*(name for name, _label in PATH[3:]), "rejected", "no_quorum", "reopened", "reviewed")
"""States of a proposal that is or was discussed."""


def said(session: Session, case: Case) -> tuple[Any, list[arguing.Option]]:
    """How much members have said, and the options with their reasons; nothing before a discussion.

    Once a vote was opened nothing is added any more, and nobody counts.
    """
    if case.post.state not in DISCUSSED or case.detail.rounds or not case.here.member:
        return None, []
    counts, reasons = queries.overview(session, case, *arguing.SIDES)
    return counts, arguing.sorted_out(case, reasons)


CAMPS = "ABCDE"
SIDES = {
    "agree": (_l("most agree"), "good"),
    "disagree": (_l("most disagree"), "bad"),
    "mixed": (_l("opinions differ"), "neutral"),
}
"""What a group thinks of a statement, in words, and how they look."""


def consensus(session: Session, case: Case) -> dict[str, Any]:
    """What was worked out last, with the words of its statements; empty when too few have answered."""
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


def framing(session: Session, case: Case) -> list[tuple[Any, Any]]:
    """What it costs, whom and which places it affects, who is invited to speak."""
    proposal: Proposal = case.detail
    told = worded(forms.FramingForm, ("cost", "affected"), proposal)
    if proposal.affected_places:
        named = dict(places.scopes(session, case.post.code))
        told.append(
            (_("Affected places"), "、".join(named[key] for key in proposal.affected_places if key in named))
        )
    if proposal.invited_offices:
        offices = dict(forms.INVITED)
        told.append((_("Invited"), "、".join(str(offices[office]) for office in proposal.invited_offices)))
    return [*told, *worded(forms.FramingForm, ("invited",), proposal)]


COURSE = {
    "proposed": (
        _l("Neighbours co-sign; then the committee decides within 5 days whether it is discussed"),
        _l("Accepted for discussion, or refused with a listed reason"),
        _l("With co-signers of fewer than two buildings after 14 days it lapses"),
    ),
    "refused": (
        _l("The proposer may ask for another decision, once"),
        _l("Somebody else than who refused it decides"),
        _l("It stays refused"),
    ),
    "screened": (
        _l("The committee sets out options, cost and whom it affects"),
        _l("Discussion among neighbours"),
        _l("It waits on the committee's desk"),
    ),
    "framing": (
        _l("The options are being worked out"),
        _l("Discussion among neighbours"),
        _l("It waits on the committee's desk"),
    ),
    "discussing": (
        _l("Everybody says what they think and answers others"),
        _l("The committee writes the text"),
        _l("The discussion goes on until the committee closes it"),
    ),
    "drafting": (
        _l("The text that is voted on is being written"),
        _l("The text is public for 7 days or more"),
        _l("It waits on the committee's desk"),
    ),
    "notice": (
        _l("Everybody reads the text; whoever is against it objects"),
        _l("The committee answers each objection, then households vote"),
        _l("An answer that is late is shown as overdue, and told to the street; no vote can open before it"),
    ),
    "voting": (
        _l("Each household casts its ballot"),
        _l("The ballots are counted"),
        _l("When too few take part, there may be one more vote"),
    ),
    "no_quorum": (
        _l("Too few took part in the vote"),
        _l("One more vote, if there was only one"),
        _l("Nothing is decided"),
    ),
    "adopted": (
        _l("It is decided"),
        _l("Somebody carries it out"),
        _l("It waits on the committee's desk"),
    ),
    "executing": (
        _l("It is being done"),
        _l("Residents judge what was done"),
        _l("A day that has passed is shown as overdue"),
    ),
    "delivered": (
        _l("The homes that it affects judge what was done, for 14 days"),
        _l("What they said is shown; after half a year the committee looks at it again"),
        _l("The time to judge ends by itself"),
    ),
    "rated": (
        _l("The homes have judged what was done"),
        _l("After half a year the lead and the committee are told to look at it again"),
        _l("It stays as it is"),
    ),
    "reopened": (
        _l("Residents say that it is not done"),
        _l("The work goes on"),
        _l("It waits on the committee's desk"),
    ),
}
"""What happens at a stage, what comes next, and what comes of silence."""


def course(case: Case, rounds: list[Any]) -> list[tuple[Any, Any]]:
    """Where a proposal stands, in sentences; nothing where its way is over."""
    if case.post.state not in COURSE:
        return []
    now, then, silence = COURSE[case.post.state]
    last = until(case, rounds)
    return [
        (_("At this stage"), now),
        *([(_("Until"), last)] if last else []),
        *(
            [(_("An objection is to be answered by"), answer)]
            if (answer := objecting.answer_due(case))
            else []
        ),
        (_("Comes next"), then),
        (_("If nothing happens"), silence),
    ]


def until(case: Case, rounds: list[Any]) -> Any:
    """The last moment of the present stage, where it has one; overdue when that has passed."""
    proposal: Proposal = case.detail
    state, post = case.post.state, case.post
    if state == "proposed":
        owed = post.owed_at if post.owed else None
        return _or_overdue(dates.when(owed), owed < clock.now()) if owed else dates.when(post.due_at)
    if state == "notice" and proposal.objections_until:
        return dates.day(proposal.objections_until)
    if state == "voting" and rounds:
        return dates.when(rounds[0].closes_at)
    if state == "delivered":
        return dates.when(post.due_at) if post.due_at else ""
    if state == "rated" and proposal.review_on:
        return dates.day(proposal.review_on)
    if state == "executing" and proposal.due_on:
        return _or_overdue(dates.day(proposal.due_on), proposal.due_on < clock.today())
    return ""


def _or_overdue(words: Any, late: bool) -> Any:
    return _("%(moment)s, overdue", moment=words) if late else words


def work(proposal: Proposal) -> list[tuple[Any, Any]]:
    """Who does it by when, in words."""
    if proposal.referred_to:
        return worded(forms.ReferForm, ("referred_to", "due_on"), proposal)
    return worded(forms.ExecuteForm, ("lead", "budget", "funder", "due_on"), proposal)


def became(case: Case) -> list[tuple[Any, str]]:
    """What the topic led to besides other posts, at the end of its line: (words, where)."""
    proposal: Proposal = case.detail
    here = f"/c/{case.community.code}"
    if proposal.article:
        words = _("Article %(number)s of the covenant", number=proposal.article)
        return [(words, f"{here}/covenant/{proposal.article}")]
    if proposal.referred_to:
        return [(_("Handed to %(name)s", name=proposal.referred_to), "")]
    return [(_("The project"), f"{here}/hall/{case.post.id}/project")] if proposal.lead else []


def page(session: Session, case: Case) -> dict[str, Any]:
    """What the template shows beside the proposal's own columns."""
    proposal: Proposal = case.detail
    rounds = ballots.rounds(session, case.post.id, case.post.code, case.actor.id) if proposal.rounds else []
    counts, options = said(session, case)
    return {
        "stages": stages(case.post.state),
        "refusal": dict(forms.REFUSALS).get(proposal.refusal_reason, ""),
        "topic": dict(forms.TOPICS)[proposal.topic],
        "framing": framing(session, case),
        "options": options,
        "course": course(case, rounds),
        "said": counts,
        "discussed": case.post.state in DISCUSSED and case.here.member,
        "rounds": rounds,
        "ballots": ballots_showing,
        "outcome": dict(forms.OUTCOMES).get(proposal.outcome, ""),
        "work": work(proposal),
        "verdict": judging.verdict(proposal),
        "became": became(case),
    }
