"""The notice on privacy, for everybody, and nothing but what the register says."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from shequtong.core.privacy.register import GROUNDS, REGISTER, SEEN, VERSION
from shequtong.lib.web import page, public
from shequtong.lib.web import router as pages

router = pages()

Anyone = Annotated[Any, Depends(public)]


@router.get("/privacy")
def show_privacy(request: Request, visit: Anyone) -> Response:
    """What is kept about people here, why, on which ground, who sees it, and when it goes (PIPL Art. 17)."""
    return page(
        request,
        "privacy/show.html",
        register=REGISTER,
        grounds=GROUNDS,
        seen=SEEN,
        version=VERSION,
        contact=request.app.state.settings.security_contact,
    )
