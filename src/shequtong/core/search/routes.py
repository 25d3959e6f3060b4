"""The page of a search."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from shequtong.core.communities.standing import Standing
from shequtong.core.communities.visiting import Visit, find_community
from shequtong.core.posts.rooms import ROOMS, named, rooms_in
from shequtong.core.search import queries
from shequtong.core.search.events import NothingFound
from shequtong.core.search.marking import marked, sentence
from shequtong.core.search.queries import LAST_PAGE, Place
from shequtong.lib.bigrams import bigram_query, terms
from shequtong.lib.errors import NotFound
from shequtong.lib.events import publish as tell
from shequtong.lib.pagination import Page
from shequtong.lib.synonyms import alternatives
from shequtong.lib.web import Db, Submitted, is_whole_page, page, public, signed_in
from shequtong.lib.web import router as pages

router = pages()

FEW = 3
"""Comments, and entries of the handbook, that are shown beside the posts."""

What = Literal["", "posts", "comments", "handbook"]


@router.get("/search")
def search(
    request: Request,
    visit: Annotated[Visit, Depends(public)],
    db: Db,
    q: str = "",
    code: Annotated[str, Query(alias="in")] = "",
    board: str = "",
    what: What = "",
    number: Annotated[int, Query(alias="page", ge=1, le=LAST_PAGE)] = 1,
) -> Response:
    """What holds these words, among what this visitor may see: in one community, or in all of theirs."""
    mine = queries.places(db, visit.actor)
    among = [_place(db, visit, code)] if code else mine
    found = _find(db, visit, among, q, board, what, number)
    in_vain = what == "handbook" or (not what and not found)  # who found posts may not have wanted a guide
    missed = in_vain and _is_missed(visit, among, board, found)
    if missed and is_whole_page(request):
        visit.notes.append(partial(_tell_missed, event=_missed(visit, among, q)))
    return page(
        request,
        "search/show.html",
        block="search_results",
        q=q,
        code=code,
        board=board,
        what=what,
        mine=mine,
        among=among,
        rooms=rooms_in(among[0].division) if len(among) == 1 else ROOMS,
        room=lambda hit: named(ROOMS[hit.row.board], hit.community),
        found=found,
        missed=missed and not is_whole_page(request),
        marked=lambda text: marked(text, terms(q)),
        sentence=lambda body, excerpt="": sentence(body, terms(q), excerpt),
    )


@router.post("/search")
def note_missed(visit: Annotated[Visit, Depends(signed_in)], sent: Submitted, db: Db) -> Response:
    """Somebody rests on a page that found no guide: its keepers hear of the words, and not of the person."""
    among = [_place(db, visit, str(sent.get("in") or ""))]
    q = str(sent.get("q") or "")
    if _is_missed(visit, among, "", _find(db, visit, among, q, "", "handbook", 1)):
        _tell_missed(db, event=_missed(visit, among, q))
    return Response(status_code=204)


def _is_missed(visit: Visit, among: list[Place], board: str, found: dict[str, Page[Any]] | None) -> bool:
    """Did somebody who belongs to one committee find no guide of it?"""
    here = among[0] if len(among) == 1 and not board else None
    return bool(
        found is not None
        and "handbook" not in found
        and here is not None
        and here.division.level == "committee"
        and here.here.member
    )


def _missed(visit: Visit, among: list[Place], q: str) -> NothingFound:
    return NothingFound(among[0].division.code, q, visit.actor.id or 0)


def _tell_missed(session: Session, *, event: NothingFound) -> None:
    tell(session, event)


def _place(db: Any, visit: Visit, code: str) -> Place:
    """The place that the address names; a visitor searches what is public there."""
    community = find_community(db, code)
    if community is None or community.ended_at is not None:
        raise NotFound
    visit.enter(community)
    return Place(community, Standing.of(visit.actor, code))


def _find(
    db: Any, visit: Visit, among: list[Place], q: str, board: str, what: str, number: int
) -> dict[str, Page[Any]] | None:
    """Pages by name, those that hold nothing left out; None when nothing was asked."""
    city = among[0].division.code[:2] if among else ""
    phrases = bigram_query(q, partial(alternatives, city=city))
    if not phrases:
        return None
    asked: dict[str, Any] = {"board": board or None, "number": number}
    few = asked if what else asked | {"size": FEW}
    found = {}
    if what in ("", "handbook"):
        found["handbook"] = queries.find_posts(db, visit.actor, among, phrases, handbook=True, **few)
    if what in ("", "posts"):
        found["posts"] = queries.find_posts(db, visit.actor, among, phrases, **asked)
    if what in ("", "comments"):
        found["comments"] = queries.find_comments(db, visit.actor, among, phrases, **few)
    return {name: hits for name, hits in found.items() if hits.items}
