"""The page of a search."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from starlette.responses import Response

from shequtong.core.communities.standing import Standing
from shequtong.core.communities.visiting import Visit, find_community
from shequtong.core.posts.rooms import ROOMS
from shequtong.core.search import queries
from shequtong.core.search.marking import marked, sentence
from shequtong.core.search.queries import LAST_PAGE, Place
from shequtong.lib.bigrams import bigram_query, terms
from shequtong.lib.errors import NotFound
from shequtong.lib.pagination import Page
from shequtong.lib.web import Db, page, public
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
        rooms=ROOMS,
        found=_find(db, visit, among, q, board, what, number),
        marked=lambda text: marked(text, terms(q)),
        sentence=lambda body, excerpt="": sentence(body, terms(q), excerpt),
    )


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
    phrases = bigram_query(q)
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
