"""A poll in words: who answers, until when, and who may read its results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from shequtong.core.polls import queries
from shequtong.core.polls.answering import unit_of
from shequtong.core.polls.closing import is_over
from shequtong.core.posts.policy import Case, allows
from shequtong.lib.i18n import lazy_gettext as _l

TENURES = {"owner": _l("Owners"), "tenant": _l("Tenants"), "family": _l("Family"), "": _l("Others")}


def panel(session: Session, case: Case) -> Mapping[str, Any]:
    """What the page of a post shows of its poll."""
    poll = queries.one(session, case.post.id)
    return {"poll": poll, **around(session, case, poll)} if poll is not None else {}


def around(session: Session, case: Case, poll: Any) -> dict[str, Any]:
    """What all pages of a poll know: whether it is over, my own sheet, and what I may do."""
    unit = unit_of(poll, case.actor, case.here) if poll.state != "draft" else ""
    mine = queries.sheet(session, case.post.id, unit, case.actor.id) if unit else None
    over = is_over(poll)
    return {
        "over": over,
        "mine": mine,
        "may_plan": allows(case, "plan"),
        "may_answer": poll.state == "open" and not over and bool(unit) and allows(case, "answer_poll"),
        "results_shown": poll.state != "draft"
        and case.here.member
        and (over or (poll.shows == "answered" and mine is not None)),
    }
