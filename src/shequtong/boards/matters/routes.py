"""What is open already, while somebody types."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from shequtong.boards.matters.board import Matters
from shequtong.core.posts.addressing import on_board
from shequtong.core.posts.policy import Case
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
