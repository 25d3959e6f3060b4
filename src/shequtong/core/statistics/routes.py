"""The dashboard of a city, district, street or committee, for those who watch it from above and its own staff."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities.addressing import here
from shequtong.core.communities.standing import Standing
from shequtong.core.communities.visiting import Visit
from shequtong.core.posts.rooms import rooms_in
from shequtong.core.statistics import downloading, showing
from shequtong.core.statistics.charting import chart
from shequtong.core.statistics.queries import RECENT, Overview, overview
from shequtong.lib import clock, spreadsheets
from shequtong.lib.errors import NotFound
from shequtong.lib.web import Db, page
from shequtong.lib.web import router as pages

router = pages()

WATCHING = ("street", "district", "admin", "secretary", "clerk")
"""Who watches a place from it or from above; nobody watches what lies beside or above them."""
Watching = Annotated[Visit, here(*WATCHING)]

BELOW = {"city": ("district", "street"), "district": ("street", "committee"), "street": ("committee",)}
"""By which places a level is told, the first unless another is asked for."""


@router.get("/d/{code}")
def show_dashboard(request: Request, visit: Watching, db: Db, by: str = "", sort: str = "") -> Response:
    """How those who live here are answered, and where they are not, place by place."""
    choices = BELOW.get(visit.community.level, ())
    level = by if by in choices else next(iter(choices), "")
    found = overview(db, visit.community.code, level)
    return page(
        request,
        "statistics/show.html",
        place=visit.community,
        path=[step for step in found.path if _watches(visit, step.code)],
        now=showing.summary(found.here),
        before=showing.summary(found.here, found.here.before),
        below=showing.places(_sorted(found, sort)),
        quiet=[place for place in found.below if not place.recent.anything],
        categories=showing.categories(found, rooms_in(visit.community)),
        weeks=showing.weeks(found),
        chart=chart(found.weeks),
        choices=choices,
        level=level,
        sort=sort if sort in showing.SORTS else "",
        recent=RECENT,
        here_now=found.here,
        hot=found.told.get("hot", []),
        silent=found.told.get("silent", []),
        silent_below=[place for place in found.below if place.silent],
        read_on=found.read_on,
        at=clock.now(),
    )


@router.get("/d/{code}/figures.{form}")
def download(visit: Watching, db: Db, form: str, by: str = "") -> Response:
    """The same figures for a spreadsheet: of the place itself and all below it, as CSV or XLSX."""
    if form not in spreadsheets.TYPES:
        raise NotFound
    code, choices = visit.community.code, BELOW.get(visit.community.level, ())
    level = by if by in choices or (choices and by == "committee") else next(iter(choices), "")
    found = overview(db, code, level)
    places = downloading.places([showing.summary(found.here), *showing.places(found.below)])
    if form == "csv":
        content = spreadsheets.as_csv(places)
    else:
        others = (
            downloading.categories(showing.categories(found, rooms_in(visit.community))),
            downloading.weeks(showing.weeks(found)),
        )
        content = spreadsheets.as_xlsx([places, *others])
    name = f"shequtong-{code}-{clock.today()}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=spreadsheets.TYPES[form], headers=headers)


def _watches(visit: Visit, code: str) -> bool:
    return Standing.of(visit.actor, code).is_any(*WATCHING)


def _sorted(found: Overview, sort: str) -> list[Any]:
    busy = [place for place in found.below if place.recent.anything]
    return sorted(busy, key=showing.SORTS[sort]) if sort in showing.SORTS else busy
