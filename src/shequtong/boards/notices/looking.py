"""What the committee reads on a notice beside its text: who wrote it, who let it out, and what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from shequtong.boards.notices.publishing import second_look
from shequtong.core.communities.standing import STAFF
from shequtong.core.communities.standings import holders
from shequtong.core.identity.models import Account
from shequtong.core.posts.policy import Case
from shequtong.lib.differences import between

RELEASES = ("publish", "ask_to_confirm", "open_for_objections", "schedule")

_NAME = select(Account.name).where(Account.id == bindparam("id"))


def both(session: Session, case: Case) -> dict[str, Any]:
    """For staff: who proposed a correction and what it would change; whether somebody `else_here` could take the
    second look that a notice of their own waits for."""
    found: dict[str, Any] = {"proposed_by": "", "would_change": [], "two": False, "else_here": True}
    if not case.here.staff:
        return found
    if proposed := case.detail.proposed:
        found["proposed_by"] = session.scalar(_NAME, {"id": proposed["by_id"]})
        found["would_change"] = between(case.post.body, proposed["body"])
    mine = case.post.author_id == case.actor.id
    found["two"] = mine and case.post.state in ("draft", "review") and second_look(case)
    if found["two"]:
        found["else_here"] = len(holders(session, case.post.code, STAFF)) > 1
    return found


def released(case: Case, timeline: Sequence[Any]) -> Any:
    """For staff: the line of the record that says who let it go out; None while nobody has."""
    let_out = (row for row in reversed(timeline) if row.what == "move" and row.name in RELEASES)
    return next(let_out, None) if case.here.staff and case.detail.released_by_id else None
