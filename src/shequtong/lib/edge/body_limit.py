"""I5: a body that says it is too large is refused before a byte of it is read.

One that hides its length (chunked) is counted by FastAPI's `max_body_size`: set both to the same figure.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from shequtong.lib.edge.refusal import Refuse


class BodyLimit:
    """Answers 413 to a Content-Length over `largest` bytes, or to one that is no number."""

    def __init__(self, app: ASGIApp, largest: int, refuse: Refuse) -> None:
        self.app = app
        self.largest = largest
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.refuse(scope, 413) if self._is_too_large(scope) else self.app
        await answer(scope, receive, send)

    def _is_too_large(self, scope: Scope) -> bool:
        lengths = (value for name, value in scope["headers"] if name == b"content-length")
        return any(not value.isdigit() or len(value) > 15 or int(value) > self.largest for value in lengths)
