"""Requests by the thousand: straight into the application, without a client around each."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode


class Door:
    """Knock at it as somebody of the cast, and hear the status and where one is sent."""

    def __init__(self, app: Any, cast: Any) -> None:
        self._app, self._cast = app, cast
        self._runner = asyncio.Runner()

    def __enter__(self) -> Door:
        return self

    def __exit__(self, *_error: object) -> None:
        self._runner.close()

    def post(self, login: str, path: str, sent: dict[str, str]) -> tuple[int, str]:
        browser = getattr(self._cast, login)
        body = urlencode({"csrf": browser.csrf, **sent}).encode()
        return self._runner.run(self._call("POST", browser, path, body))

    def get(self, login: str, path: str) -> tuple[int, str]:
        return self._runner.run(self._call("GET", getattr(self._cast, login), path, b""))

    async def _call(self, method: str, browser: Any, path: str, body: bytes) -> tuple[int, str]:
        heard: dict[str, Any] = {}
        token = browser.cookies.get("session")

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                heard.update(message)

        headers = {
            "host": "127.0.0.1:8000",
            "origin": "http://127.0.0.1:8000",
            "content-type": "application/x-www-form-urlencoded",
            "content-length": str(len(body)),
            **({"cookie": f"session={token}"} if token else {}),
        }
        await self._app(
            {
                "type": "http",
                "asgi": {"version": "3.0"},
                "http_version": "1.1",
                "method": method,
                "scheme": "http",
                "path": path,
                "raw_path": path.encode(),
                "query_string": b"",
                "root_path": "",
                "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
                "client": ("127.0.0.1", 50000),
                "server": ("127.0.0.1", 8000),
            },
            receive,
            send,
        )
        return heard["status"], dict(heard["headers"]).get(b"location", b"").decode()
