"""A number for each request: on the answer, in every log line of it, and on an error page to quote (P5)."""

import secrets
from contextvars import ContextVar
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The number of the request being answered, 16 hexadecimal digits; empty outside of one."""
    return _request_id.get()


def add_request_id(logger: Any, method: str, event: EventDict) -> EventDict:
    """A structlog processor: the number goes into every line of the request."""
    if number := _request_id.get():
        event["request_id"] = number
    return event


class RequestId:
    """Always a number of our own: one sent by a stranger could be anything."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        number = secrets.token_hex(8)
        header = (b"x-request-id", number.encode())

        async def send_with_number(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        before = _request_id.set(number)
        try:
            await self.app(scope, receive, send_with_number)
        finally:
            _request_id.reset(before)
