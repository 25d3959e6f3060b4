"""The plans of a community's compounds: for staff to hang, for members to see."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from shequtong.core.communities.addressing import Entered, here
from shequtong.core.communities.models import Compound
from shequtong.core.communities.visiting import Visit
from shequtong.core.media import hanging, plans, storing
from shequtong.lib.errors import NotFound, SignInNeeded
from shequtong.lib.i18n import gettext as _
from shequtong.lib.images import ImageRefused
from shequtong.lib.web import Db, Submitted, page, permission, see_other
from shequtong.lib.web import router as pages

router = pages()

Staff = Annotated[Visit, here("clerk", "secretary")]


@permission("member")
async def belongs_here(visit: Entered) -> Visit:
    if not visit.here.member:
        raise NotFound if visit.signed_in else SignInNeeded
    return visit


@router.get("/c/{code}/plans")
def show_plans(request: Request, visit: Staff, db: Db) -> Response:
    """Every compound with its plan."""
    return _show(request, visit, db)


@router.post("/c/{code}/plans/{compound_id}")
def hang_plan(request: Request, visit: Staff, compound_id: int, sent: Submitted, db: Db) -> Response:
    """Hang a plan, or take it down (`remove`)."""
    compound = db.get(Compound, compound_id)
    if compound is None or compound.code != visit.community.code:
        raise NotFound
    if sent.get("remove"):
        plans.take_down(db, compound)
        return see_other(f"/c/{visit.community.code}/plans")
    upload = sent.get("plan")
    if not (isinstance(upload, UploadFile) and upload.filename):
        return _show(request, visit, db, {compound_id: _("Choose a picture of the plan.")})
    try:
        hanging.hang(db, visit.actor, compound, upload.file.read(), upload.filename)
    except ImageRefused as refused:
        return _show(request, visit, db, {compound_id: str(refused.words)})
    return see_other(f"/c/{visit.community.code}/plans")


@router.get("/c/{code}/plans/{compound_id}/{size}")
def show_picture(
    visit: Annotated[Visit, Depends(belongs_here)], compound_id: int, size: str, db: Db
) -> Response:
    """The picture of a plan."""
    picture = plans.find_picture(db, visit.community.code, compound_id)
    if picture is None:
        raise NotFound
    return storing.file_of(picture, size)


def _show(request: Request, visit: Visit, db: Any, wrong: dict[int, str] | None = None) -> Response:
    code = visit.community.code
    return page(
        request,
        "communities/plans.html",
        block="plans",
        status=422 if wrong else 200,
        community=visit.community,
        compounds=plans.compounds(db, code),
        plans={plan.compound_id: plan for plan in plans.plans(db, code)},
        wrong=wrong or {},
    )
