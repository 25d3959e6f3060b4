"""The way from an address to its handler, and what a handler is given there."""

from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Query, Request
from fastapi.testclient import TestClient
from starlette.responses import JSONResponse

from shequtong.lib import resolving, web

calls: list[str] = []


async def transaction():
    calls.append("begin")
    try:
        yield "db"
        calls.append("commit")
    except ValueError:
        calls.append("undo")
        raise
    finally:
        calls.append("close")


Db = Annotated[str, Depends(transaction, scope="function")]


@web.permission("anyone")
async def visitor(request: Request, db: Db) -> str:
    calls.append("visitor")
    return f"{request.headers.get('name', 'nobody')} {db}"


Visitor = Annotated[str, Depends(visitor)]


def slow(word: str = "no") -> str:
    return word


@pytest.fixture
def app():
    calls.clear()
    pages = web.router()

    @pages.get("/c/{code}/desk")
    def desk(visit: Visitor, code: str):
        return JSONResponse(["desk", code])

    @pages.get("/c/{code}/{board}")
    def listed(
        visit: Visitor, db: Db, code: str, board: str, mine: bool = False,
        building: Annotated[int | None, Query(ge=1)] = None, state: str | None = None,
    ):  # fmt: skip
        return JSONResponse([visit, db, code, board, mine, building, state])

    @pages.get("/c/{code}/{board}/{number}")
    def shown(visit: Visitor, code: str, board: str, number: int):
        return JSONResponse([code, board, number])

    @pages.post("/c/{code}/{board}")
    async def sent(visit: Visitor, request: Request, code: str):
        return JSONResponse((await request.body()).decode(), 201)

    @pages.get("/broken")
    def broken(visit: Visitor):
        raise ValueError

    @pages.get("/must")
    def must(visit: Visitor, word: str):
        return JSONResponse(word)

    @pages.get("/slow")
    def with_thread(visit: Visitor, word: Annotated[str, Depends(slow)]):
        return JSONResponse(word)

    @pages.get("/c/{code}/{board}.atom")
    def feed(visit: Visitor, code: str, board: str):
        return JSONResponse(["feed", code, board])

    made = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    web.open_routes(made, [pages])
    made.state.database = None
    return made


@pytest.fixture
def browser(app):
    web._inline.set(True)
    return TestClient(app, raise_server_exceptions=False)


def test_the_first_route_that_was_declared_wins(browser):
    assert browser.get("/c/31/desk").json() == ["desk", "31"]
    assert browser.get("/c/31/talk").json()[2:4] == ["31", "talk"]


def test_a_segment_may_be_a_pattern(browser):
    assert browser.get("/c/31/talk.atom").json()[3] == "talk.atom", "declared later, so the plain one wins"


def test_values_of_the_address_have_their_types(browser):
    assert browser.get("/c/31/talk?mine=1&building=7&state=a%20b").json()[4:] == [True, 7, "a b"]
    assert browser.get("/c/31/talk").json()[4:] == [False, None, None]
    assert browser.get("/c/31/talk/12").json() == ["31", "talk", 12]


@pytest.mark.parametrize(
    "address", ["/c/31/talk?building=0", "/c/31/talk?building=x", "/c/31/talk/x", "/must"]
)
def test_values_that_do_not_fit_are_refused(browser, address):
    assert browser.get(address).status_code == 422


@pytest.mark.parametrize("number", ["+5", "０", "9" * 30, "1_0", "-1"])
def test_odd_numbers_are_judged_as_ever(browser, number):
    assert browser.get(f"/c/31/talk/{number}").status_code in (200, 422)


@pytest.mark.parametrize("address", ["/", "/c", "/c/31", "/c//talk", "/c/31/talk/1/2", "/nothing"])
def test_other_addresses_are_not_there(browser, address):
    assert browser.get(address, follow_redirects=False).status_code == 404


def test_a_slash_too_many_leads_to_the_page(browser):
    assert browser.get("/c/31/desk/", follow_redirects=True).json() == ["desk", "31"]


def test_what_cannot_be_done_says_what_can(browser):
    answer = browser.delete("/c/31/talk")
    assert answer.status_code == 405 and answer.headers["allow"] == "GET, POST"
    assert browser.post("/c/31/talk", content="hello").json() == "hello"


def test_each_dependency_is_called_once_and_ends_before_the_answer(browser):
    assert browser.get("/c/31/talk", headers={"name": "me"}).json()[:2] == ["me db", "db"]
    assert calls == ["begin", "visitor", "commit", "close"]
    assert browser.get("/slow").json() == "no" and browser.get("/slow?word=yes").json() == "yes"


def test_a_failure_undoes_what_was_begun(browser):
    assert browser.get("/broken").status_code == 500
    assert calls == ["begin", "visitor", "undo", "close"]


def test_every_page_of_ours_is_worked_out_at_start():
    from shequtong.main import ROUTERS

    left = [r.path for made in ROUTERS for r in web.all_routes(made) if resolving.plan(r.dependant) is None]
    assert left == []
