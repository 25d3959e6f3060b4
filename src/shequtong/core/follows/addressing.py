"""From /u/{account_id} to a person, for those who share a community with them (A2)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from shequtong.core.follows.queries import Person, find_person
from shequtong.lib.errors import NotFound, SignInNeeded
from shequtong.lib.web import Db, Recognised, permission, placed


@permission("shares a community")
async def acquainted(account_id: int, visit: Recognised, db: Db) -> Person:
    """The person of the address, as this visitor may see them."""
    if not visit.signed_in:
        raise SignInNeeded
    person = await placed(find_person, db, account_id, visit.actor) if 0 < account_id < 2**63 else None
    if person is None:
        raise NotFound
    return person


Acquainted = Annotated[Person, Depends(acquainted)]
