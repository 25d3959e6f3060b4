"""Paper ballots and signed mandates, as staff enter them."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.ballots import entering, mandating, queries, showing
from shequtong.core.ballots.forms import PaperForm, PaperMandateForm
from shequtong.core.ballots.models import Round
from shequtong.core.ballots.routes.case import (
    HERE,
    Counting,
    around,
    holder_given,
    home,
    latest,
    options,
)
from shequtong.core.communities import places
from shequtong.core.posts.policy import Case
from shequtong.lib.errors import Invalid, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()


@router.get(HERE + "/papers")
def show_papers(request: Request, case: Counting, db: Db, done: str = "") -> Response:
    """The paper ballots as they were read so far, and the form to enter one."""
    return _show_papers(request, case, db, latest(db, case), done=done)


@router.post(HERE + "/papers")
def enter_paper(request: Request, case: Counting, sent: Submitted, db: Db) -> Response:
    """Enter what one reads on a paper ballot."""
    round_ = latest(db, case)
    form = PaperForm.read(sent, {"buildings": queries.buildings(db, round_.id), "options": options(round_)})
    if dwelling_id := _door(db, case, form):
        try:
            entering.enter(db, round_.id, case.actor, dwelling_id, form.value.choice)
            return see_other(f"{home(case)}/ballots/papers?done=paper")
        except Invalid as wrong:
            form.refuse("room", wrong.message)
    return _show_papers(request, case, db, round_, form=form, status=422)


def _door(db: Any, case: Case, form: BoundForm[Any]) -> int:
    """The dwelling behind the door that a form names; 0, and the form says so, when there is none."""
    if form.errors:
        return 0
    found = places.find_dwelling(db, case.community.code, form.value.building_id, form.value.room)
    if found is None:
        form.refuse("room", _("There is no such room in that building"))
        return 0
    return found.id


@router.post(HERE + "/papers/mandates")
def record_mandate(request: Request, case: Counting, sent: Submitted, db: Db) -> Response:
    """Record a mandate that somebody has signed on paper, or take it back (`undo`)."""
    round_ = latest(db, case)
    if sent.get("undo"):
        mandating.take_back(db, round_.id, case.actor, number(sent.get("dwelling")), staff=True)
        return see_other(f"{home(case)}/ballots/papers")
    form = PaperMandateForm.read(sent, {"buildings": queries.buildings(db, round_.id)})
    dwelling_id = _door(db, case, form)
    if dwelling_id and holder_given(db, case, round_, form, dwelling_id, on_paper=True):
        return see_other(f"{home(case)}/ballots/papers?done=mandate")
    return _show_papers(request, case, db, round_, mandate_form=form, status=422)


def _show_papers(
    request: Request,
    case: Case,
    db: Any,
    round_: Round,
    *,
    form: BoundForm[Any] | None = None,
    mandate_form: BoundForm[Any] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    if not (round_.papers or round_.proxies):
        raise NotFound
    choices = {"buildings": queries.buildings(db, round_.id), "options": options(round_)}
    return page(
        request,
        "ballots/papers.html",
        block="papers",
        status=status,
        round=round_,
        papers=_papers(queries.readings(db, round_.id)),
        form=(form or PaperForm.blank(choices)).named("paper"),
        mandate_form=(mandate_form or PaperMandateForm.blank(choices)).named("mandate"),
        mandates=queries.paper_mandates(db, round_.id) if round_.proxies else [],
        labels={key: showing.option_words(key, label) for key, label in round_.options},
        done=done,
        showing=showing,
        **around(case),
    )


def _papers(readings: list[Any]) -> dict[str, list[Any]]:
    """Papers by how far they are: differs, once, agreed; each as the list of its readings."""
    doors: dict[int, list[Any]] = {}
    for row in readings:
        doors.setdefault(row.dwelling_id, []).append(row)
    sorted_: dict[str, list[Any]] = {"differs": [], "once": [], "agreed": []}
    for rows in doors.values():
        paper = entering.Paper(rows[0].dwelling_id, tuple((row.by_id, row.choice) for row in rows))
        sorted_[paper.state].append(rows)
    return sorted_
