"""The pages of a poll: its questions, its sheet, its results. The same on every board."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.polls import answering, counting, opening, queries, showing
from shequtong.core.polls.forms import (
    KINDS,
    OpeningForm,
    QuestionForm,
    answers_of,
    filled_in,
    options_of,
    sheet_of,
)
from shequtong.core.posts import hanging
from shequtong.core.posts.addressing import address, on_post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib.errors import Conflict, Forbidden, Invalid, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Showing = Annotated[Case, on_post("show")]
Answering = Annotated[Case, on_post("answer_poll")]
Planning = Annotated[Case, on_post("plan")]

HERE = "/c/{code}/{board}/{post_id}/poll"


@router.get(HERE)
def show_poll(request: Request, case: Showing, db: Db) -> Response:
    """The questions to answer, or the results for whom they are to be seen by."""
    return _show(request, case, db)


@router.post(HERE)
def answer_poll(request: Request, case: Answering, sent: Submitted, db: Db) -> Response:
    """Fill in a sheet, or change it."""
    _find(db, case)
    questions = queries.questions(db, case.post.id)
    form = sheet_of(questions).read(sent)
    answers = answers_of(form, questions) if not form.errors else {}
    if form.errors:
        return _show(request, case, db, form, status=422)
    try:
        answering.answer(db, case, answers)
    except (Conflict, Forbidden) as late:
        form.refuse("", late.message)
        return _show(request, case, db, form, status=late.status)
    return see_other(f"{_home(case)}#poll")


@router.get(HERE + "/plan")
def ask_for_questions(request: Request, case: Planning, db: Db) -> Response:
    """The questions so far, the form for another, and the way to open the poll."""
    return _show_plan(request, case, db)


@router.post(HERE + "/plan")
def add_question(request: Request, case: Planning, sent: Submitted, db: Db) -> Response:
    """Add a question, or take one out (`out`)."""
    if sent.get("out"):
        opening.take_out(db, case, number(sent.get("out")))
        return see_other(f"{_home(case)}/plan")
    _draft(db, case)
    form = QuestionForm.read(sent)
    options = options_of(form) if not form.errors else []
    if not form.errors:
        try:
            opening.ask(db, case, form.value.kind, form.value.words, options)
            return see_other(f"{_home(case)}/plan")
        except Invalid as many:
            form.refuse("words", many.message)
    return _show_plan(request, case, db, form=form, status=422)


@router.post(HERE + "/open")
def open_poll(request: Request, case: Planning, sent: Submitted, db: Db) -> Response:
    """Let people answer."""
    _find(db, case)
    form = OpeningForm.read(sent)
    if not form.errors:
        try:
            opening.open_poll(db, case, form.value.unit, form.value.shows, form.value.closes_at)
            return see_other(_home(case))
        except Invalid as wrong:
            form.refuse("closes_at", wrong.message)
    return _show_plan(request, case, db, opening_form=form, status=422)


@router.post(HERE + "/close")
def close_poll(case: Planning, _sent: Submitted, db: Db) -> Response:
    """Take no more answers from now on."""
    opening.close_now(db, case)
    return see_other(_home(case))


def _home(case: Case) -> str:
    return f"{address(case.post, case.community.code)}/poll"


def _find(db: Any, case: Case) -> Any:
    """The poll on the case's post. NotFound where none hangs, and while it is a draft for all but its host."""
    found = queries.one(db, case.post.id)
    if found is None or (found.state == "draft" and not showing.around(db, case, found)["may_plan"]):
        raise NotFound
    return found


def _draft(db: Any, case: Case) -> Any:
    """The draft to write questions for, None where it begins with the first; NotFound where none may hang."""
    found = queries.one(db, case.post.id)
    if found is None and not hanging.may_hang(case, opening.NAME):
        raise NotFound
    return found


def _around(case: Case) -> dict[str, Any]:
    return {
        "case": case,
        "post": case.post,
        "board": case.board,
        "community": case.community,
        "boards": rooms_of(case.community),
        "here": _home(case),
    }


def _show(
    request: Request, case: Case, db: Any, form: BoundForm[Any] | None = None, status: int = 200
) -> Response:
    poll = _find(db, case)
    known = showing.around(db, case, poll)
    questions = queries.questions(db, case.post.id)
    if form is None and known["may_answer"]:
        mine = known["mine"]
        form = sheet_of(questions).blank(**(filled_in(mine.answers, questions) if mine and mine.ours else {}))
    results = []
    if known["results_shown"]:
        results = counting.count(questions, queries.sheets(db, case.post.id), words=known["may_plan"])
    return page(
        request,
        "polls/show.html",
        block="poll",
        status=status,
        poll=poll,
        questions=questions,
        form=form,
        results=results,
        tenures=showing.TENURES,
        **known,
        **_around(case),
    )


def _show_plan(
    request: Request,
    case: Case,
    db: Any,
    form: BoundForm[Any] | None = None,
    opening_form: BoundForm[Any] | None = None,
    status: int = 200,
) -> Response:
    poll = _draft(db, case)
    return page(
        request,
        "polls/plan.html",
        block="plan",
        status=status,
        poll=poll,
        questions=queries.questions(db, case.post.id),
        kinds=dict(KINDS),
        form=(form or QuestionForm.blank(kind="single")).named("question"),
        opening_form=(opening_form or OpeningForm.blank(unit="person", shows="closed")).named("opening"),
        **_around(case),
    )
