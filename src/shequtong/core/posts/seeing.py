"""What a reader may see wherever it was posted: `queries.visible` for pages that cross communities (A3).

A reader is at home in some communities and serves in others; an officer's role holds in all divisions below.
Every condition takes the parameters of `reader(actor)`; `reach(actor)` says which of its forms is needed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, false, func, or_

from shequtong.core.communities.models import OFFICES
from shequtong.core.communities.standing import STAFF
from shequtong.core.identity.actor import Actor
from shequtong.core.posts.models import Post
from shequtong.core.posts.queries import AS_NEIGHBOURS, CLEAR, KEPT, silenced

COMMITTEE = 12
"""Digits of a committee's code."""


class Reach(NamedTuple):
    """How far a reader's roles reach: beyond single committees (`wide`), into what is handed to an office
    (`serves`), into a committee's desk (`staff`). What nobody asks, the database is not asked."""

    wide: bool
    serves: bool
    staff: bool


def reach(actor: Actor) -> Reach:
    return Reach(
        any(len(role.code) < COMMITTEE for role in actor.roles),
        any(role.name in OFFICES for role in actor.roles),
        any(role.name in STAFF for role in actor.roles),
    )


def reader(actor: Actor) -> dict[str, Any]:
    """Values for the parameters of everything below."""
    held = [role for role in actor.roles if role.name != "applicant"]
    return {
        "me": actor.id or 0,
        "member_at": sorted({role.code for role in held}) or [""],
        "serves_at": sorted({role.code for role in held if role.name in OFFICES}) or [""],
        "staff_at": sorted({role.code for role in held if role.name in STAFF}) or [""],
        "held_at": sorted({f"{role.name}@{role.code}" for role in held if role.name in OFFICES}) or [""],
        "my_buildings": sorted({role.building_id for role in held if role.building_id}) or [0],
    }


def visible(reach: Reach) -> Any:
    """Posts this reader may see: clear ones for their audience, and their own in any state."""
    reaches = or_(
        and_(Post.audience == "community", _at("member_at", reach)),
        Post.audience == "public",
        and_(Post.audience == "building", Post.building_id.in_(bindparam("my_buildings", expanding=True))),
        and_(Post.audience == "parties", _handles(reach)),
        _staff(reach),
    )
    unseen = or_(Post.moderation == CLEAR, _staff(reach))
    return and_(KEPT, or_(and_(unseen, reaches), Post.author_id == bindparam("me")))


def named(reach: Reach) -> Any:
    """Posts whose author's name this reader may know: residents' names are for neighbours."""
    return or_(_at("member_at", reach), Post.author_role != "", Post.author_id == bindparam("me"))


def unmuted(reach: Reach) -> Any:
    """What is by nobody the reader has muted or is blocked by, or is heard all the same."""
    in_office = Post.author_role.not_in(AS_NEIGHBOURS)
    in_hand = or_(_in_hand(), _handed(reach))
    return or_(~silenced(), in_office, _staff(reach), in_hand)


def _staff(reach: Reach) -> Any:
    return _at("staff_at", reach) if reach.staff else false()


def _handles(reach: Reach) -> Any:
    """Assigned to the reader as long as they serve there, or handed to an office they hold."""
    if not reach.serves:
        return false()
    return or_(and_(_in_hand(), _at("serves_at", reach)), _handed(reach))


def _in_hand() -> Any:
    return or_(Post.assignee_id == bindparam("me"), Post.deputy_id == bindparam("me"))


def _handed(reach: Reach) -> Any:
    if not reach.serves:
        return false()
    return or_(
        *((Post.handler + "@" + at).in_(bindparam("held_at", expanding=True)) for at in _places(reach))
    )


def _at(codes: str, reach: Reach) -> Any:
    return or_(*(at.in_(bindparam(codes, expanding=True)) for at in _places(reach)))


def _places(reach: Reach) -> list[Any]:
    """A post's place and, where it matters, the divisions above it."""
    above = [func.substr(Post.code, 1, length) for length in (2, 6, 9)] if reach.wide else []
    return [Post.code, *above]
