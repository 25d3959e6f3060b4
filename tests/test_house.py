"""The house as a whole: what holds on every address, whoever asks."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from tests.cast import DISTRICT, HOME, number_of

from shequtong.lib import web
from shequtong.main import LARGEST_BODY, ROUTERS

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


NUMBERED = [
    (method, route.path, name)
    for router in ROUTERS
    for route in web.all_routes(router)
    for method in sorted(route.methods)
    for name in re.findall(r"{(\w+_id|number)}", route.path)
]
"""Every place in every address where a number stands."""


@pytest.mark.parametrize("impossible", [2**63, -(2**63) - 1, 10**30])
def test_a2_a_number_that_no_row_can_have_leads_nowhere(cast, impossible):
    """Neither database can be asked for it: SQLite's driver overflows, PostgreSQL refuses."""
    post = number_of(cast.resident.submit(f"/c/{HOME}/talk/new", {"title": "今天天气"}))
    known = {"code": HOME, "board": "talk", "post_id": post, "size": "card", "building_id": 1}
    assert len(NUMBERED) > 60
    for method, path, name in NUMBERED:
        if path.startswith("/d/"):
            person, known["code"] = cast.admin, DISTRICT
        else:
            person, known["code"] = cast.secretary, HOME
        others = {other: known.get(other, 1) for other in re.findall(r"{(\w+)}", path)}
        address = path.format(**{**others, name: impossible})
        answer = person.get(address) if method == "GET" else person.submit(address, {})
        assert answer.status_code in (403, 404), (method, path, name)


@pytest.mark.parametrize("odd", ["²", "፩", "9" * 19, "9" * 5000])
def test_i3_what_only_looks_like_a_number_in_a_form_is_refused_and_breaks_nothing(cast, odd):
    talk = f"/c/{HOME}/talk"
    post = number_of(cast.resident.submit(f"{talk}/new", {"title": "今天天气"}))
    desk = {"action": "remove", "reason": "abuse", "seen": ""}
    for person, page, form in (
        (cast.resident, f"{talk}/{post}/comments", {"body": "晴", "parent_id": odd}),
        (cast.resident, f"{talk}/{post}/links", {"child": odd}),
        (cast.resident, f"{talk}/new", {"title": "照片", "photo_ids": odd}),
        (cast.secretary, f"/c/{HOME}/desk/take", {"only": odd}),
        (cast.secretary, f"/c/{HOME}/desk/decisions", {"post_id": odd, **desk}),
        (cast.secretary, f"/c/{HOME}/desk/decisions", {"post_id": post, "comment_id": odd, **desk}),
    ):
        assert person.submit(page, form).status_code in (303, 404, 422), page
    assert cast.neighbor.get(f"{talk}/{post}").status_code == 200
