"""Replies that begin with a template."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session

from shequtong.core.duties.models import ReplyTemplate
from shequtong.core.identity.actor import Actor
from shequtong.lib import clock
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _

MOST = 60
"""Templates of one committee: more than that nobody finds again."""


def add(session: Session, code: str, by: Actor, title: str, words: str) -> ReplyTemplate:
    """Keep a template. Raises Conflict when the committee has too many."""
    if (session.scalar(select(func.count()).where(ReplyTemplate.code == code)) or 0) >= MOST:
        raise Conflict(_("There are enough templates. Take one off the list first."))
    made = ReplyTemplate(code=code, title=title, words=words, by_id=by.id, at=clock.now())
    session.add(made)
    session.flush()
    return made


def begin(words: str, name: str) -> str:
    """A template's words to somebody by name."""
    return words.replace("{name}", name)
