"""What people looked for in the handbook and did not find: a list for the committee, without the people.

Words are kept as they are folded for searches. What holds a number as long as a phone's or an identity card's, or a
room, is not kept at all. Different people are counted by a keyed sum of sixteen bits for each of the words: it tells
two searches of one person from those of two, and nobody which person it was.
"""

from __future__ import annotations

import hmac
import re
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlmodel import Session

from shequtong.boards.guides.models import Guide, Missed, MissedBy
from shequtong.core.posts.events import PostEdited
from shequtong.core.posts.models import Post
from shequtong.core.search.events import NothingFound
from shequtong.lib import clock, crypto
from shequtong.lib.bigrams import terms
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Conflict
from shequtong.lib.events import publish as tell
from shequtong.lib.i18n import gettext as _

SHORTEST, LONGEST = 2, 24
"""Characters of words that say what is looked for; longer ones are a story, and stories hold names."""
MOST = 300
"""Words that wait at one committee. A new one takes the place of what fewest have missed, longest ago."""
LONGEST_CALLED = 500
_PERSONAL = re.compile(r"\d[\d\s-]{3,}|\d+\s*(?:室|号楼|幢|弄)|@")


def words_of(typed: str) -> str:
    """What was typed, as it is kept and counted; empty for what is not kept."""
    words = " ".join(terms(typed))
    fit = SHORTEST <= len(words) <= LONGEST and not _PERSONAL.search(words)
    return words if fit and any(character.isalpha() for character in words) else ""


def on_nothing_found(session: Session, event: NothingFound) -> None:
    """Count one more person who looked for these words in vain."""
    words = words_of(event.words)
    if not words:
        return
    here = Missed.code == event.code
    missed = session.scalars(select(Missed).where(here, Missed.words == words).with_for_update()).first()
    if missed is None:
        if (session.scalar(select(func.count()).select_from(Missed).where(here)) or 0) >= MOST:
            least = select(Missed.id).where(here).order_by(Missed.people, Missed.last_on, Missed.id).limit(1)
            session.execute(delete(Missed).where(Missed.id == least.scalar_subquery()))
        insert_or_nothing(session, Missed, code=event.code, words=words, people=0, last_on=clock.today())
        missed = session.scalars(select(Missed).where(here, Missed.words == words)).one()
    if insert_or_nothing(session, MissedBy, missed_id=missed.id, mark=_mark(missed, event.account_id)):
        this = update(Missed).where(Missed.id == missed.id)
        session.execute(
            this.values(people=Missed.people + 1, last_on=clock.today()).execution_options(
                synchronize_session=False
            )
        )


def waiting(session: Session, code: str) -> list[Any]:
    """What was missed here, by most people first."""
    order = Missed.people.desc(), Missed.last_on.desc(), Missed.id
    return list(session.scalars(select(Missed).where(Missed.code == code).order_by(*order).limit(MOST)))


def find(session: Session, code: str, missed_id: int) -> Missed | None:
    """One entry of this place's list."""
    found = session.get(Missed, missed_id) if 0 < missed_id < 2**63 else None
    return found if found is not None and found.code == code else None


def answered_by(session: Session, missed: Missed, post: Post) -> None:
    """This guide answers it: whoever uses the same words finds it from now on, and the entry is closed."""
    guide = session.get_one(Guide, post.id)
    called = [line for line in guide.also_called.splitlines() if line]
    if missed.words not in called:
        called.append(missed.words)
    if len("\n".join(called)) > LONGEST_CALLED:
        raise Conflict(_("This guide has too many everyday words already. Take some out first."))
    guide.also_called = "\n".join(called)
    session.flush()
    tell(session, PostEdited(post))
    put_away(session, missed)


def put_away(session: Session, missed: Missed) -> None:
    """Take an entry off the list."""
    session.execute(delete(Missed).where(Missed.id == missed.id))


def _mark(missed: Missed, account_id: int) -> int:
    said = f"{missed.id} {missed.code} {missed.words} {account_id}".encode()
    return int.from_bytes(hmac.digest(crypto.keyring().derive("missed words"), said, "sha256")[:2])
