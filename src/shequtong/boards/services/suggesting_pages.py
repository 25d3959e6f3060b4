"""Before a desk is asked: answers that are there already, while somebody types, and "that answered it"."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from shequtong.boards.services import suggesting
from shequtong.core.posts.addressing import on_board
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib.errors import NotFound
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Asking = Annotated[Case, on_board("create")]
HERE = "/c/{code}/{board}/suggestions"


@router.post(HERE)
def suggest(request: Request, case: Asking, sent: Submitted, db: Db) -> Response:
    """What comes nearest to what is being typed. It is posted: what is asked in private stands in no address."""
    if case.board.slug != "services":
        raise NotFound
    title, body = (str(sent.get(name) or "") for name in ("title", "body"))
    return page(
        request,
        "boards/services/suggestions.html",
        board=case.board,
        community=case.community,
        suggestions=suggesting.suggest(db, case, title, body),
    )


@router.post(HERE + "/{post_id}")
def count_answered(case: Asking, post_id: int, _sent: Submitted, db: Db) -> Response:
    """A suggestion was answer enough, and nobody is asked."""
    suggesting.answered(db, case.actor, _find(case, post_id, db))
    return see_other(f"/c/{case.community.code}/{case.board.slug}/suggestions/{post_id}")


@router.get(HERE + "/{post_id}")
def show_answered(request: Request, case: Asking, post_id: int, db: Db) -> Response:
    """Nothing was sent, and where the answer is read again."""
    return page(
        request,
        "boards/services/answered.html",
        answer=_find(case, post_id, db),
        case=case,
        board=case.board,
        community=case.community,
        boards=rooms_of(case.community),
    )


def _find(case: Case, post_id: int, db: Db) -> Post:
    known = case.board.slug == "services" and 0 < post_id < 2**63
    found = suggesting.find(db, case, post_id) if known else None
    if found is None:
        raise NotFound
    return found
