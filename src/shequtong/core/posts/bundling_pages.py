"""Ticking several posts, and saying which one they become."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from shequtong.core.posts import bundling, queries
from shequtong.core.posts.addressing import address, on_board
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS, rooms_of
from shequtong.lib.errors import NotFound
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Bundling = Annotated[Case, on_board("bundle")]

HERE = "/c/{code}/{board}/bundle"


@router.get(HERE)
def choose_posts(request: Request, case: Bundling, db: Db) -> Response:
    """What neighbours told that may be one and the same, to be ticked."""
    return _choose(request, case, db)


@router.post(HERE)
def gather_posts(request: Request, case: Bundling, sent: Submitted, db: Db) -> Response:
    """Lead those that were ticked to one post, or to the form for a new one."""
    chosen = [one for one in map(number, sent.getlist("post")) if one]
    if not chosen:
        return _choose(request, case, db, wrong=_("Tick at least one"), status=422)
    before = bundling.parents(db, case, chosen)
    into = number(sent.get("into"))
    if not into:
        return see_other(
            f"/c/{case.community.code}/{case.board.slug}/new?{urlencode([('from', n) for n in chosen])}"
        )
    child = queries.find_anywhere(db, into, case.community.code, case.actor, case.here)
    if child is None or child.board != case.board.slug:
        raise NotFound
    bundling.gather(db, before, child)
    return see_other(address(child, case.community.code))


def _choose(request: Request, case: Case, db: Any, wrong: Any = "", status: int = 200) -> Response:
    return page(
        request,
        "posts/bundle.html",
        status=status,
        posts=bundling.offered(db, case),
        targets=bundling.targets(db, case),
        wrong=wrong,
        rooms=ROOMS,
        case=case,
        board=case.board,
        community=case.community,
        boards=rooms_of(case.community),
    )
