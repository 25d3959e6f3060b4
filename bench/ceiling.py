"""What a bare one-worker uvicorn does on this machine, started as its manual says: the measure of everything else."""

from __future__ import annotations

from typing import Any

BODY = b"\xe4\xbd\xa0\xe5\xa5\xbd" * 10
HEADERS = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(BODY))]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers a constant body, whatever was asked."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": BODY})
