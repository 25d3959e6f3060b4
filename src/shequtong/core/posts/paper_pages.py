"""A post as an office writes it on a sheet of A4, with the code that leads a telephone to it."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import Request
from starlette.responses import Response

from shequtong.core.posts.addressing import address, on_post
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.errors import NotFound
from shequtong.lib.web import page
from shequtong.lib.web import router as pages

router = pages()


@router.get("/c/{code}/{board}/{post_id}/paper")
def print_post(request: Request, case: Annotated[Case, on_post("show")]) -> Response:
    """The sheet of a post, on boards that have one and for posts that are ready for it."""
    if case.board.sheet is None or not case.board.sheet(case):
        raise NotFound
    here = address(case.post, case.community.code)
    return page(
        request,
        f"boards/{case.board.slug}/paper.html",
        post=case.post,
        detail=case.detail,
        board=case.board,
        community=case.community,
        shown=request.state.shown,
        back=here,
        today=clock.today(),
        code=code_of(request, here),
    )


def code_of(request: Request, path: str) -> dict[str, str]:
    """A code to scan, as a picture, with the address it leads to: the same for everybody who scans it."""
    target = request.app.state.settings.base_url.rstrip("/") + path
    return {
        "address": target,
        "picture": segno.make(target, error="m", micro=False).svg_data_uri(scale=6, border=2),
    }
