"""Following, muting and blocking by a button; and who my neighbours are."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from shequtong.core.communities.addressing import Entered
from shequtong.core.communities.models import Building
from shequtong.core.communities.places import own_communities
from shequtong.core.communities.visiting import Visit
from shequtong.core.follows import following, muting, queries
from shequtong.core.follows.addressing import Acquainted
from shequtong.core.follows.queries import Person
from shequtong.lib.errors import Conflict, NotFound, SignInNeeded
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, is_fragment, local_path, page, permission, see_other, signed_in
from shequtong.lib.web import router as pages

router = pages()

SignedIn = Annotated[Visit, Depends(signed_in)]


@permission("signed in, in a community")
async def somebody_in(visit: Entered) -> Visit:
    if not visit.signed_in:
        raise SignInNeeded
    return visit


@permission("member")
async def member_in(visit: Entered) -> Visit:
    if not visit.here.member:
        raise SignInNeeded if not visit.signed_in else NotFound
    return visit


@router.post("/u/{account_id}/follow")
def follow_person(request: Request, person: Acquainted, visit: SignedIn, sent: Submitted, db: Db) -> Response:
    """Read in one's feed what somebody writes, or no longer (`undo`)."""
    me = _me(visit, person)
    if sent.get("undo"):
        following.unfollow(db, me, "person", person.id)
    elif person.blocked:
        raise Conflict(_("You have blocked this neighbour. Unblock them first."))
    else:
        muting.unmute(db, me, person.id)
        following.follow_by_choice(db, me, "person", person.id)
    return answer(request, sent, f"/u/{person.id}")


@router.post("/u/{account_id}/mute")
def mute_person(person: Acquainted, visit: SignedIn, sent: Submitted, db: Db) -> Response:
    """See nothing more of somebody, or see them again (`undo`)."""
    me = _me(visit, person)
    if not sent.get("undo"):
        muting.mute(db, me, person.id)
    elif not person.blocked:
        muting.unmute(db, me, person.id)
    return see_other(_back(sent, f"/u/{person.id}"))


@router.post("/u/{account_id}/block")
def block_person(person: Acquainted, visit: SignedIn, sent: Submitted, db: Db) -> Response:
    """Keep somebody from reading and answering what one writes, or no longer (`undo`)."""
    act = muting.unmute if sent.get("undo") else muting.block
    act(db, _me(visit, person), person.id)
    return see_other(_back(sent, f"/u/{person.id}"))


@router.post("/me/mutes/{account_id}", name="unmute_anybody")
def hear_again(account_id: int, visit: SignedIn, sent: Submitted, db: Db) -> Response:
    """End a mute or a block, also of somebody one shares no community with any more."""
    muting.unmute(db, visit.actor.id or 0, account_id)
    return see_other(_back(sent, "/me/follows"))


@router.post("/c/{code}/follow")
def follow_committee(
    request: Request, visit: Annotated[Visit, Depends(somebody_in)], sent: Submitted, db: Db
) -> Response:
    """Read in one's feed what is posted in a community, as far as one may read it there."""
    _switch(db, visit, sent, "committee", visit.community.code)
    return answer(request, sent, f"/c/{visit.community.code}")


@router.post("/c/{code}/buildings/{building_id}/follow")
def follow_building(
    request: Request,
    visit: Annotated[Visit, Depends(member_in)],
    building_id: int,
    sent: Submitted,
    db: Db,
) -> Response:
    """Read in one's feed what is about a building of one's own community."""
    building = db.get(Building, building_id) if 0 < building_id < 2**63 else None
    if building is None or building.code != visit.community.code:
        raise NotFound
    _switch(db, visit, sent, "building", building_id)
    return answer(request, sent, f"/c/{visit.community.code}/following")


@router.get("/me/neighbours")
def show_neighbours(
    request: Request,
    visit: SignedIn,
    db: Db,
    building: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    before: Annotated[int | None, Query(ge=1, lt=2**62)] = None,
) -> Response:
    """The people of my building, of my compound's other buildings, and those I follow who follow me."""
    own_communities(db, visit)
    buildings = queries.my_buildings(db, visit.actor)
    chosen = next((b for b in buildings if b.id == building), None) if building else None
    if building and chosen is None:
        raise NotFound
    chosen = chosen or next(iter(buildings), None)
    people, more = queries.people_of(db, chosen.id, visit.actor, before) if chosen else ([], None)
    return page(
        request,
        "follows/neighbours.html",
        block="people",
        buildings=buildings,
        chosen=chosen,
        people=people,
        more=more,
        mutual=queries.mutual_follows(db, visit.actor),
    )


def answer(request: Request, sent: Any, otherwise: str) -> Response:
    """Back to the page of the button; HTMX gets the button alone, as it stands now."""
    if is_fragment(request):
        return page(
            request,
            "follows/button.html",
            block="button",
            action=request.url.path,
            following=not sent.get("undo"),
            back=_back(sent, otherwise),
        )
    return see_other(_back(sent, otherwise))


def _back(sent: Any, otherwise: str) -> str:
    return local_path(str(sent.get("next") or ""), otherwise)


def _switch(db: Session, visit: Visit, sent: Any, kind: str, target: object) -> None:
    act = following.unfollow if sent.get("undo") else following.follow_by_choice
    act(db, visit.actor.id or 0, kind, target)


def _me(visit: Visit, person: Person) -> int:
    if visit.actor.id == person.id:
        raise Conflict(_("This is yourself."))
    return visit.actor.id or 0
