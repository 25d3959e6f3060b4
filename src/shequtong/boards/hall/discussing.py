"""A discussion in short statements: anybody adds one, neighbours agree, disagree or pass, the committee tidies up.

A statement is a comment, so it is held, reported, found and told like every word on a post.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session

from shequtong.boards.hall.models import Answer, Consensus, Remark
from shequtong.core.identity.events import AccountErased
from shequtong.core.posts import commenting
from shequtong.core.posts.events import CommentEdited
from shequtong.core.posts.models import Comment
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Conflict, Forbidden, Invalid, NotFound
from shequtong.lib.i18n import gettext as _

CHOICES = {"agree": 1, "disagree": -1, "pass": 0}
ANSWERED = ("statement", "for", "against", "amendment")
"""Kinds of remarks that others answer, so that their words stay."""


def state(session: Session, case: Case, words: str) -> Comment:
    """Add a statement to the discussion; a resident who writes one agrees with it, until they say otherwise."""
    if not allows(case, "state"):
        raise Forbidden
    written = remark(session, case, "statement", words)
    if written.moderation == "clear" and allows(case, "answer"):
        answer(session, case, written.id, "agree")
    return written


def remark(session: Session, case: Case, kind: str, words: str, option: int | None = None) -> Comment:
    """Write a comment of a kind that has its own place on the page."""
    written = commenting.comment(session, case, words, kind=kind)
    session.add(Remark(comment_id=written.id, post_id=case.post.id, option=option))
    session.flush()
    return written


def answer(session: Session, case: Case, statement_id: int, choice: str) -> None:
    """Say what one thinks of a statement, or change one's mind. One answer a person, however often it is sent.

    Raises NotFound for what is no statement here, Conflict for one that was put aside.
    """
    if not allows(case, "answer"):
        raise Forbidden
    if choice not in CHOICES:
        raise Invalid
    statement, said = find(session, case, statement_id, "statement")
    if said.moderation != "clear":
        raise NotFound
    if statement.reply_id is not None:
        raise Conflict(_("This statement was put aside in the meantime."))
    given = {"choice": CHOICES[choice], "at": clock.now()}
    key = {"comment_id": statement.comment_id, "account_id": case.actor.id}
    if insert_or_nothing(session, Answer, **key, post_id=case.post.id, **given):
        count(session, Remark.answers, Remark.comment_id == statement.comment_id)
    else:
        mine = Answer.comment_id == statement.comment_id, Answer.account_id == case.actor.id
        changed = update(Answer).where(*mine, Answer.choice != given["choice"]).values(**given)
        if session.execute(changed).rowcount == 0:
            return
    insert_or_nothing(session, Consensus, post_id=case.post.id, answers=0, counted=0, found={})
    count(session, Consensus.answers, Consensus.post_id == case.post.id)


def put_aside(session: Session, case: Case, statement_id: int, words: str) -> None:
    """Take a statement out of the discussion, and tell its author why. It stays to be read, with the reason."""
    reply(session, case, "statement", statement_id, words)


def reply(session: Session, case: Case, kind: str, comment_id: int, words: str) -> None:
    """The committee's answer to a remark, once; whoever wrote it is told as of any answer."""
    if not allows(case, "reply"):
        raise Forbidden
    found, said = find(session, case, comment_id, kind)
    session.refresh(found, ["reply_id"], with_for_update=True)
    earlier = session.get(Comment, found.reply_id) if found.reply_id else None
    if earlier is not None and earlier.deleted_at is None:
        raise Conflict(_("Somebody else was faster. Reload the page to see what happened."))
    found.reply_id = commenting.comment(session, case, words, parent_id=said.id, kind="reply").id
    session.flush()


def find(session: Session, case: Case, comment_id: int, *kinds: str) -> tuple[Remark, Comment]:
    """A remark of these kinds on the case's post that was not taken back, with its words; or NotFound."""
    said = commenting.find(session, case.post, comment_id)
    found = session.get(Remark, comment_id)
    if found is None or said.kind not in kinds or said.deleted_at is not None:
        raise NotFound
    return found, said


def on_comment_edited(_session: Session, event: CommentEdited) -> None:
    """Neighbours answered these words and no others."""
    if event.comment.kind in ANSWERED:
        raise Conflict(_("What others have answered cannot be changed. Take it back and write another one."))


def forget(session: Session, erased: AccountErased) -> None:
    """What somebody agreed with goes with them."""
    session.execute(delete(Answer).where(Answer.account_id == erased.account_id))


def count(session: Session, counter: Any, where: Any, change: int = 1) -> None:
    """Count one more or less, race-free."""
    statement = update(counter.class_).where(where).values({counter: counter + change})
    session.execute(statement.execution_options(synchronize_session=False))
