"""Counting a round, and counting it again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Request
from starlette.responses import Response

from shequtong.core.ballots import counting, publishing, queries, recording, showing, verifying
from shequtong.core.ballots.models import Round
from shequtong.core.ballots.opening import ROUNDS
from shequtong.core.ballots.routes.case import HERE, Counting, Showing, around, home, latest
from shequtong.core.posts.policy import Case
from shequtong.lib.errors import Conflict, NotFound
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

RoundNumber = Annotated[int, Path(ge=1, le=ROUNDS)]


@router.post(HERE + "/count")
def count_ballots(case: Counting, _sent: Submitted, db: Db) -> Response:
    """Count before the clock does: once the vote is over and all paper was read alike."""
    counting.count(db, latest(db, case).id, case.actor.id)
    return see_other(f"{home(case)}/ballots")


@router.get(HERE + "/{number}/download")
def download(case: Showing, number: RoundNumber, db: Db) -> Response:
    """The roll without doors, the ballots and the record, to count again at home."""
    round_ = counted(db, case, number)
    name = f"ballots-{case.post.id}-{number}.zip"
    return Response(
        publishing.packed(publishing.files(db, round_)),
        media_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@router.get(HERE + "/{number}/recount")
def show_recount(request: Request, case: Showing, number: RoundNumber, db: Db) -> Response:
    """The same count made again from the very files that are downloaded, step by step."""
    round_ = counted(db, case, number)
    recount = verifying.recount(publishing.files(db, round_))
    return page(
        request,
        "ballots/recount.html",
        round=round_,
        recount=recount,
        figures=showing.figures(round_),
        events=recording.chain(db, round_.id),
        names=showing.EVENTS,
        **around(case),
    )


def counted(db: Any, case: Case, number: int) -> Round:
    """A round that was counted. NotFound where there is none, Conflict while it is open."""
    found = queries.find(db, case.post.id, number)
    if found is None:
        raise NotFound
    if found.state != "counted":
        raise Conflict(_("The vote is still open. It is counted when its time is over."))
    return found
