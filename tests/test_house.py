"""The house as a whole: what holds on every address, whoever asks."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from shequtong.main import LARGEST_BODY

CHUNK = b"x" * (1 << 20)
FILE = b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a"\r\n\r\n'


@pytest.mark.parametrize(
    ("kind", "status"),
    [(b"multipart/form-data; boundary=x", 413), (b"application/x-www-form-urlencoded", 400)],
)
def test_i5_a_body_that_hides_its_length_is_read_no_further_than_allowed(app, kind, status):
    """Nobody says how long it is, and it never ends; a single field may be long only up to its own limit."""
    read, sent = 0, []

    async def receive() -> dict[str, Any]:
        nonlocal read
        assert read < LARGEST_BODY * 1.2, "it is read and read"
        chunk = CHUNK if read else FILE
        read += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [
        (b"host", b"127.0.0.1"),
        (b"content-type", kind),
        (b"transfer-encoding", b"chunked"),
        (b"sec-fetch-site", b"same-origin"),
    ]
    scope = {
        "type": "http", "method": "POST", "path": "/login", "raw_path": b"/login", "query_string": b"",
        "root_path": "", "scheme": "http", "http_version": "1.1", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == status
    assert "<h1" in sent[1]["body"].decode()
    assert b"content-security-policy" in dict(sent[0]["headers"])
