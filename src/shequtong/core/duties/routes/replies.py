"""Replying from the desk, with or without a template; and the templates of a committee."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities.addressing import here
from shequtong.core.communities.visiting import Visit
from shequtong.core.duties import queries, replying
from shequtong.core.duties.forms import ReplyForm, TemplateForm
from shequtong.core.duties.models import ReplyTemplate
from shequtong.core.follows import following
from shequtong.core.identity import submitting
from shequtong.core.posts import commenting
from shequtong.core.posts import queries as posts
from shequtong.core.posts.addressing import judge
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS, is_open, named
from shequtong.lib.errors import Conflict, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Staff = Annotated[Visit, here("clerk", "secretary")]


@router.get("/c/{code}/desk/replies/{post_id}")
def ask_reply(request: Request, visit: Staff, post_id: int, db: Db, template: int = 0) -> Response:
    """The form for a reply; `template` is the one it begins with."""
    case, shown = _case(db, visit, post_id)
    templates = queries.templates(db, visit.community.code)
    words = next((row.words for row in templates if row.id == template), "")
    form = ReplyForm.blank(body=replying.begin(words, shown.author_name))
    return _ask(request, visit, case, shown, templates, form, chosen=template)


@router.post("/c/{code}/desk/replies/{post_id}")
def reply(request: Request, visit: Staff, post_id: int, sent: Submitted, db: Db) -> Response:
    """Reply under the post, and go back to the desk."""
    if earlier := submitting.earlier(db, visit.actor, sent):
        return see_other(earlier)
    case, shown = _case(db, visit, post_id)
    form = ReplyForm.read(sent)
    if form.errors:
        templates = queries.templates(db, visit.community.code)
        return _ask(request, visit, case, shown, templates, form, status=422)
    written = commenting.comment(db, case, form.value.body)
    following.follow(db, written.author_id, "post", case.post.id)
    desk = f"/c/{visit.community.code}/desk"
    submitting.remember(db, visit.actor, sent, desk)
    return see_other(desk)


@router.get("/c/{code}/desk/templates")
def show_templates(request: Request, visit: Staff, db: Db) -> Response:
    """The committee's reply templates, each with its form."""
    return _templates(request, visit, db)


@router.post("/c/{code}/desk/templates")
def add_template(request: Request, visit: Staff, sent: Submitted, db: Db) -> Response:
    """Add a template."""
    form = TemplateForm.read(sent)
    if not form.errors:
        try:
            replying.add(db, visit.community.code, visit.actor, form.value.title, form.value.words)
        except Conflict as many:
            form.refuse("", many.message)
    if form.errors:
        return _templates(request, visit, db, form, status=422)
    return see_other(f"/c/{visit.community.code}/desk/templates")


@router.post("/c/{code}/desk/templates/{template_id}")
def change_template(request: Request, visit: Staff, template_id: int, sent: Submitted, db: Db) -> Response:
    """Change a template, or take it off the list (`remove`)."""
    found = db.get(ReplyTemplate, template_id) if 0 < template_id < 2**63 else None
    if found is None or found.code != visit.community.code:
        raise NotFound
    if sent.get("remove"):
        db.delete(found)
    else:
        form = TemplateForm.read(sent)
        if form.errors:
            return _templates(request, visit, db, changed={template_id: form}, status=422)
        found.title, found.words = form.value.title, form.value.words
    return see_other(f"/c/{visit.community.code}/desk/templates")


def _case(db: Any, visit: Visit, post_id: int) -> tuple[Case, Any]:
    """A post of this committee and its case, when somebody of it may answer."""
    code = visit.community.code
    post = posts.find_anywhere(db, post_id, code, visit.actor, visit.here) if 0 < post_id < 2**63 else None
    board = ROOMS.get(post.board) if post else None
    if post is None or board is None or not is_open(board, visit.community):
        raise NotFound
    board = named(board, visit.community)
    shown = posts.show(db, board, post.id, code, visit.actor, visit.here)
    if shown is None:
        raise NotFound
    case = Case(visit.actor, visit.here, board, visit.community, shown.post, shown.detail)
    return judge(case, "comment"), shown


def _ask(
    request: Request,
    visit: Visit,
    case: Case,
    shown: Any,
    templates: list[Any],
    form: BoundForm[Any],
    chosen: int = 0,
    status: int = 200,
) -> Response:
    return page(
        request,
        "duties/reply.html",
        block="reply_form",
        status=status,
        post=case.post,
        board=case.board,
        shown=shown,
        templates=templates,
        chosen=chosen,
        form=form,
        community=visit.community,
    )


def _templates(
    request: Request,
    visit: Visit,
    db: Any,
    form: BoundForm[Any] | None = None,
    changed: dict[int, BoundForm[Any]] | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "duties/templates.html",
        block="templates",
        status=status,
        templates=queries.templates(db, visit.community.code),
        form=form or TemplateForm.blank(),
        changed=changed or {},
        template_form=TemplateForm.blank,
        community=visit.community,
    )
