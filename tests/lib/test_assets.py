"""What the browser asks for once and keeps: joined, hashed, compressed, typed."""

import gzip
import os
from pathlib import Path

import pytest
import zstandard
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from shequtong.lib.assets import Assets

ROOT = Path(__file__).resolve().parents[2] / "static"
SPRITE = '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="house" viewBox="0 0 24 24"/></svg>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "css/app.txt": "one.css\ncomponents/two.css\n",
        "css/one.css": "a { color: red }\n" * 40,
        "css/components/two.css": "b { color: blue }\n",
        "js/app.txt": "../vendor/other.js\nown.js\n",
        "js/own.js": "own()\n",
        "vendor/other.js": "other();\n",
        "icons/sprite.svg": SPRITE,
        "manifest.webmanifest": "{}",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "icons/app.png").write_bytes(b"\x89PNG" * 200)
    return tmp_path


@pytest.fixture
def browser(folder: Path) -> TestClient:
    return TestClient(Starlette(routes=[Mount("/static", Assets(folder))]))


def test_the_listed_files_are_joined_in_their_order(browser: TestClient) -> None:
    css = browser.get("/static/css/app.css").text
    assert css.index("red") < css.index("blue")
    assert browser.get("/static/js/app.js").text == "other();\n\nown()\n"


def test_an_address_with_the_right_hash_is_kept_for_ever(browser: TestClient, folder: Path) -> None:
    kept = browser.get(Assets(folder).url("css/app.css"))
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    for stale in ("/static/css/app.css", "/static/css/app.css?v=0123456789ab"):
        assert browser.get(stale).headers["cache-control"] == "no-cache"


def test_the_hash_follows_the_content(folder: Path) -> None:
    before = Assets(folder).url("css/app.css")
    assert before == Assets(folder).url("css/app.css")
    (folder / "css/one.css").write_text("a { color: green }")
    assert before != Assets(folder).url("css/app.css")


def test_a_watching_server_sees_a_change_at_once(folder: Path) -> None:
    assets = Assets(folder, watch=True)
    before = assets.url("css/app.css")
    (folder / "css/one.css").write_text("a { color: green }")
    os.utime(folder / "css/one.css", (2_000_000_000, 2_000_000_000))
    assert assets.url("css/app.css") != before


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("css/app.css", "text/css; charset=utf-8"),
        ("js/app.js", "text/javascript; charset=utf-8"),
        ("icons/sprite.svg", "image/svg+xml"),
        ("icons/app.png", "image/png"),
        ("manifest.webmanifest", "application/manifest+json"),
    ],
)
def test_every_file_says_what_it_is_and_may_not_be_guessed(browser: TestClient, path: str, kind: str) -> None:
    answer = browser.get(f"/static/{path}")
    assert (answer.headers["content-type"], answer.headers["x-content-type-options"]) == (kind, "nosniff")


def test_text_is_compressed_for_those_who_take_it(browser: TestClient) -> None:
    plain = browser.get("/static/css/app.css", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    refused = browser.get("/static/css/app.css", headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers
    for accepted, name, unpack in (
        ("deflate, gzip;q=0.5", "gzip", gzip.decompress),
        ("gzip, zstd", "zstd", zstandard.decompress),
    ):
        with browser.stream("GET", "/static/css/app.css", headers={"accept-encoding": accepted}) as packed:
            raw = b"".join(packed.iter_raw())
        assert (packed.headers["content-encoding"], packed.headers["vary"]) == (name, "Accept-Encoding")
        assert unpack(raw) == plain.content and len(raw) < len(plain.content)


def test_pictures_are_not_compressed_again(browser: TestClient) -> None:
    answer = browser.get("/static/icons/app.png", headers={"accept-encoding": "gzip, br"})
    assert "content-encoding" not in answer.headers and "vary" not in answer.headers


def test_an_unchanged_file_is_not_sent_again(browser: TestClient) -> None:
    tag = browser.get("/static/css/app.css").headers["etag"]
    for known in (tag, f"W/{tag}", f'"old", {tag}'):
        again = browser.get("/static/css/app.css", headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag


def test_head_answers_like_get_without_the_body(browser: TestClient) -> None:
    full, head = browser.get("/static/css/app.css"), browser.head("/static/css/app.css")
    assert head.content == b"" and head.headers == full.headers


def test_nothing_outside_the_folder_and_no_other_method(browser: TestClient) -> None:
    assert browser.get("/static/%2e%2e/pyproject.toml").status_code == 404
    assert browser.get("/static/css/none.css").status_code == 404
    answer = browser.post("/static/css/app.css")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_an_icon_is_silent_unless_it_has_a_label(folder: Path) -> None:
    assets = Assets(folder)
    assert 'aria-hidden="true"' in assets.icon("house")
    assert 'role="img" aria-label="&lt;Home&gt;"' in assets.icon("house", "<Home>")
    with pytest.raises(KeyError):
        assets.icon("hose")


def test_the_real_style_and_scripts_keep_their_budget() -> None:
    files = Assets(ROOT).files
    assert len(files["css/app.css"].encodings["gzip"]) < 20_000
    assert len(files["js/app.js"].encodings["gzip"]) < 25_000
