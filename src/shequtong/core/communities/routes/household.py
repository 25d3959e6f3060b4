"""My homes: who belongs to them, who asks to, and moving out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from shequtong.core.communities import joining, places, queries
from shequtong.core.communities.forms import KINDS, RefusalForm
from shequtong.core.communities.models import Membership
from shequtong.core.communities.policy import ClaimCase, offers, represents
from shequtong.core.communities.visiting import Visit
from shequtong.core.identity import looking
from shequtong.lib.errors import Invalid, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.web import Db, Submitted, page, permission, see_other, signed_in
from shequtong.lib.web import router as pages

router = pages()

Me = Annotated[Visit, Depends(signed_in)]
DONE = {
    "approve": _l("They belong to your home now."),
    "refuse": _l("Refused. They can read why, and ask again."),
    "represent": _l("They speak for the household now."),
    "leave": _l("You do not belong to that home any more."),
    "withdraw": _l("You have taken your request back."),
}


@permission("own claim, or representative of its dwelling")
def claim_at_home(visit: Me, claim_id: int, db: Db) -> Membership:
    found = db.get(Membership, claim_id) if 0 < claim_id < 2**63 else None
    if found is None or not (
        found.account_id == visit.actor.id or represents(visit.actor, found.dwelling_id)
    ):
        raise NotFound
    return found


AtHome = Annotated[Membership, Depends(claim_at_home)]


@router.get("/me/household")
def show_household(request: Request, visit: Me, db: Db, done: str = "") -> Response:
    """The dwellings I belong to or ask for, and who else is there."""
    return _show(request, visit, db, done=done)


@router.post("/me/household/{claim_id}/decisions")
def decide(request: Request, visit: Me, claim: AtHome, sent: Submitted, db: Db) -> Response:
    """As representative: approve or refuse somebody of one's home, or let them represent it."""
    name = str(sent.get("name", ""))
    if name == "approve":
        joining.approve(db, claim, visit.actor)
    elif name == "refuse":
        form = RefusalForm.read(sent)
        if form.errors:
            return _show(request, visit, db, wrong={claim.id: form}, status=422)
        joining.refuse(db, claim, visit.actor, form.value.reason)
    elif name == "represent":
        joining.make_representative(db, claim, visit.actor)
    else:
        raise Invalid
    return see_other(f"/me/household?done={name}")


@router.post("/me/household/{claim_id}/leave")
def leave(visit: Me, claim: AtHome, _sent: Submitted, db: Db) -> Response:
    """Move out, or take back a request."""
    done = "leave" if claim.state == "approved" else "withdraw"
    joining.leave(db, claim, visit.actor)
    return see_other(f"/me/household?done={done}")


def _show(
    request: Request,
    visit: Visit,
    db: Any,
    *,
    done: str = "",
    wrong: dict[int, BoundForm[Any]] | None = None,
    status: int = 200,
) -> Response:
    places.own_communities(db, visit)
    homes = queries.own_claims(db, visit.actor.id or 0)
    return page(
        request,
        "communities/household.html",
        block="homes",
        status=status,
        homes=[(home, _company(db, home)) for home in homes],
        kinds=KINDS,
        masked=looking,
        done=DONE.get(done),
        wrong=wrong or {},
        refusal=RefusalForm.blank,
        may=lambda claim, action: offers(ClaimCase(visit.actor, claim), action),
    )


def _company(db: Any, home: Any) -> list[Any]:
    """Who else belongs to a home, and for its representative who asks to."""
    if home.state != "approved":
        return []
    others = [row for row in queries.household(db, home.dwelling_id) if row.id != home.id]
    return [row for row in others if row.state == "approved" or home.representative]
