"""How the edge says no: the application may lend it a styled page."""

from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Scope

Refuse = Callable[[Scope, int], ASGIApp]
"""Given the request's scope and a status (400, 403, 413), the answer."""

_WORDS = {400: "Unknown host", 403: "This form came from another site", 413: "Too large"}


def plainly(scope: Scope, status: int) -> ASGIApp:
    return PlainTextResponse(_WORDS[status], status)
