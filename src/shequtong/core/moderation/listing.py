"""The words of a committee that hold whatever contains them."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session

from shequtong.core.identity.actor import Actor
from shequtong.core.moderation.models import ListedWord
from shequtong.lib import clock
from shequtong.lib.bigrams import squeeze
from shequtong.lib.db import insert_or_nothing

SHORTEST = 2


def add(session: Session, code: str, word: str, by: Actor) -> bool:
    """List a word; False when it is so short that it would hold nearly everything."""
    folded = squeeze(word)
    if len(folded) < SHORTEST:
        return False
    insert_or_nothing(session, ListedWord, code=code, word=folded, by_id=by.id, at=clock.now())
    return True


def remove(session: Session, code: str, word: str) -> None:
    """Take a word off the list."""
    session.execute(delete(ListedWord).where(ListedWord.code == code, ListedWord.word == word))
