"""What the edge does to every request and every answer, asked through a whole FastAPI application."""

import re

import pytest
import zstandard
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.testclient import TestClient

from shequtong.lib import edge
from shequtong.lib.edge.headers import CONTENT_SECURITY_POLICY

OURS = "https://shequtong.test"
LARGEST = 1000


class House(FastAPI):
    def build_middleware_stack(self):
        return edge.around(
            super().build_middleware_stack(),
            hosts=["shequtong.test", "::1"],
            https=True,
            largest_body=LARGEST,
            without_origin=["/api/"],
            refuse=lambda scope, status: HTMLResponse(f"<h1>{status} styled</h1>", status),
        )


app = House(max_body_size=LARGEST)


@app.get("/")
def page() -> Response:
    return HTMLResponse("<p>你好</p>" * 500)


@app.get("/personal")
def personal() -> Response:
    return HTMLResponse("<p>你好</p>" * 500, headers={"Cache-Control": "no-store"})


@app.get("/stranger")
def sets_a_cookie() -> Response:
    response = HTMLResponse("<p>你好</p>" * 500)
    response.set_cookie("a", "b")
    return response


@app.get("/static/app.css")
def style() -> Response:
    return Response("a{color:red}" * 500, media_type="text/css", headers={"ETag": '"file"'})


@app.get("/download")
def download() -> Response:
    policy = {"Content-Security-Policy": "sandbox"}
    return Response(b"x" * 5000, media_type="application/pdf", headers=policy)


@app.get("/live")
def live() -> Response:
    async def events():
        for number in range(3):
            yield f"data: {number}\n\n" * 300

    return StreamingResponse(events(), media_type="text/event-stream")


@app.get("/number")
def number() -> Response:
    return PlainTextResponse(edge.add_request_id(None, "info", {})["request_id"])


@app.get("/broken")
def broken() -> Response:
    raise RuntimeError("canary")


@app.post("/")
@app.post("/api/v1/posts")
async def post(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())} bytes")


@pytest.fixture
def browser():
    return TestClient(app, OURS, raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/", "/nowhere", "/broken", "/live", "/static/app.css"])
def test_s13_every_answer_carries_the_headers(browser, path):
    headers = browser.get(path).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "permissions-policy" in headers and "referrer-policy" in headers
    assert headers["strict-transport-security"].startswith("max-age=")
    assert "server" not in headers


def test_s13_nothing_inline_and_nothing_from_elsewhere_is_allowed():
    assert "unsafe" not in CONTENT_SECURITY_POLICY and "http" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY


def test_s13_a_download_may_be_stricter(browser):
    assert browser.get("/download").headers.get_list("content-security-policy") == ["sandbox"]


def test_s13_without_https_there_is_no_hsts():
    plain = edge.around(app.router, hosts=["shequtong.test"], https=False, largest_body=1)
    assert "strict-transport-security" not in TestClient(plain, OURS).get("/nowhere").headers


def test_pages_vary_with_htmx_and_with_the_reader(browser):
    vary = browser.get("/").headers["vary"]
    assert {"HX-Request", "HX-Request-Type", "Cookie", "Accept-Language"} <= set(re.split(", *", vary))


@pytest.mark.parametrize(
    "host", ["evil.test", "shequtong.test.evil.test", "shequtong.test:80@evil", "", "127.0.0.1"]
)
def test_s16_another_host_is_refused(browser, host):
    assert browser.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "host", ["shequtong.test", "SHEQUTONG.test", "shequtong.test:8443", "[::1]:8000", "[::1]"]
)
def test_s16_our_host_is_answered(browser, host):
    assert browser.get("/", headers={"Host": host}).status_code == 200


def test_s16_health_is_asked_by_address(browser):
    assert browser.get("/healthz", headers={"Host": "10.0.0.7"}).status_code == 404


@pytest.mark.parametrize("path", ["/", "/nowhere", "/live", "/static/app.css", "/download"])
def test_s16_head_is_like_get_without_the_body(browser, path):
    head, get = browser.head(path), browser.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    ours = {name: value for name, value in get.headers.items() if name != "x-request-id"}
    assert ours.items() <= dict(head.headers).items()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": OURS},
        {"Origin": "http://shequtong.test"},  # behind a proxy that ends TLS
    ],
)
def test_s10_a_form_of_our_own_passes(browser, headers):
    assert browser.post("/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": OURS},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.test"},
        {"Origin": "https://shequtong.test.evil.test"},
        {"Origin": "https://shequtong.test:8443"},
        {"Origin": "null"},
        {"Origin": "shequtong.test"},
        {"Origin": ""},
    ],
)
def test_s10_a_form_from_elsewhere_is_refused_with_a_styled_page(browser, headers):
    answer = browser.post("/", headers=headers)
    assert (answer.status_code, answer.text) == (403, "<h1>403 styled</h1>")


def test_s10_programs_send_no_origin_but_no_cookie_either(browser):
    assert browser.post("/api/v1/posts").status_code == 200
    assert browser.post("/api/v1/posts", headers={"Cookie": "session=x"}).status_code == 403
    assert browser.post("/api/v1/posts", headers={"Origin": "https://evil.test"}).status_code == 403


def test_i5_a_body_too_large_is_refused_before_it_is_read(browser):
    def never():
        raise AssertionError("the body was read")
        yield b""

    for length in [str(LARGEST + 1), "9" * 5000, "-1", "ten"]:
        answer = browser.post("/", content=never(), headers={"Content-Length": length, "Origin": OURS})
        assert (answer.status_code, answer.text) == (413, "<h1>413 styled</h1>")
    assert browser.post("/", content=b"x" * LARGEST, headers={"Origin": OURS}).text == f"{LARGEST} bytes"


def test_p5_each_request_has_a_number_of_its_own(browser):
    answers = [browser.get("/number", headers={"X-Request-ID": "forged"}) for _ in range(2)]
    assert all(re.fullmatch("[0-9a-f]{16}", answer.text) for answer in answers)
    assert [answer.headers["x-request-id"] for answer in answers] == [answer.text for answer in answers]
    assert answers[0].text != answers[1].text
    assert edge.request_id() == "" and edge.add_request_id(None, "info", {}) == {}
    assert "x-request-id" in browser.get("/broken").headers


@pytest.mark.parametrize("encoding", ["zstd", "gzip"])
@pytest.mark.parametrize("path", ["/", "/personal", "/static/app.css", "/static/app.css?v=1"])
def test_pages_and_files_travel_small_and_arrive_whole(browser, path, encoding):
    plain = browser.get(path, headers={"Accept-Encoding": "identity"})
    small = browser.get(path, headers={"Accept-Encoding": encoding})
    assert small.headers["content-encoding"] == encoding and "content-encoding" not in plain.headers
    assert int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 10
    arrived = zstandard.decompress(small.content) if encoding == "zstd" else small.content
    assert arrived == plain.content
    assert "Accept-Encoding" in small.headers["vary"] and "Accept-Encoding" in plain.headers["vary"]


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0", "gzip"),
        ("gzip; q=0.5", "gzip"),
        ("br", None),
        ("gzip;q=0.000", None),
        ("", None),
    ],
)
def test_the_encoding_is_one_that_the_browser_takes(browser, accepted, chosen):
    assert browser.get("/", headers={"Accept-Encoding": accepted}).headers.get("content-encoding") == chosen


@pytest.mark.parametrize("path", ["/live", "/download", "/number"])
def test_streams_downloads_and_short_answers_are_left_alone(browser, path):
    assert "content-encoding" not in browser.get(path).headers


def test_a_reader_who_has_the_page_gets_304(browser):
    first = browser.get("/")
    assert first.headers["cache-control"] == "no-cache"
    again = browser.get("/", headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"] and "content-length" not in again.headers
    assert "content-security-policy" in again.headers
    assert browser.get("/", headers={"If-None-Match": '"other"'}).status_code == 200


def test_s15_personal_pages_are_not_kept(browser):
    for path in ["/personal", "/stranger", "/nowhere"]:
        assert "etag" not in browser.get(path).headers
    assert browser.get("/static/app.css").headers["etag"] == '"file"'
