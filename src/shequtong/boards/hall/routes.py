"""The pages of a discussion: one statement at a time to answer, and all of them to read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.boards.hall import discussing, queries, showing
from shequtong.boards.hall.forms import StatementForm
from shequtong.core.follows import following
from shequtong.core.identity import submitting
from shequtong.core.posts.addressing import address, on_post
from shequtong.core.posts.forms import ReplyForm
from shequtong.core.posts.models import Comment
from shequtong.core.posts.policy import Case, allows
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib.errors import NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.web import Db, Submitted, is_fragment, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Showing = Annotated[Case, on_post("show")]
Stating = Annotated[Case, on_post("state")]
Answering = Annotated[Case, on_post("answer")]
Replying = Annotated[Case, on_post("reply")]

BRIEF = 3
"""So many statements of a kind stand on the topic's own page; the others on theirs."""
STATEMENTS = "/c/{code}/{board}/{post_id}/statements"


@router.get(STATEMENTS)
def show_statements(request: Request, case: Showing, db: Db) -> Response:
    """The statement to answer next, the box for one's own, and all there are."""
    only_members(case)
    return _show(request, case, db)


@router.post(STATEMENTS)
def add_statement(request: Request, case: Stating, sent: Submitted, db: Db) -> Response:
    """Add a statement."""
    if earlier := submitting.earlier(db, case.actor, sent):
        return see_other(earlier)
    form = StatementForm.read(sent)
    if form.errors:
        return _show(request, case, db, form=form, status=422)
    return written(case, sent, db, discussing.state(db, case, form.value.statement), "statements")


@router.post(STATEMENTS + "/{comment_id}/answers")
def answer_statement(request: Request, case: Answering, comment_id: int, sent: Submitted, db: Db) -> Response:
    """Agree, disagree or pass; HTMX gets the next statement in its place."""
    discussing.answer(db, case, comment_id, str(sent.get("choice", "")))
    if is_fragment(request):
        return _show(request, case, db)
    return see_other(f"{home(case)}/statements#answering")


@router.get(STATEMENTS + "/{comment_id}/aside")
def ask_why(request: Request, case: Replying, comment_id: int, db: Db) -> Response:
    """Why is this statement put aside?"""
    return _ask_why(request, case, db, comment_id, ReplyForm.blank())


@router.post(STATEMENTS + "/{comment_id}/aside")
def put_aside(request: Request, case: Replying, comment_id: int, sent: Submitted, db: Db) -> Response:
    """Take a statement out of the discussion, with a reason that everybody reads."""
    form = ReplyForm.read(sent)
    if form.errors:
        return _ask_why(request, case, db, comment_id, form, status=422)
    discussing.put_aside(db, case, comment_id, form.value.words)
    return see_other(f"{home(case)}/statements#comment-{comment_id}")


@router.get("/c/{code}/{board}/{post_id}/consensus")
def show_consensus(request: Request, case: Showing, db: Db) -> Response:
    """What neighbours agree on, as it was last worked out; HTMX gets the clearest of it."""
    only_members(case)
    context = {"found": showing.consensus(db, case), "most": BRIEF if is_fragment(request) else None}
    return page(request, "boards/hall/consensus.html", block="consensus", **context, **around(case))


# What the pages share -------------------------------------------------------------------------------


def written(case: Case, sent: Any, db: Any, remark: Comment, among: str) -> Response:
    """Who adds a remark follows the topic and is led to it; the same form sent again leads there too."""
    following.follow(db, remark.author_id, "post", case.post.id)
    place = f"{home(case)}/{among}#comment-{remark.id}"
    submitting.remember(db, case.actor, sent, place)
    return see_other(place)


def _ask_why(
    request: Request, case: Case, db: Any, comment_id: int, form: BoundForm[Any], status: int = 200
) -> Response:
    _found, said = discussing.find(db, case, comment_id, "statement")
    context = {"statement": said, "form": form, **around(case)}
    return page(request, "boards/hall/aside.html", status=status, **context)


def _show(
    request: Request, case: Case, db: Any, form: BoundForm[Any] | None = None, status: int = 200
) -> Response:
    statements = queries.remarks(db, case, "statement")
    return page(
        request,
        "boards/hall/statements.html",
        block="answering",
        status=status,
        statements=statements,
        next=queries.to_answer(statements),
        left=sum(1 for s in statements if s.choice is None and s.moderation == "clear" and s.reply is None),
        form=form or StatementForm.blank(),
        may=lambda action: allows(case, action),
        **around(case),
    )


def only_members(case: Case) -> None:
    """What neighbours say to each other is for neighbours, and other boards have no such page."""
    if case.board.slug != "hall" or not case.here.member:
        raise NotFound


def home(case: Case) -> str:
    return address(case.post, case.community.code)


def around(case: Case) -> dict[str, Any]:
    return {
        "case": case,
        "post": case.post,
        "detail": case.detail,
        "board": case.board,
        "community": case.community,
        "boards": rooms_of(case.community),
        "here": home(case),
    }
