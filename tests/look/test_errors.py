"""Every error a person can meet has a page in their language with a next step, and a notice for HTMX."""

from types import SimpleNamespace

import pytest
from starlette.requests import Request

from shequtong.lib import refusals
from shequtong.settings import Settings

STATUSES = (403, 404, 409, 413, 422, 429, 500, 503)


def asked(headers: dict[str, str]) -> Request:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": raw}
    return Request(
        {
            **scope,
            "app": SimpleNamespace(state=SimpleNamespace(settings=Settings(_env_file=None), programs={})),
        }
    )


@pytest.mark.parametrize("status", STATUSES)
def test_an_error_page_says_what_happened_and_what_to_do_next(status: int) -> None:
    answer = refusals.answer(asked({"Accept-Language": "zh"}), status)
    page = answer.body.decode()
    title, message = refusals.WORDS[status]
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in page and str(message) in page
    assert 'class="button" href="/"' in page and 'lang="zh-Hans"' in page


@pytest.mark.parametrize("status", STATUSES)
def test_htmx_gets_a_notice_and_the_page_stays(status: int) -> None:
    answer = refusals.answer(asked({"HX-Request": "true", "Accept-Language": "en"}), status)
    assert 'lang="en"' in refusals.answer(asked({"Accept-Language": "en"}), status).body.decode()
    assert "<html" not in answer.body.decode() and 'class="notice bad"' in answer.body.decode()
    assert answer.headers["HX-Retarget"] == "#flash"
    assert answer.headers["HX-Reswap"].startswith("innerHTML")
