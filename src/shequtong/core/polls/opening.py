"""Writing the questions of a poll, opening it, and closing it before its time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlmodel import Session

from shequtong.core.polls import closing
from shequtong.core.polls.models import Poll, Question
from shequtong.core.posts import hanging
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, Invalid, NotFound
from shequtong.lib.i18n import gettext as _

NAME = "poll"
MOST_QUESTIONS = 12
LONGEST = timedelta(days=180)


def lock(session: Session, post_id: int) -> Poll:
    """The poll as it is now; whoever else answers or writes questions waits. Raises NotFound where none hangs."""
    mine = select(Poll).where(Poll.post_id == post_id).with_for_update()
    found = session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def ask(session: Session, case: Case, kind: str, words: str, options: list[str]) -> Question:
    """Add a question to the poll on the case's post; the first one hangs the poll there, as a draft.

    Raises Forbidden where none may hang, Conflict once it is open, Invalid for too many.
    """
    if NAME not in case.post.carries:
        hanging.hang(session, case, NAME)
        session.add(Poll(post_id=case.post.id, code=case.post.code))
        session.flush()
    poll = _draft(session, case)
    last = session.scalar(select(func.max(Question.number)).where(Question.post_id == poll.post_id)) or 0
    held = session.scalar(select(func.count()).where(Question.post_id == poll.post_id)) or 0
    if held >= MOST_QUESTIONS:
        raise Invalid(_("More than 12 questions nobody answers to the end."))
    question = Question(post_id=poll.post_id, number=last + 1, kind=kind, words=words, options=options)
    session.add(question)
    session.flush()
    return question


def take_out(session: Session, case: Case, number: int) -> None:
    """Take a question out of a draft."""
    poll = _draft(session, case)
    session.execute(delete(Question).where(Question.post_id == poll.post_id, Question.number == number))


def open_poll(session: Session, case: Case, unit: str, shows: str, closes_at: datetime) -> Poll:
    """Let people answer until `closes_at`. Raises Invalid without a question, or for a time nobody can use."""
    poll = _draft(session, case)
    if wrong := mistake(closes_at):
        raise Invalid(wrong)
    if not session.scalar(select(func.count()).where(Question.post_id == poll.post_id)):
        raise Invalid(_("Write a question first"))
    poll.unit, poll.shows, poll.closes_at, poll.state = unit, shows, closes_at, "open"
    session.flush()
    return poll


def mistake(closes_at: datetime) -> str:
    """What is wrong with a last moment; "" for nothing."""
    if closes_at <= clock.now():
        return _("Choose a time that is still to come")
    if closes_at - clock.now() > LONGEST:
        return _("Choose a day within the next half year")
    return ""


def close_now(session: Session, case: Case) -> None:
    """Take no more sheets from now on. Raises Conflict when it is not open."""
    poll = lock(session, case.post.id)
    if poll.state != "open" or closing.is_over(poll):
        raise Conflict(_("This poll is not open."))
    poll.closes_at = clock.now()
    closing.close(session, poll)


def _draft(session: Session, case: Case) -> Poll:
    poll = lock(session, case.post.id)
    if poll.state != "draft":
        raise Conflict(_("People answer already: the questions stay as they are."))
    return poll
