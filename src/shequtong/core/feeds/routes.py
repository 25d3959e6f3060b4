"""A neighbour's page, what one follows, and the buttons to follow places."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import Depends, Request
from starlette.responses import Response

from shequtong.core.communities.addressing import Entered
from shequtong.core.communities.places import buildings, own_communities
from shequtong.core.communities.visiting import Visit
from shequtong.core.feeds import queries, weekly
from shequtong.core.feeds.duties import duties_of
from shequtong.core.feeds.gathering import gather
from shequtong.core.feeds.reading import items
from shequtong.core.follows import following
from shequtong.core.follows import queries as follows
from shequtong.core.follows.addressing import Acquainted
from shequtong.core.follows.routes import answer, somebody_in
from shequtong.core.posts.addressing import on_board
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS, named, rooms_of
from shequtong.lib import clock
from shequtong.lib.errors import Forbidden, SignInNeeded
from shequtong.lib.web import Db, Submitted, page, permission, see_other, signed_in
from shequtong.lib.web import router as pages

router = pages()


@permission("member")
async def member_page(visit: Entered) -> Visit:
    if not visit.here.member:
        raise Forbidden if visit.signed_in else SignInNeeded
    return visit


SignedIn = Annotated[Visit, Depends(signed_in)]


@router.get("/home")
def show_home(request: Request, visit: SignedIn, db: Db, cursor: str | None = None) -> Response:
    """What is new with whom and what this person follows."""
    own = own_communities(db, visit)
    posts = gather(db, visit.actor, [community.code for community in own], cursor)
    return page(
        request,
        "feeds/home.html",
        block="feed",
        own=own,
        duties=duties_of(db, visit.actor, own),
        posts=items(posts.rows, visit.actor, own),
        more=posts.next,
    )


@router.get("/c/{code}/weekly")
def show_weekly(request: Request, visit: Annotated[Visit, Depends(member_page)], db: Db) -> Response:
    """What was new in seven days, on one sheet of paper for the gate."""
    community = visit.community
    target = f"{request.app.state.settings.base_url.rstrip('/')}/c/{community.code}"
    return page(
        request,
        "feeds/weekly.html",
        community=community,
        columns=weekly.columns(db, community.code, rooms_of(community)),
        since=clock.now() - weekly.WEEK,
        until=clock.now(),
        target=target,
        picture=segno.make(target, error="m", micro=False).svg_data_uri(scale=5, border=2),
    )


@router.get("/u/{account_id}")
def show_person(
    request: Request, person: Acquainted, visit: SignedIn, db: Db, cursor: str | None = None
) -> Response:
    """Somebody as their neighbours may see them, and what they wrote."""
    own = own_communities(db, visit)
    posts = queries.posts_by(db, person.id, visit.actor, cursor)
    return page(
        request,
        "feeds/person.html",
        block="posts",
        person=person,
        posts=items(posts.items, visit.actor, own),
        more=posts.next,
    )


@router.get("/me/follows")
def show_follows(request: Request, visit: SignedIn, db: Db, cursor: str | None = None) -> Response:
    """Everything I follow, whom I have muted or blocked, each with a button to end it."""
    own_communities(db, visit)
    me = visit.actor.id or 0
    return page(
        request,
        "feeds/follows.html",
        block="followed_posts",
        people=follows.followed_people(db, me),
        boards=[
            (c.code, c.name, named(ROOMS[s], c)) for c, s in follows.followed_boards(db, me) if s in ROOMS
        ],
        buildings=follows.followed_buildings(db, me),
        committees=follows.followed_committees(db, me),
        muted=follows.muted_people(db, me),
        posts=queries.followed_posts(db, visit.actor, cursor),
    )


@router.post("/me/follows/{post_id}")
def forget_post(visit: SignedIn, post_id: int, _sent: Submitted, db: Db) -> Response:
    """End following a post, also one that cannot be read any more."""
    following.unfollow(db, visit.actor.id or 0, "post", post_id)
    return see_other("/me/follows")


@router.get("/c/{code}/following")
def choose_what_to_follow(
    request: Request, visit: Annotated[Visit, Depends(somebody_in)], db: Db
) -> Response:
    """A community, its boards and its buildings, each with a button to follow it."""
    community = visit.community
    return page(
        request,
        "feeds/following.html",
        community=community,
        boards=rooms_of(community),
        buildings=buildings(db, community.code) if visit.here.member else [],
        followed=follows.followed_places(db, visit.actor.id or 0),
    )


@router.post("/c/{code}/{board}/follow")
def follow_board(
    request: Request, case: Annotated[Case, on_board("list")], sent: Submitted, db: Db
) -> Response:
    """Read in one's feed what is posted on a board, as far as one may read it there."""
    if not case.actor.signed_in:
        raise SignInNeeded
    act = following.unfollow if sent.get("undo") else following.follow_by_choice
    act(db, case.actor.id or 0, "board", f"{case.community.code}/{case.board.slug}")
    return answer(request, sent, f"/c/{case.community.code}/{case.board.slug}")
