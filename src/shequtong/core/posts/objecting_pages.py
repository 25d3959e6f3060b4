"""The page of the objections to a post, for boards whose rules know the action `object`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.follows import following
from shequtong.core.identity import submitting
from shequtong.core.posts import objecting
from shequtong.core.posts.addressing import address, on_post
from shequtong.core.posts.forms import ObjectionForm, ReplyForm
from shequtong.core.posts.policy import Case, allows
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib.errors import NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.templates import first_template
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Reading = Annotated[Case, on_post("objections")]
Objecting = Annotated[Case, on_post("object")]
Replying = Annotated[Case, on_post("reply")]

OBJECTIONS = "/c/{code}/{board}/{post_id}/objections"


@router.get(OBJECTIONS)
def show_objections(request: Request, case: Reading, db: Db) -> Response:
    """What readers object to, and what is answered to each."""
    if "object" not in case.board.rules:
        raise NotFound
    return _show(request, case, db)


@router.post(OBJECTIONS)
def add_objection(request: Request, case: Objecting, sent: Submitted, db: Db) -> Response:
    """Object; who does follows the post."""
    if earlier := submitting.earlier(db, case.actor, sent):
        return see_other(earlier)
    form = ObjectionForm.read(sent)
    if form.errors:
        return _show(request, case, db, form=form, status=422)
    said = objecting.object_to(db, case, form.value.objection)
    following.follow(db, said.author_id, "post", case.post.id)
    place = f"{_home(case)}/objections#comment-{said.id}"
    submitting.remember(db, case.actor, sent, place)
    return see_other(place)


@router.post(OBJECTIONS + "/{comment_id}/reply")
def answer_objection(request: Request, case: Replying, comment_id: int, sent: Submitted, db: Db) -> Response:
    """Answer one objection."""
    form = ReplyForm.read(sent)
    if form.errors:
        return _show(request, case, db, wrong={comment_id: form}, status=422)
    objecting.answer(db, case, comment_id, form.value.words)
    return see_other(f"{_home(case)}/objections#comment-{comment_id}")


def _home(case: Case) -> str:
    return address(case.post, case.community.code)


def _show(
    request: Request,
    case: Case,
    db: Any,
    form: BoundForm[Any] | None = None,
    wrong: dict[int, BoundForm[Any]] | None = None,
    status: int = 200,
) -> Response:
    found = objecting.objections(db, case)
    replies = {one.id: (wrong or {}).get(one.id) or ReplyForm.blank() for one in found if one.reply is None}
    return page(
        request,
        first_template(f"boards/{case.board.slug}/objections.html", "posts/objections.html"),
        status=status,
        objections=found,
        form=form or ObjectionForm.blank(),
        replies=replies,
        wrong=set(wrong or ()),
        due=objecting.answer_due(case),
        may=lambda action: allows(case, action),
        case=case,
        post=case.post,
        detail=case.detail,
        board=case.board,
        community=case.community,
        boards=rooms_of(case.community),
        here=_home(case),
    )
