"""The pages of a year of books: what was planned, what came to pass, and for the keepers, where they plan it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.books import budgeting, queries, yearly
from shequtong.core.books.charting import chart
from shequtong.core.books.forms import CATEGORIES, DIRECTIONS, OpeningForm, PlanForm
from shequtong.core.books.keeping import Books
from shequtong.core.identity import submitting
from shequtong.core.posts.addressing import on_board
from shequtong.core.posts.policy import Case, allows
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib import clock
from shequtong.lib.errors import NotFound
from shequtong.lib.forms import BoundForm, in_words, widget_of
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

HERE = "/c/{code}/{board}/books"
Reading = Annotated[Case, on_board("read")]
Keeping = Annotated[Case, on_board("keep")]


@router.get(HERE)
def show_this_year(request: Request, case: Reading, db: Db) -> Response:
    """The books of the year that it is."""
    return show_year(request, case, clock.today().year, db)


@router.get(HERE + "/{year}")
def show_year(request: Request, case: Reading, year: int, db: Db, month: int = 0) -> Response:
    """Budget and accounts of a year, and the lines of one month: the one asked for, or the last that has any."""
    board = books_of(case, year)
    told = yearly.read(db, board, case.community.code, year)
    busy = [one.number for one in told.months if one.lines]
    chosen = month if month in range(1, 13) else next(reversed(busy), 0)
    return page(
        request,
        "books/year.html",
        told=told,
        chart=chart(told.months),
        month=chosen,
        busy=busy,
        lines=[line for line in told.lines if line.row.dated.month == chosen],
        directions=dict(DIRECTIONS),
        categories=dict(CATEGORIES),
        changes_of=yearly.changes_of,
        keeps=allows(case, "keep"),
        **around(case),
    )


@router.get(HERE + "/{year}/budget")
def show_budget(request: Request, case: Keeping, year: int, db: Db) -> Response:
    """Where the keepers set the budget of a year, line by line."""
    return _show_budget(request, case, year, db)


@router.post(HERE + "/{year}/budget")
def set_budget(request: Request, case: Keeping, year: int, sent: Submitted, db: Db) -> Response:
    """Set or change one line, or (with `balance`) what the year begins with."""
    books_of(case, year)
    if earlier := submitting.earlier(db, case.actor, sent):
        return see_other(earlier)
    form: BoundForm[Any] = (OpeningForm if "balance" in sent else PlanForm).read(sent)
    if not form.errors:
        _take(db, case, year, form)
    if form.errors:
        return _show_budget(request, case, year, db, wrong=form, status=422)
    place = f"{home(case)}/{year}/budget"
    submitting.remember(db, case.actor, sent, place)
    return see_other(place)


def _take(db: Any, case: Case, year: int, form: BoundForm[Any]) -> None:
    """Do what was filled in; a reason that is missing is marked beside its field."""
    told = form.value
    try:
        if isinstance(told, OpeningForm):
            budgeting.open_with(db, case, year, -told.balance if told.in_debt else told.balance, told.why)
        else:
            budgeting.plan(db, case, year, told.direction, told.category, told.amount, told.reason)
    except budgeting.ReasonMissing as missing:
        form.refuse("why" if isinstance(told, OpeningForm) else "reason", str(missing))


def _show_budget(
    request: Request, case: Case, year: int, db: Any, wrong: BoundForm[Any] | None = None, status: int = 200
) -> Response:
    board, code = books_of(case, year), case.community.code
    opening = queries.openings(db, board, code).get(year)
    given = {} if opening is None else {"balance": abs(opening), "in_debt": opening < 0}
    plans = [
        [in_words(widget_of(PlanForm.model_fields[name]), getattr(row, name)) for name in PLANNED]
        for row in queries.plans(db, board, code, year)
    ]
    return page(
        request,
        "books/budget.html",
        status=status,
        year=year,
        plans=plans,
        opening=opening,
        plan_form=wrong if wrong and wrong.form is PlanForm else PlanForm.blank(),
        opening_form=(wrong if wrong and wrong.form is OpeningForm else OpeningForm.blank(**given)).named(
            "opening"
        ),
        **around(case),
    )


PLANNED = ("category", "direction", "amount")


def books_of(case: Case, year: int) -> Books:
    """The case's board, when it keeps books; else NotFound, and so for a year nobody writes about."""
    if not isinstance(case.board, Books) or not yearly.FIRST <= year <= yearly.LAST:
        raise NotFound
    return case.board


def home(case: Case) -> str:
    """Where the books of the case's board are shown."""
    if not isinstance(case.board, Books):
        raise NotFound
    return f"/c/{case.community.code}/{case.board.slug}/books"


def around(case: Case) -> dict[str, Any]:
    return {
        "case": case,
        "board": case.board,
        "community": case.community,
        "boards": rooms_of(case.community),
        "here": home(case),
    }
