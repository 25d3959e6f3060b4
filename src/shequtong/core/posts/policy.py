"""Who may do what with posts: one table, read aloud. A board's `rules` replace lines of it.

Deny by default: an action that is not in the table is nobody's. What a person cannot see is not here: they
never load it (`queries.visible`), so missing and forbidden look alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shequtong.lib.policy import Rule, anyone, nobody

if TYPE_CHECKING:
    from shequtong.core.communities.standing import Standing
    from shequtong.core.identity.actor import Actor
    from shequtong.core.posts.board import Board


@dataclass(slots=True)
class Case:
    """What a rule judges: this actor, with this standing, at this board, perhaps with this post."""

    actor: Actor
    here: Standing
    board: Board
    community: Any
    post: Any = None
    detail: Any = None
    parts: frozenset[str] = frozenset()
    """The names of what this actor takes part in here, and "follow" for who follows the post."""


AS_NEIGHBOURS = ("", "lead")
"""Author's roles in which somebody speaks as a neighbour among neighbours, not for an office."""


def holds(*names: str) -> Rule:
    """Somebody who holds one of these roles here."""
    return Rule(" or ".join(names), lambda case: case.here.is_any(*names))


def in_state(*names: str) -> Rule:
    """The post rests in one of these states."""
    return Rule(f"state {' or '.join(names)}", lambda case: case.post.state in names)


def of_kind(*names: str) -> Rule:
    """The post is of one of these kinds."""
    return Rule(f"kind {' or '.join(names)}", lambda case: case.post.kind in names)


def at_level(*names: str) -> Rule:
    """The page stands in a division of one of these levels."""
    return Rule(f"at a {' or '.join(names)}", lambda case: case.community.level in names)


resident = holds("resident")
staff = holds("clerk", "secretary")
secretary = holds("secretary")
lead = holds("lead")
officer = holds("street", "district")
expert = holds("police", "doctor", "lawyer")
partner = holds("property", "owners_committee", "organisation", "party_branch")
member = Rule("member", lambda case: case.here.member)
suspended = holds("suspended")
active = member & ~suspended
observing = Rule(
    "observing officer",
    lambda case: (
        case.here.observer and not case.here.is_any("resident", "clerk", "secretary") and not handed_up(case)
    ),
)
author = Rule("author", lambda case: case.post is not None and case.post.author_id == case.actor.id)
assignee = Rule(
    "assignee",
    lambda case: case.post is not None and case.post.assignee_id == case.actor.id and case.here.serves,
)
deputy = Rule(
    "deputy",
    lambda case: case.post is not None and case.post.deputy_id == case.actor.id and case.here.serves,
)
handler = Rule("handler", lambda case: bool(case.post.handler) and case.here.is_any(case.post.handler))
concerned = Rule(
    "follows it or has the same trouble", lambda case: not case.parts.isdisjoint({"me_too", "follow"})
)
lead_there = Rule(
    "lead of that building",
    lambda case: case.post is not None and case.post.building_id in case.here.leads,
)
ours = Rule("posted here", lambda case: case.post.code == case.community.code)
clear = Rule("not held or hidden", lambda case: case.post.moderation == "clear")
still_open = Rule("open", lambda case: case.board.workflow.state(case.post.state).is_open)
in_that_office = Rule(
    "as a neighbour, or still in the office in which it was written",
    lambda case: case.post.author_role in AS_NEIGHBOURS or case.here.is_any(case.post.author_role),
)
host = (author & active & ~observing & in_that_office | staff) & ours
growing = Rule("a board that grows from others", lambda case: bool(case.board.grows_from))
untouched = Rule("nobody has answered", lambda case: case.post.comment_count == 0)


RAISED = {"street": ("street",), "district": ("street", "district")}
"""Officers who may act on a post, by the office up to which its lateness was told."""


def handed_up(case: Case) -> bool:
    """Was the committee's silence on this post told to the office that this officer holds? (product rule 4)"""
    return case.post is not None and case.here.is_any(*RAISED.get(case.post.raised, ()))


def reads(post: Any, account_id: int | None, here: Standing) -> bool:
    """May this person read this post? The same answer as `queries.visible`, for a row that is at hand."""
    if post.author_id == account_id:
        return True
    if post.moderation != "clear" and not here.staff:
        return False
    if post.audience == "parties":
        handling = bool(post.handler) and here.is_any(post.handler)
        return here.staff or handling or (here.serves and account_id in (post.assignee_id, post.deputy_id))
    if post.audience == "building":
        return here.staff or post.building_id in here.buildings
    return post.audience == "public" or here.member


TABLE: Mapping[str, Rule] = {
    "list": anyone,
    "show": anyone,
    "history": anyone,
    "objections": anyone,
    "create": resident,
    "comment": active & ~observing & clear,
    "react": active & ~observing & clear,
    "follow": member,
    "read": member,
    "report": active & ~author & ~observing,
    "edit": author & still_open,
    "delete": author,
    "pin": staff & ours,
    "link": (author | staff) & ours & clear,
    "bundle": staff & growing,
    "vote": resident | suspended,  # who may not write for a while keeps the vote: it is the dwelling's
    "count": staff & ours,
    "plan": host,
    "sign_up": active & ~observing & clear,
    "check_in": host,
    "answer_poll": resident,
}


def allows(case: Case, action: str) -> bool:
    """Does the table, with this board's own lines, allow the action in this case?"""
    return case.board.rules.get(action, TABLE.get(action, nobody))(case)
