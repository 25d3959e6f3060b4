"""What a visit leaves behind: a new session token on its answer, and notes once the answer is out."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shequtong.lib import cookies
from shequtong.lib.web import Visit, transact


class Sessions:
    """Stands right around the application: its transaction is over, and the token goes out whatever the answer."""

    def __init__(self, app: ASGIApp, lifetime: timedelta) -> None:
        self.app = app
        self.lifetime = lifetime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_token(message: Message) -> None:
            if message["type"] == "http.response.start":
                visit = scope.get("state", {}).get("visit")
                if visit is not None and visit.renew is not None:
                    message["headers"] = [*message.get("headers", ()), *await self._renewed(scope, visit)]
            await send(message)

        await self.app(scope, receive, send_with_token)
        visit = scope.get("state", {}).get("visit")
        for note in visit.notes if visit is not None else ():
            with suppress(SQLAlchemyError):
                await transact(Request(scope), note, write=True)

    async def _renewed(self, scope: Scope, visit: Visit) -> list[tuple[bytes, bytes]]:
        request, answer = Request(scope), Response()
        with suppress(SQLAlchemyError):
            if visit.renew is not None and await transact(request, visit.renew, write=True):
                cookies.give(request, answer, "session", visit.token, self.lifetime)
        return [header for header in answer.raw_headers if header[0] == b"set-cookie"]
