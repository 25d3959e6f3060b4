"""The handbook by classes, what an item said before, and what its keepers have to mend."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.boards.guides import queries, reviewing, versions
from shequtong.boards.guides.forms import CLASSES
from shequtong.core.posts.addressing import address, on_board, on_post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib import clock
from shequtong.lib.errors import NotFound
from shequtong.lib.web import Db, page
from shequtong.lib.web import router as pages

router = pages()

HERE = "/c/{code}/{board}"
Listed = Annotated[Case, on_board("list")]
Keeping = Annotated[Case, on_board("keep")]


def around(case: Case) -> dict[str, Any]:
    return {
        "case": case,
        "board": case.board,
        "community": case.community,
        "boards": rooms_of(case.community),
        "here": f"/c/{case.community.code}/{case.board.slug}",
    }


def only_guides(case: Case) -> None:
    if case.board.slug != "guides":
        raise NotFound


@router.get(HERE + "/classes/{category}")
def show_class(request: Request, case: Listed, category: str, db: Db) -> Response:
    """Everything of one class, by title: what to bring and where to go, and what is often asked."""
    only_guides(case)
    if category not in dict(CLASSES):
        raise NotFound
    found = queries.of_class(db, case.community.code, category)
    return page(
        request,
        "boards/guides/class.html",
        classes=CLASSES,
        category=category,
        items=[row for row in found if row.kind == "item"],
        asked=[row for row in found if row.kind == "question"],
        **around(case),
    )


@router.get(HERE + "/{post_id}/versions")
def show_versions(request: Request, case: Annotated[Case, on_post("show")], db: Db) -> Response:
    """What an item said each time it went out, and what was changed from one time to the next."""
    only_guides(case)
    if case.post.kind != "item":
        raise NotFound
    return page(
        request,
        "boards/guides/versions.html",
        post=case.post,
        back=address(case.post, case.community.code),
        versions=versions.all_of(db, case.post),
        **around(case),
    )


@router.get(HERE + "/keeping")
def show_keeping(request: Request, case: Keeping, db: Db) -> Response:
    """What the committee has to mend in its handbook."""
    only_guides(case)
    until = clock.today() + reviewing.AHEAD
    rows = queries.to_mend(db, case.community.code, until)
    return page(
        request,
        "boards/guides/keeping.html",
        due=[row for row in rows if row.review_on <= until],
        failing=[row for row in rows if row.failed],
        **around(case),
    )
