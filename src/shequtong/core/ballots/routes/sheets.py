"""A vote on paper: the sheet that is filled in or tells how to vote, and the result that is hung up."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.ballots import recording, showing
from shequtong.core.ballots.models import Round
from shequtong.core.ballots.routes.case import HERE, Showing, around, home, latest, options
from shequtong.core.ballots.routes.results import RoundNumber, counted
from shequtong.core.posts.paper_pages import code_of
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.web import Db, page
from shequtong.lib.web import router as pages

router = pages()


@router.get(HERE + "/sheet")
def print_ballot(request: Request, case: Showing, db: Db) -> Response:
    """The paper ballot of a round; in a secret vote, which has no paper, a sheet that says how to vote.

    It is the same for every home, and so is its code: nothing on it can tell who was given which sheet.
    """
    return _sheet(request, case, latest(db, case), "ballots/sheet.html", f"{home(case)}/ballots")


@router.get(HERE + "/{number}/sheet")
def print_result(request: Request, case: Showing, number: RoundNumber, db: Db) -> Response:
    """What was decided, with the figures and why, for the notice board."""
    round_ = counted(db, case, number)
    last = recording.chain(db, round_.id)[-1]
    here = f"{home(case)}/ballots/{number}/recount"
    return _sheet(request, case, round_, "ballots/result_sheet.html", here, last=last)


def _sheet(
    request: Request, case: Case, round_: Round, template: str, leads_to: str, **more: Any
) -> Response:
    return page(
        request,
        template,
        round=round_,
        options=options(round_),
        showing=showing,
        back=f"{home(case)}/ballots",
        today=clock.today(),
        code=code_of(request, leads_to),
        **more,
        **around(case),
    )
