"""The inbox."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from shequtong.core.communities.visiting import Visit
from shequtong.core.notifications import queries, telling
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib.errors import NotFound
from shequtong.lib.web import Db, Submitted, page, see_other, signed_in
from shequtong.lib.web import router as pages

router = pages()

Signed = Annotated[Visit, Depends(signed_in)]

ELSEWHERE = {
    "applied": "/c/{code}/joins",
    "applied_household": "/me/household",
    "joined": "/c/{code}",
    "refused": "/me/household",
    "ended": "/me/household",
    "represents": "/me/household",
    "appointed": "/me",
    "office_ended": "/me",
    "overdue_private": "/c/{code}/duties",
    "covenant": "/c/{code}/covenant",
    "covenant_review": "/c/{code}/covenant/{note}",
}
"""Where a notification leads that is about no post."""

GATHERINGS = ("gathering_changed", "gathering_cancelled", "place_found", "gathering_soon", "gathering_missed")
"""What leads to the page of a gathering."""


@router.get("/inbox")
def show_inbox(request: Request, visit: Signed, db: Db, cursor: str | None = None) -> Response:
    """What this person was told, newest first."""
    told = queries.inbox(db, visit.actor, cursor)
    readable = {row.id for row in told.items if queries.still_readable(visit.actor, row)}
    return page(request, "notifications/inbox.html", block="inbox", told=told, readable=readable, rooms=ROOMS)


@router.post("/inbox/read")
def read_all(visit: Signed, _sent: Submitted, db: Db) -> Response:
    """Mark everything read."""
    telling.mark_read(db, visit.actor.id or 0)
    return see_other("/inbox")


@router.post("/inbox/{notification_id}/open")
def open_one(visit: Signed, notification_id: int, _sent: Submitted, db: Db) -> Response:
    """Mark one read, and go to what it is about."""
    found = queries.find(db, visit.actor.id or 0, notification_id)
    if found is None:
        raise NotFound
    telling.mark_read(db, visit.actor.id or 0, notification_id)
    return see_other(_address(found.Notification, found.board))


def _address(told: Any, board: str | None) -> str:
    if board is None:
        return ELSEWHERE.get(told.kind, "/c/{code}").format(code=told.code, note=told.note)
    post = f"/c/{told.code}/{board}/{told.post_id}"
    if told.kind in ("held", "appeal"):
        return f"/c/{told.code}/desk"
    if told.kind in GATHERINGS:
        return f"{post}/gathering"
    if told.kind == "poll_closed":
        return f"{post}/poll"
    if told.kind in ("decided", "appeal_decided"):
        return f"{post}/moderation"
    return f"{post}#comment-{told.comment_id}" if told.comment_id else post
