"""The days of a community on a page and as calendars, and one's own calendar at its secret address."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from shequtong.core.communities.standing import Standing
from shequtong.core.communities.visiting import Visit
from shequtong.core.gatherings import calendars, planning, queries, showing, signing_up, subscribing
from shequtong.core.identity.actor import VISITOR
from shequtong.core.posts.addressing import community_page
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case, allows
from shequtong.core.posts.rooms import ROOMS, is_open, rooms_of
from shequtong.lib import i18n
from shequtong.lib.errors import NotFound
from shequtong.lib.web import Db, Submitted, page, public, see_other, signed_in
from shequtong.lib.web import router as pages

router = pages()

Entered = Annotated[Visit, Depends(community_page)]
Signed = Annotated[Visit, Depends(signed_in)]
Anyone = Annotated[Visit, Depends(public)]


@router.get("/c/{code}/events")
def show_days(
    request: Request, visit: Entered, db: Db, cursor: str | None = None, past: bool = False
) -> Response:
    """What is to come in a community, day by day; or what is over."""
    community, boards = visit.community, rooms_of(visit.community)
    found = queries.days(
        db, community.code, visit.actor, visit.here, [b.slug for b in boards], past=past, cursor=cursor
    )
    cases = [
        Case(visit.actor, visit.here, board, community) for board in boards if planning.NAME in board.carries
    ]
    return page(
        request,
        "gatherings/days.html",
        block="days",
        community=community,
        boards=boards,
        rooms=ROOMS,
        found=found,
        days=showing.by_day(found.items),
        past=past,
        showing=showing,
        writable=[case.board for case in cases if allows(case, "create")],
    )


@router.get("/c/{code}/events.ics")
def follow_community(request: Request, visit: Entered, db: Db) -> Response:
    """A community's calendar for programs that subscribe to it: what is for everybody, whoever asks."""
    boards = [board.slug for board in rooms_of(visit.community)]
    rows = queries.calendar(db, visit.community.code, VISITOR, Standing(), boards)
    written = calendars.write(visit.community.name, rows, request.app.state.settings.base_url)
    return Response(written, media_type=calendars.MEDIA_TYPE, headers={"Cache-Control": "max-age=300"})


@router.get("/me/calendar")
def show_calendar(request: Request, visit: Signed, db: Db) -> Response:
    """What I have signed up for, and the address at which my calendar program reads it."""
    return _show(request, visit, db)


@router.post("/me/calendar")
def open_calendar(request: Request, visit: Signed, sent: Submitted, db: Db) -> Response:
    """Make a secret address, in the place of an earlier one, and show it this once; or close it (`undo`)."""
    if sent.get("undo"):
        subscribing.close_address(db, visit.actor.id or 0)
        return see_other("/me/calendar")
    token = subscribing.open_address(db, visit.actor.id or 0)
    return _show(request, visit, db, token)


@router.post("/me/calendar/{post_id}/leave")
def give_back(visit: Signed, post_id: int, _sent: Submitted, db: Db) -> Response:
    """Give one's place or number back, also of a gathering whose page one cannot open any more."""
    post = db.get(Post, post_id) if 0 < post_id < 2**63 else None
    if post is None:
        raise NotFound
    signing_up.step_out(db, post, visit.actor.id or 0)
    return see_other("/me/calendar")


@router.get("/calendar/{token}.ics")
def follow_own(request: Request, _visit: Anyone, token: str, db: Db) -> Response:
    """One person's calendar. Who knows the address reads it, until its owner closes it."""
    reader = subscribing.find_reader(db, token)
    if reader is None:
        raise NotFound
    settings = request.app.state.settings
    with i18n.speaking(i18n.negotiate(reader.locale, None, settings.locale)):
        written = calendars.write(i18n.gettext("My neighbourhood"), _own(db, reader), settings.base_url)
    return Response(written, media_type=calendars.MEDIA_TYPE, headers={"Cache-Control": "no-store"})


def _own(db: Any, reader: Any) -> list[Any]:
    return [row for row in queries.own_calendar(db, reader) if is_open(ROOMS[row.board], row)]


def _show(request: Request, visit: Visit, db: Any, token: str = "") -> Response:
    rows = [
        row for row in _own(db, visit.actor) if row.my_state in ("in", "waiting") and not showing.over(row)
    ]
    base_url = request.app.state.settings.base_url.rstrip("/")
    return page(
        request,
        "gatherings/mine.html",
        block="mine",
        days=showing.by_day(rows),
        rooms=ROOMS,
        showing=showing,
        opened=subscribing.find_address(db, visit.actor.id or 0),
        secret=f"{base_url}/calendar/{token}.ics" if token else "",
    )
