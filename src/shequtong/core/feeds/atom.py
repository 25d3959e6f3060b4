"""A board as other programs read it (Atom, RFC 4287): what somebody sees who has not signed in, whoever asks."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import VISITOR
from shequtong.core.posts import queries
from shequtong.core.posts.addressing import on_board
from shequtong.core.posts.board import Board
from shequtong.core.posts.policy import Case
from shequtong.lib import clock, i18n
from shequtong.lib.errors import NotFound
from shequtong.lib.templates import environment, offer
from shequtong.lib.web import Db
from shequtong.lib.web import router as pages

MEDIA_TYPE = "application/atom+xml; charset=utf-8"

router = pages()


@router.get("/c/{code}/{board}.atom")
def follow_board(request: Request, case: Annotated[Case, on_board("list")], db: Db) -> Response:
    """What is new on a board that speaks to everybody. NotFound for boards of neighbours among themselves."""
    if not is_public(case.board):
        raise NotFound
    found = queries.board_page(db, case.board, case.community.code, VISITOR, Standing())
    posts = sorted(found.items, key=lambda row: (row.activity_at, row.id), reverse=True)
    written = (
        environment()
        .get_template("feeds/board.atom")
        .render(
            board=case.board,
            community=case.community,
            posts=posts,
            updated=posts[0].activity_at if posts else clock.now(),
            base=request.app.state.settings.base_url.rstrip("/"),
            language=i18n.current_locale(),
            iso=lambda moment: clock.local(moment).isoformat(timespec="seconds"),
        )
    )
    headers = {"Cache-Control": "max-age=300", "Vary": "Accept-Language"}
    return Response(written, media_type=MEDIA_TYPE, headers=headers)


@cache
def is_public(board: Board) -> bool:
    """Has it posts that somebody may read who has not signed in?"""
    return "public" in {board.audience, *(state.audience for state in board.workflow.states)}


offer("is_public", is_public)
