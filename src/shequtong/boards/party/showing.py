"""What the page of a deed tells besides: who takes part, what they did, thanks, and the way of a wish. One query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Date,
    Integer,
    String,
    bindparam,
    cast,
    literal,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.boards.party import wishing
from shequtong.boards.party.claiming import SHOWS
from shequtong.boards.party.models import Claim, Thanks, Wisher, Work
from shequtong.core.identity.looking import masked_name, masked_room
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Participation
from shequtong.core.posts.policy import Case, author, staff
from shequtong.lib.crypto import EncryptedText
from shequtong.lib.db import at_most, rows

LEAST = 5
"""Stars of fewer neighbours are not shown (product rule 4)."""
MOST = 300
"""So many claims, works and thanks of each sort a page shows."""

_post: Any = bindparam("post_id")


def _parts(what: str, table: Any, **columns: Any) -> Any:
    """Rows of one sort with the columns of all."""
    usual = {
        "id": literal(0),
        "badge": literal(None, EncryptedText()),
        "words": literal("", String()),
        "done_on": cast(null(), Date()),
        "photos": cast(null(), JSON()),
        "state": literal("", String()),
        "answer": literal("", String()),
        "stars": cast(null(), Integer()),
        "at": table.at,
    }
    told = [column.label(name) for name, column in (usual | columns).items()]
    return (
        select(literal_column(f"'{what}'").label("what"), Account.id.label("account_id"), Account.name, *told)
        .join_from(table, Account, Account.id == table.account_id)
        .where(table.post_id == _post)
    )


def _everything() -> Any:
    claims = (
        _parts("claim", Participation, badge=Claim.badge, words=Participation.note)
        .outerjoin(
            Claim,
            (Claim.post_id == Participation.post_id) & (Claim.account_id == Participation.account_id),
        )
        .where(Participation.name == "claim")
        .order_by(Participation.at)
        .limit(at_most(MOST))
    )
    works = _parts(
        "work",
        Work,
        id=Work.id,
        words=Work.words,
        done_on=Work.done_on,
        photos=Work.photos,
        state=Work.state,
        answer=Work.answer,
    )
    thanks = _parts("thanks", Thanks, words=Thanks.words, stars=Thanks.stars)
    sorts = [
        select(sort.order_by(at).limit(at_most(MOST)).subquery())
        for sort, at in ((claims.order_by(None), Participation.at), (works, Work.id), (thanks, Thanks.at))
    ]
    return union_all(*sorts)


_EVERYTHING = _everything()


def of_deed(session: Session, case: Case) -> dict[str, Any]:
    """Claims for those who plan it; names of those who show themselves, works and thanks for all who read it.

    A work that is not confirmed is read by who did it and by those who plan. Stars are an average of many.
    """
    found = list(rows(session, _EVERYTHING, post_id=case.post.id).all())
    plans = staff(case) or author(case)
    claims = [row for row in found if row.what == "claim"]
    members = {row.account_id for row in claims if row.badge == SHOWS}
    works = [
        row
        for row in found
        if row.what == "work" and (row.state == "confirmed" or plans or row.account_id == case.actor.id)
    ]
    thanks = [row for row in found if row.what == "thanks"]
    stars = [row.stars for row in thanks]
    return {
        "claimers": claims if plans else [row for row in claims if row.account_id in members],
        "plans": plans,
        "members": members,
        "works": works,
        "thanks": [row for row in thanks if row.words],
        "average": f"{sum(stars) / len(stars):.1f}" if len(stars) >= LEAST else "",
        "rated": len(stars),
        "i_show": case.actor.id in members,
        "i_claimed": "claim" in case.parts,
    }


def pictures(timeline: Sequence[Any]) -> list[Any]:
    """The pictures of a report, and of a wish that was fulfilled: [id, width, height, alt] of each."""
    told = [row for row in timeline if row.what == "move" and row.name in ("finish", "fulfil")]
    return [photo for row in told for photo in (row.facts or {}).get("photos", [])]


_asker, _adopter = aliased(Account), aliased(Account)
_WISH: Any = (
    select(
        Wisher.account_id,
        Wisher.person,
        Wisher.door,
        Wisher.shares,
        _asker.name.label("asker"),
        _adopter.name.label("adopter"),
    )
    .select_from(Account)
    .outerjoin(Wisher, Wisher.post_id == _post)
    .outerjoin(_asker, _asker.id == bindparam("asker_id"))
    .outerjoin(_adopter, _adopter.id == bindparam("adopter_id"))
    .where(Account.id == bindparam("me"))
)


def of_wish(session: Session, case: Case) -> dict[str, Any]:
    """Whose wish it is and who adopted it, for those who may know; masked for staff, who open it with a reason."""
    deed = case.detail
    if not (staff(case) or wishing.asker(case) or wishing.adopter(case)):
        return {"person": "", "adopter": None, "handed_over": False}
    values = {"me": case.actor.id, "asker_id": deed.asked_by_id or 0, "adopter_id": deed.adopter_id or 0}
    row = rows(session, _WISH, post_id=case.post.id, **values).one()
    opened = wishing.may_read_wisher(case, row)
    person, door = row.person or "", row.door or ""
    if not opened:
        person, door = masked_name(person), masked_room(door)
    return {
        "adopter": None if wishing.adopter(case) else row.adopter,
        "asker": row.asker if staff(case) else None,
        "person": person if opened or staff(case) else "",
        "door": door,
        "handed_over": wishing.adopter(case) and not opened,
        "looks": staff(case) and not opened,
    }
