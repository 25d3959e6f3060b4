"""From an address to a place: which community or division, and what this visitor is there."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from shequtong.core.communities.visiting import Visit, find_community
from shequtong.lib.errors import NotFound, SignInNeeded
from shequtong.lib.web import Db, Recognised, permission, placed


async def in_community(code: str, visit: Recognised, db: Db) -> Visit:
    """The visitor, standing in the community that the address names."""
    community = await placed(find_community, db, code) if code.isascii() and code.isdigit() else None
    if community is None or community.ended_at is not None:
        raise NotFound
    visit.enter(community)
    return visit


Entered = Annotated[Visit, Depends(in_community)]


@permission("anyone, in a community")
async def community_page(visit: Entered) -> Visit:
    return visit


def here(*names: str) -> Any:
    """A dependency: the visitor holds one of these roles in the community of the address."""

    @permission(" or ".join(names))
    async def decide(visit: Entered) -> Visit:
        if not visit.here.is_any(*names):
            raise SignInNeeded if not visit.signed_in else NotFound
        return visit

    return Depends(decide)


def division_page(*names: str) -> Any:
    """A dependency: the visitor holds one of these roles in the city, district or street of the address.

    The division stands in `visit.community`, as communities do.
    """

    @permission(" or ".join(names))
    async def decide(visit: Entered) -> Visit:
        if visit.community.level == "committee" or not visit.here.is_any(*names):
            raise SignInNeeded if not visit.signed_in else NotFound
        return visit

    return decide
