"""What I must do, what was handed up to me, and taking things over."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities.addressing import here
from shequtong.core.communities.visiting import Visit
from shequtong.core.duties import owning, queries
from shequtong.core.posts.policy import reads
from shequtong.core.posts.rooms import rooms_in
from shequtong.lib.errors import Invalid, NotFound
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, local_path, page, see_other
from shequtong.lib.web import router as pages

router = pages()

AT_THEIR_DESKS = (
    "clerk",
    "secretary",
    "property",
    "owners_committee",
    "organisation",
    "party_branch",
    "police",
    "doctor",
    "lawyer",
)
Serving = Annotated[Visit, here(*AT_THEIR_DESKS, "street", "district")]
Staff = Annotated[Visit, here("clerk", "secretary")]


@router.get("/c/{code}/duties")
def show_duties(request: Request, visit: Serving, db: Db) -> Response:
    """What this person looks after here; for an officer, what is so late that it was handed up."""
    code, office = visit.community.code, office_above(visit)
    lists = queries.handed_up(db, code, office) if office else queries.of_owner(db, code, visit.actor.id or 0)
    return page(
        request,
        "duties/show.html",
        lists=lists,
        office=office,
        may_read=lambda row: _may_read(visit, row),
        community=visit.community,
        rooms=rooms_in(visit.community),
    )


@router.post("/c/{code}/desk/take")
def take(visit: Staff, sent: Submitted, db: Db) -> Response:
    """ "I take it": one duty (`only`), or all that were ticked (`duty`)."""
    only = sent.get("only")
    chosen = [only] if only else sent.getlist("duty")
    ids = [duty_id for one in chosen if (duty_id := number(one))]
    if not ids:
        raise Invalid(_("Tick something first, then press the button."))
    cases = owning.cases(db, ids[: queries.MOST], visit.actor, visit.here, visit.community)
    if not cases:
        raise NotFound
    for case in cases:
        owning.take(db, case)
    code = visit.community.code
    back = local_path(str(sent.get("next") or ""), f"/c/{code}/desk")
    return see_other(f"{back}{'&' if '?' in back else '?'}taken={len(cases)}")


def office_above(visit: Visit) -> str:
    """The office in which somebody watches this place from above; the highest one."""
    if visit.here.is_any(*AT_THEIR_DESKS):
        return ""
    return next((office for office in ("district", "street") if visit.here.is_any(office)), "")


def _may_read(visit: Visit, row: Any) -> bool:
    """What is private is counted for officers, and not named."""
    return row.audience != "parties" or reads(row, visit.actor.id, visit.here)
