"""The committee's queue of claims, and one claim with its record."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.responses import Response

from shequtong.core.communities import helping, joining, queries
from shequtong.core.communities.addressing import here
from shequtong.core.communities.forms import (
    CLAIM_STATES,
    KINDS,
    LOOKING,
    STEPS,
    EndingForm,
    LinkForm,
    LookForm,
    RefusalForm,
)
from shequtong.core.communities.models import Membership
from shequtong.core.communities.policy import ClaimCase, allows, offers
from shequtong.core.communities.visiting import Visit
from shequtong.core.identity import looking, resetting
from shequtong.core.identity.models import Account
from shequtong.lib.errors import Forbidden, Invalid, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.web import Db, Submitted, page, permission, see_other
from shequtong.lib.web import router as pages

router = pages()

Staff = Annotated[Visit, here("clerk", "secretary")]
Secretary = Annotated[Visit, here("secretary")]
DONE = {
    "approve": _l("They belong to the community now."),
    "conflict": _l("Somebody owns this dwelling already. Decide whether there are two owners."),
    "approve_as_co_owner": _l("The dwelling has one owner more now."),
    "refuse": _l("Refused. They can read why, and ask again."),
    "end": _l("They do not belong to this dwelling any more."),
    "represent": _l("They speak for the household now."),
}
"""What just happened, by the word in `?done=`."""


@permission("clerk or secretary, a claim of their community")
def claim_here(visit: Staff, claim_id: int, db: Db) -> Membership:
    found = db.get(Membership, claim_id) if 0 < claim_id < 2**63 else None
    if found is None or found.code != visit.community.code:
        raise NotFound
    return found


Claimed = Annotated[Membership, Depends(claim_here)]


@router.get("/c/{code}/joins")
def show_queue(
    request: Request,
    visit: Staff,
    db: Db,
    after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
    show: str = "",
    done: str = "",
) -> Response:
    """Who asks to join, oldest first; or what was decided last."""
    return _queue(request, visit, db, after=after, show=show, done=done)


@router.get("/c/{code}/joins/{claim_id}")
def show_claim(request: Request, visit: Staff, claim: Claimed, db: Db, done: str = "") -> Response:
    """A claim: its person, masked; its door; what was decided, by whom and why."""
    return _claim(request, visit, db, claim.id, done=done)


@router.post("/c/{code}/joins/{claim_id}/decisions")
def decide(request: Request, visit: Staff, claim: Claimed, sent: Submitted, db: Db) -> Response:
    """Decide a claim: approve, approve_as_co_owner or refuse it; or end a membership, or let it represent."""
    name = str(sent.get("name", ""))
    asked = {"refuse": RefusalForm, "end": EndingForm}.get(name)
    reason = ""
    if asked is not None:
        form = asked.read(sent)
        if form.errors:
            return _again(request, visit, db, claim, name, form, sent)
        reason = form.value.reason
    done = _decide(db, visit, claim, name, reason)
    back = f"/c/{visit.community.code}/joins"
    return see_other(
        f"{back}?done={done}" if sent.get("from") == "queue" else f"{back}/{claim.id}?done={done}"
    )


@router.post("/c/{code}/joins/{claim_id}/looks")
def look(request: Request, visit: Staff, claim: Claimed, sent: Submitted, db: Db) -> Response:
    """Show what is masked, after a reason; the person will read who looked and why (P2)."""
    if not allows(ClaimCase(visit.actor, claim), "look"):
        raise Forbidden
    form = LookForm.read(sent)
    if form.errors:
        return _claim(request, visit, db, claim.id, look_form=form, status=422)
    why = str(dict(LOOKING)[form.value.reason])
    reason = f"{why}：{form.value.note}" if form.value.note else why
    looking.look(db, claim.account_id, visit.actor.id or 0, looking.PROTECTED, reason)
    return _claim(request, visit, db, claim.id, open=True)


@router.post("/c/{code}/joins/{claim_id}/password-link")
def make_password_link(
    request: Request, visit: Secretary, claim: Claimed, sent: Submitted, db: Db
) -> Response:
    """A link with which a member who forgot their password sets a new one; they will read who made it and why."""
    account = db.get_one(Account, claim.account_id)
    if not helping.may_help(db, visit.actor, claim):
        raise Forbidden(
            _("Who belongs to another community too, or holds an office elsewhere, gets a new link there.")
        )
    form = LinkForm.read(sent)
    if form.errors:
        return _claim(request, visit, db, claim.id, link_form=form, status=422)
    looking.look(db, account.id, visit.actor.id or 0, ("password_link",), form.value.reason)
    return page(
        request,
        "communities/invited.html",
        who=account,
        link=request.app.state.settings.base_url + resetting.make_link(db, account.id),
        back=f"/c/{visit.community.code}/joins/{claim.id}",
    )


def _decide(db: Any, visit: Visit, claim: Membership, name: str, reason: str) -> str:
    """Do it; the word for what was done."""
    if name == "approve":
        return "conflict" if joining.approve(db, claim, visit.actor).state == "conflict" else name
    if name == "approve_as_co_owner":
        joining.approve_as_co_owner(db, claim, visit.actor)
    elif name == "refuse":
        joining.refuse(db, claim, visit.actor, reason)
    elif name == "end":
        joining.end(db, claim, visit.actor, reason)
    elif name == "represent":
        joining.make_representative(db, claim, visit.actor)
    else:
        raise Invalid
    return name


def _again(
    request: Request, visit: Visit, db: Any, claim: Membership, name: str, form: BoundForm[Any], sent: Any
) -> Response:
    if sent.get("from") == "queue":
        return _queue(request, visit, db, wrong={claim.id: form}, status=422)
    return _claim(request, visit, db, claim.id, wrong={name: form}, status=422)


def _queue(
    request: Request,
    visit: Visit,
    db: Any,
    *,
    after: int = 0,
    show: str = "",
    done: str = "",
    wrong: dict[int, BoundForm[Any]] | None = None,
    status: int = 200,
) -> Response:
    code = visit.community.code
    found = queries.decided(db, code) if show == "decided" else queries.waiting(db, code, after)
    more = show != "decided" and len(found) > queries.PAGE
    return page(
        request,
        "communities/joins.html",
        block="queue",
        status=status,
        claims=found[: queries.PAGE],
        next=found[queries.PAGE - 1].id if more else None,
        waiting=queries.waiting_count(db, code),
        show=show,
        wrong=wrong or {},
        refusal=RefusalForm.blank,
        **_words(visit, done),
    )


def _claim(
    request: Request,
    visit: Visit,
    db: Any,
    claim_id: int,
    *,
    open: bool = False,
    done: str = "",
    look_form: BoundForm[Any] | None = None,
    link_form: BoundForm[Any] | None = None,
    wrong: dict[str, BoundForm[Any]] | None = None,
    status: int = 200,
) -> Response:
    claim = queries.claim(db, claim_id)
    assert claim is not None
    others = [row for row in queries.household(db, claim.dwelling_id) if row.id != claim_id]
    return page(
        request,
        "communities/claim.html",
        block="claim",
        status=status,
        claim=claim,
        others=others,
        steps=queries.steps(db, claim_id),
        step_words=STEPS,
        open=open,
        look_form=look_form or LookForm.blank(),
        refusal=(wrong or {}).get("refuse") or RefusalForm.blank(),
        link_form=link_form or LinkForm.blank(),
        may_help=helping.may_help(db, visit.actor, claim),
        ending=(wrong or {}).get("end") or EndingForm.blank(),
        asked=set(wrong or ()),
        **_words(visit, done),
    )


def _words(visit: Visit, done: str) -> dict[str, Any]:
    return {
        "community": visit.community,
        "kinds": KINDS,
        "states": CLAIM_STATES,
        "masked": looking,
        "done": DONE.get(done),
        "may": lambda claim, action: offers(ClaimCase(visit.actor, claim), action),
    }
