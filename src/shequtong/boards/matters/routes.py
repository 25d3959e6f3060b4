"""What is open already: while somebody types, and on the plan of a compound."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from shequtong.boards.matters import pins
from shequtong.boards.matters.board import OPEN, Matters
from shequtong.core.media import plans
from shequtong.core.posts.addressing import on_board
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib.errors import NotFound
from shequtong.lib.web import Db, page
from shequtong.lib.web import router as pages

router = pages()


@router.get("/c/{code}/{board}/similar")
def show_similar(
    request: Request,
    case: Annotated[Case, on_board("create")],
    db: Db,
    title: Annotated[str, Query(max_length=200)] = "",
    category: Annotated[str, Query(max_length=20)] = "",
    building_id: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Open matters like what is being typed, for whoever may report one."""
    if not isinstance(case.board, Matters):
        raise NotFound
    found = case.board.similar(db, case, title, category, building_id)
    return page(
        request,
        "boards/matters/similar.html",
        board=case.board,
        community=case.community,
        similar=found,
    )


@router.get("/c/{code}/{board}/plan")
def show_plan(
    request: Request,
    case: Annotated[Case, on_board("read")],
    db: Db,
    compound: Annotated[str, Query(max_length=18)] = "",
) -> Response:
    """Open matters on the plan of a compound, and the same as a list."""
    if not isinstance(case.board, Matters):
        raise NotFound
    drawn = plans.plans(db, case.community.code)
    chosen = next((plan for plan in drawn if str(plan.compound_id) == compound), next(iter(drawn), None))
    found = pins.find_open(db, case, list(OPEN), chosen.compound_id) if chosen else []
    return page(
        request,
        "boards/matters/plan.html",
        board=case.board,
        community=case.community,
        boards=rooms_of(case.community),
        plans=drawn,
        chosen=chosen,
        pins=found,
    )
