"""Short codes by which a committee is found: on a poster, over the telephone, by an old hand on a small screen."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlmodel import Session

from shequtong.core.communities.models import Division

LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""No 0 and O, 1, I and L to mistake for each other, no vowels to spell a word with."""
LENGTH = 6


def new_join_codes(session: Session, count: int) -> list[str]:
    """So many codes that no committee has."""
    taken = set(session.scalars(select(Division.join_code).where(Division.join_code.is_not(None))))
    made: list[str] = []
    while len(made) < count:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        if code not in taken and not code.isdigit():
            taken.add(code)
            made.append(code)
    return made


def folded(typed: str) -> str:
    """A code as it is kept, however it was typed: `b7-k2 nq` is `B7K2NQ`."""
    return "".join(c for c in typed.upper() if c.isalnum())
