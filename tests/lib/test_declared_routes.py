"""A route that does not say who may use it stops the start, however deep it is included (A1)."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI

from shequtong.lib.web import all_routes, permission, refuse_undeclared, router


@permission("anyone")
async def anyone() -> None:
    """Somebody who may."""


def house(*routers: APIRouter) -> FastAPI:
    app = FastAPI(openapi_url=None)
    for included in routers:
        app.include_router(included)
    return app


def with_route(declared: bool) -> APIRouter:
    made = router()
    if declared:

        @made.get("/declared")
        def show(_who: Annotated[None, Depends(anyone)]) -> str:
            return "yes"
    else:

        @made.get("/undeclared")
        def slip() -> str:
            return "no"

    return made


def nested(inner: APIRouter) -> APIRouter:
    outer = router()
    outer.include_router(inner)
    return outer


def test_a_declared_route_is_found_and_let_pass():
    app = house(with_route(True), nested(with_route(True)))
    assert [route.path for route in all_routes(app)] == ["/declared", "/declared"]
    refuse_undeclared(app)


@pytest.mark.parametrize("deep", [False, True])
def test_an_undeclared_route_stops_the_start(deep):
    slipped = with_route(False)
    with pytest.raises(Exception, match="/undeclared"):
        refuse_undeclared(house(with_route(True), nested(slipped) if deep else slipped))
