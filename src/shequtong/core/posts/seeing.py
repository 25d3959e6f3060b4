"""What a reader may see wherever it was posted: `queries.visible` for pages that cross communities (A3).

A reader is at home in some communities and serves in others; an officer's role holds in all divisions below.
Every condition takes the parameters of `reader(actor)`; `wide(actor)` says which of its two forms is needed.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, func, or_

from shequtong.core.communities.models import OFFICES
from shequtong.core.communities.standing import STAFF
from shequtong.core.identity.actor import Actor
from shequtong.core.posts.models import Post
from shequtong.core.posts.queries import AS_NEIGHBOURS, KEPT, silenced

COMMITTEE = 12
"""Digits of a committee's code."""


def wide(actor: Actor) -> bool:
    """Does a role of this reader hold in more than one committee?"""
    return any(len(role.code) < COMMITTEE for role in actor.roles)


def reader(actor: Actor) -> dict[str, Any]:
    """Values for the parameters of everything below."""
    held = [role for role in actor.roles if role.name != "applicant"]
    return {
        "me": actor.id or 0,
        "member_at": sorted({role.code for role in held}) or [""],
        "serves_at": sorted({role.code for role in held if role.name in OFFICES}) or [""],
        "staff_at": sorted({role.code for role in held if role.name in STAFF}) or [""],
        "held_at": sorted({f"{role.name}@{role.code}" for role in held}) or [""],
        "my_buildings": sorted({role.building_id for role in held if role.building_id}) or [0],
    }


def visible(wide: bool) -> Any:
    """Posts this reader may see: clear ones for their audience, and their own in any state."""
    reaches = or_(
        and_(Post.audience == "community", _at("member_at", wide)),
        Post.audience == "public",
        and_(Post.audience == "building", Post.building_id.in_(bindparam("my_buildings", expanding=True))),
        and_(Post.audience == "parties", _handles(wide)),
        _at("staff_at", wide),
    )
    unseen = or_(Post.moderation == "clear", _at("staff_at", wide))
    return and_(KEPT, or_(and_(unseen, reaches), Post.author_id == bindparam("me")))


def named(wide: bool) -> Any:
    """Posts whose author's name this reader may know: residents' names are for neighbours."""
    return or_(_at("member_at", wide), Post.author_role != "", Post.author_id == bindparam("me"))


def unmuted(wide: bool) -> Any:
    """What is by nobody the reader has muted or is blocked by, or is heard all the same."""
    in_office = Post.author_role.not_in(AS_NEIGHBOURS)
    return or_(~silenced(), in_office, _at("staff_at", wide), _handles(wide))


def _handles(wide: bool) -> Any:
    return or_(
        and_(Post.assignee_id == bindparam("me"), _at("serves_at", wide)),
        *((Post.handler + "@" + at).in_(bindparam("held_at", expanding=True)) for at in _places(wide)),
    )


def _at(codes: str, wide: bool) -> Any:
    return or_(*(at.in_(bindparam(codes, expanding=True)) for at in _places(wide)))


def _places(wide: bool) -> list[Any]:
    """A post's place and, where it matters, the divisions above it."""
    return [Post.code, *(func.substr(Post.code, 1, length) for length in (2, 6, 9))] if wide else [Post.code]
