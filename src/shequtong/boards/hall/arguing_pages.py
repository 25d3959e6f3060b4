"""The page of the options: what speaks for each of them and what against, side by side."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.boards.hall import arguing
from shequtong.boards.hall.forms import ArgumentForm
from shequtong.boards.hall.routes import around, home, only_members, written
from shequtong.core.identity import submitting
from shequtong.core.posts.addressing import on_post
from shequtong.core.posts.policy import Case, allows
from shequtong.lib.errors import NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

OPTIONS = "/c/{code}/{board}/{post_id}/options"


@router.get(OPTIONS)
def show_options(request: Request, case: Annotated[Case, on_post("show")], db: Db) -> Response:
    """Every option with the reasons for and against it, and a form for one's own."""
    only_members(case)
    return _show(request, case, db)


@router.post(OPTIONS + "/{number}/arguments")
def add_argument(
    request: Request, case: Annotated[Case, on_post("argue")], number: int, sent: Submitted, db: Db
) -> Response:
    """Give a reason for or against an option."""
    if earlier := submitting.earlier(db, case.actor, sent):
        return see_other(earlier)
    form, side = ArgumentForm.read(sent), str(sent.get("side", ""))
    if not 1 <= number <= len(arguing.ways(case)):
        raise NotFound
    if form.errors:
        return _show(request, case, db, wrong={(number, side): form}, status=422)
    return written(case, sent, db, arguing.argue(db, case, number, side, form.value.argument), "options")


@router.post(OPTIONS + "/arguments/{comment_id}/convincing")
def find_convincing(
    case: Annotated[Case, on_post("answer")], comment_id: int, sent: Submitted, db: Db
) -> Response:
    """Say that a reason convinces, or no longer does."""
    arguing.be_convinced(db, case, comment_id, back=sent.get("back") == "1")
    return see_other(f"{home(case)}/options#comment-{comment_id}")


def _show(
    request: Request,
    case: Case,
    db: Any,
    wrong: dict[tuple[int, str], BoundForm[Any]] | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "boards/hall/options.html",
        status=status,
        options=arguing.options(db, case),
        wrong=wrong or {},
        blank=ArgumentForm.blank,
        may=lambda action: allows(case, action),
        **around(case),
    )
