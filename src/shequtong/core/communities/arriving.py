"""The front page, and the way from there to where somebody belongs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import bindparam, select
from sqlmodel import Session
from starlette.responses import Response

from shequtong.core.communities.models import Division
from shequtong.core.communities.places import own_communities
from shequtong.core.communities.visiting import Visit
from shequtong.core.identity.forms import SignInForm
from shequtong.lib.db import rows
from shequtong.lib.errors import NotFound
from shequtong.lib.web import Db, page, public, see_other, signed_in
from shequtong.lib.web import router as pages

router = pages()

_BELOW = (
    select(Division.code, Division.name, Division.level, Division.residents)
    .where(Division.parent_code == bindparam("code"), Division.ended_at.is_(None))
    .order_by(Division.code)
)


@router.get("/")
def front_page(request: Request, visit: Annotated[Visit, Depends(public)]) -> Response:
    """Who is signed in goes home; a visitor signs in, or finds their committee."""
    if visit.signed_in:
        return see_other("/home")
    return page(request, "communities/front.html", form=SignInForm.blank(), going="/")


@router.get("/c")
def own_community(
    request: Request, visit: Annotated[Visit, Depends(signed_in)], db: Db, within: str = ""
) -> Response:
    """To one's own community; an officer chooses among those below."""
    own = own_communities(db, visit) or _cities(db, visit)
    if not within:
        if not own:
            return page(request, "communities/nowhere.html")
        if own[0].level == "committee":
            return see_other(f"/c/{own[0].code}")
    top = next((place for place in own if within.startswith(place.code)), None) if within else own[0]
    if top is None:
        raise NotFound
    return page(
        request,
        "communities/below.html",
        top=top,
        path=_path(db, top.code, within),
        below=_below(db, within or top.code),
    )


def _cities(session: Session, visit: Visit) -> list[Any]:
    """The cities whose administrator this is."""
    codes = {role.code for role in visit.actor.roles}
    return list(session.execute(select(Division.__table__).where(Division.code.in_(codes))).all())


def _below(session: Session, code: str) -> list[Any]:
    return list(rows(session, _BELOW, code=code).all())


def _path(session: Session, top: str, within: str) -> list[Any]:
    """The divisions from the officer's own down to the one that is open."""
    codes = [within[:length] for length in (2, 6, 9) if len(top) <= length <= len(within)]
    found = select(Division.code, Division.name).where(Division.code.in_(codes)).order_by(Division.code)
    return list(session.execute(found).all())
