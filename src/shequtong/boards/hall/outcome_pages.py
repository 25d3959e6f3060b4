"""What comes after a vote: a project with its books, and the judgement of the homes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.boards.hall import judging, projects
from shequtong.boards.hall.forms import ExpenseForm, JudgementForm, MilestoneForm
from shequtong.boards.hall.routes import around, home, only_members
from shequtong.core.identity import submitting
from shequtong.core.posts.addressing import on_post
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import clock
from shequtong.lib.errors import NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.templates import offer
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()
offer("money", projects.yuan)

Showing = Annotated[Case, on_post("show")]
Running = Annotated[Case, on_post("run")]
Rating = Annotated[Case, on_post("rate")]

PROJECT = "/c/{code}/{board}/{post_id}/project"
RATINGS = "/c/{code}/{board}/{post_id}/ratings"


@router.get(PROJECT)
def show_project(request: Request, case: Showing, db: Db) -> Response:
    """Its milestones, its money, and the photos of its progress."""
    return _show(request, case, db)


@router.post(PROJECT + "/milestones")
def add_milestone(request: Request, case: Running, sent: Submitted, db: Db) -> Response:
    """Add a milestone."""
    if earlier := submitting.earlier(db, case.actor, sent):
        return see_other(earlier)
    _only_projects(case)
    form = MilestoneForm.read(sent)
    if form.errors:
        return _show(request, case, db, milestone_form=form, status=422)
    projects.plan(db, case, form.value)
    return _back(db, case, sent, "milestones")


@router.post(PROJECT + "/milestones/{milestone_id}")
def reach_milestone(case: Running, milestone_id: int, sent: Submitted, db: Db) -> Response:
    """A milestone is reached, or was not after all (`undo`)."""
    _only_projects(case)
    projects.reach(db, case, milestone_id, undo=bool(sent.get("undo")))
    return see_other(f"{home(case)}/project#milestones")


@router.post(PROJECT + "/expenses")
def add_expense(request: Request, case: Running, sent: Submitted, db: Db) -> Response:
    """Enter what was paid, or came back."""
    if earlier := submitting.earlier(db, case.actor, sent):
        return see_other(earlier)
    _only_projects(case)
    form = ExpenseForm.read(sent)
    if form.errors:
        return _show(request, case, db, expense_form=form, status=422)
    projects.spend(db, case, form.value)
    return _back(db, case, sent, "money")


@router.get(RATINGS)
def ask_judgement(request: Request, case: Rating, db: Db) -> Response:
    """How well was it done? With what one's home has said so far."""
    said = judging.mine(db, case)
    return _ask_judgement(request, case, JudgementForm.blank(stars=said and str(said)), said=said)


@router.post(RATINGS)
def judge_outcome(request: Request, case: Rating, sent: Submitted, db: Db) -> Response:
    """Judge for one's home what was done."""
    form = JudgementForm.read(sent)
    if form.errors:
        return _ask_judgement(request, case, form, status=422)
    judging.judge(db, case, int(form.value.stars))
    return see_other(f"{home(case)}/ratings")


def _ask_judgement(
    request: Request, case: Case, form: BoundForm[Any], said: int | None = None, status: int = 200
) -> Response:
    return page(request, "boards/hall/judge.html", status=status, form=form, said=said, **around(case))


def _back(db: Any, case: Case, sent: Any, among: str) -> Response:
    place = f"{home(case)}/project#{among}"
    submitting.remember(db, case.actor, sent, place)
    return see_other(place)


def _only_projects(case: Case) -> None:
    only_members(case)
    if not case.detail.lead:
        raise NotFound


def _show(
    request: Request,
    case: Case,
    db: Any,
    *,
    milestone_form: BoundForm[Any] | None = None,
    expense_form: BoundForm[Any] | None = None,
    status: int = 200,
) -> Response:
    _only_projects(case)
    entries = projects.expenses(db, case.post.id)
    return page(
        request,
        "boards/hall/project.html",
        status=status,
        milestones=projects.milestones(db, case.post.id),
        expenses=entries,
        chart=projects.chart(entries, case.detail.budget_cents, clock.today()),
        progress=projects.progress(db, case.post.id),
        today=clock.today(),
        milestone_form=(milestone_form or MilestoneForm.blank()).named("milestone"),
        expense_form=(expense_form or ExpenseForm.blank(paid_on=clock.today())).named("expense"),
        runs=allows(case, "run"),
        **around(case),
    )
