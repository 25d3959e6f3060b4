"""From an address to a case: which community, which board, which post, and may this visitor do that there.

`on_board("create")` and `on_post("comment")` are dependencies; a route that has one is decided by the
permission table. What a visitor may not see is answered like what does not exist (A2).
"""

from __future__ import annotations

from typing import Any

from fastapi import Depends, Request

from shequtong.core.communities.addressing import Entered as Entered
from shequtong.core.communities.addressing import community_page as community_page
from shequtong.core.communities.addressing import here as here
from shequtong.core.posts import queries
from shequtong.core.posts.policy import Case, allows
from shequtong.core.posts.rooms import ROOMS, is_open, named
from shequtong.lib.errors import Forbidden, NotFound, SignInNeeded
from shequtong.lib.web import Db, permission, placed


def on_board(action: str) -> Any:
    """A dependency: the case of a board of the address, when the table allows `action`."""

    @permission(f"board: {action}")
    async def decide(board: str, visit: Entered) -> Case:
        room = ROOMS.get(board)
        if room is None or not is_open(room, visit.community):
            raise NotFound
        room = named(room, visit.community)
        return judge(Case(visit.actor, visit.here, room, visit.community), action)

    return Depends(decide)


def on_post(action: str) -> Any:
    """A dependency: the case of a post of the address, when this visitor sees it and may do `action`."""

    @permission(f"post: {action}")
    async def decide(request: Request, board: str, post_id: int, visit: Entered, db: Db) -> Case:
        room = ROOMS.get(board)
        if room is None or not is_open(room, visit.community) or not 0 < post_id < 2**63:
            raise NotFound
        shown = await placed(queries.show, db, room, post_id, visit.community.code, visit.actor, visit.here)
        if shown is None:
            raise NotFound if visit.signed_in else SignInNeeded
        request.state.shown = shown
        room = named(room, visit.community)
        case = Case(visit.actor, visit.here, room, visit.community, shown.post, shown.detail, shown.parts)
        return judge(case, action)

    return Depends(decide)


def judge(case: Case, action: str) -> Case:
    """The case, when the table allows the action; else sign in first, or Forbidden."""
    if allows(case, action):
        return case
    raise Forbidden if case.actor.signed_in else SignInNeeded


def address(post: Any, code: str | None = None) -> str:
    """Where a post is shown; a post from above is shown inside the reader's own community."""
    return f"/c/{code or post.code}/{post.board}/{post.id}"
