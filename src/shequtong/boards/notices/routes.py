"""A notice as a sheet of paper for the board at the gate."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import Request
from starlette.responses import Response

from shequtong.core.posts.addressing import address, on_post
from shequtong.core.posts.policy import Case
from shequtong.lib.errors import NotFound
from shequtong.lib.web import page
from shequtong.lib.web import router as pages

router = pages()


@router.get("/c/{code}/{board}/{post_id}/poster")
def show_poster(request: Request, case: Annotated[Case, on_post("show")]) -> Response:
    """A notice in large print, with the code that leads a telephone to it."""
    if case.board.slug != "notices":
        raise NotFound
    target = request.app.state.settings.base_url.rstrip("/") + address(case.post)
    return page(
        request,
        "boards/notices/poster.html",
        board=case.board,
        post=case.post,
        detail=case.detail,
        shown=request.state.shown,
        community=case.community,
        target=target,
        code=segno.make(target, error="m", micro=False).svg_data_uri(scale=6, border=2),
    )
