"""The page of the answer pack, and what was looked for in vain."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from shequtong.boards.guides import answer_pack, missing, queries
from shequtong.boards.guides.models import Missed
from shequtong.boards.guides.routes import HERE, Keeping, around, only_guides
from shequtong.core.communities.addressing import here
from shequtong.core.communities.visiting import Visit
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.lib.errors import NotFound
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Staff = Annotated[Visit, here("clerk", "secretary")]


@router.get("/c/{code}/answers")
def show_answers(
    request: Request, visit: Staff, db: Db, q: Annotated[str, Query(max_length=100)] = "", used: int = 0
) -> Response:
    """Short answers to copy and send, while somebody types."""
    if visit.community.level != "committee":
        raise NotFound
    base = request.app.state.settings.base_url.rstrip("/")
    return page(
        request,
        "boards/guides/answers.html",
        block="answers",
        q=q,
        used=used,
        answers=answer_pack.find(db, visit.actor, visit.community, q, base),
        community=visit.community,
    )


@router.post("/c/{code}/answers/{post_id}/uses")
def use_answer(visit: Staff, post_id: int, sent: Submitted, db: Db) -> Response:
    """Count that this answer was sent on: what is sent most stands first."""
    code = visit.community.code
    if not 0 < post_id < 2**63 or not answer_pack.used(db, code, post_id):
        raise NotFound
    return see_other(f"/c/{code}/answers?used={post_id}#answer-{post_id}")


@router.get(HERE + "/missed/{missed_id}")
def show_missed(request: Request, case: Keeping, missed_id: int, db: Db) -> Response:
    """One thing that was looked for in vain: which guide answers it, or who writes one?"""
    only_guides(case)
    return _ask(request, case, _find(case, db, missed_id), db)


@router.post(HERE + "/missed/{missed_id}")
def answer_missed(request: Request, case: Keeping, missed_id: int, sent: Submitted, db: Db) -> Response:
    """A guide answers it, or it is put away (`remove`)."""
    only_guides(case)
    missed = _find(case, db, missed_id)
    if sent.get("remove"):
        missing.put_away(db, missed)
    else:
        chosen = number(sent.get("item"))
        post = db.get(Post, chosen) if chosen in {row.id for row in _own(case, db)} else None
        if post is None:
            return _ask(request, case, missed, db, mistake=_("Choose one of the options"), status=422)
        missing.answered_by(db, missed, post)
    return see_other(f"{around(case)['here']}/keeping#missed")


def _find(case: Case, db: Any, missed_id: int) -> Missed:
    found = missing.find(db, case.community.code, missed_id)
    if found is None:
        raise NotFound
    return found


def _own(case: Case, db: Any) -> list[Any]:
    """The guides of this very place: it teaches nothing to those of the street."""
    return [row for row in queries.titles(db, case.community.code) if row.code == case.community.code]


def _ask(
    request: Request, case: Case, missed: Missed, db: Any, mistake: Any = "", status: int = 200
) -> Response:
    return page(
        request,
        "boards/guides/missed.html",
        status=status,
        missed=missed,
        items=_own(case, db),
        mistake=mistake,
        **around(case),
    )
