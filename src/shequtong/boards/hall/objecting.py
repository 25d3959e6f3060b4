"""While the text is public, neighbours object; the committee answers one after the other before a vote is opened.

Each answer is owed within hours of duty: the clock is that of the objection that has waited longest.
"""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from shequtong.boards.hall import discussing, queries, voting
from shequtong.core.posts.events import AnswersOwed, CommentDeleted, VisibilityChanged
from shequtong.core.posts.models import Comment, Post
from shequtong.core.posts.policy import Case, allows
from shequtong.lib.errors import Forbidden
from shequtong.lib.events import publish as tell
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import ngettext


def object_to(session: Session, case: Case, words: str) -> Comment:
    """Say what is wrong with the text."""
    if not allows(case, "object"):
        raise Forbidden
    said = discussing.remark(session, case, "objection", words)
    wind_up(session, case.post)
    return said


def answer(session: Session, case: Case, objection_id: int, words: str) -> None:
    """The committee's answer to one objection; who objected is told."""
    discussing.reply(session, case, "objection", objection_id, words)
    wind_up(session, case.post)


def wind_up(session: Session, post: Post) -> None:
    """Say which objection has waited longest, so that the clock of its answer runs."""
    if post.board == "hall" and post.state == "notice" and post.moderation == "clear":
        session.flush()
        tell(session, AnswersOwed(post, queries.waits_since(session, post.id)))


def on_comment_deleted(session: Session, event: CommentDeleted) -> None:
    """An objection that is taken back waits no more; one whose answer is taken back waits again."""
    wind_up(session, event.post)


def on_visibility_changed(session: Session, event: VisibilityChanged) -> None:
    """What is hidden waits no more, an objection or the whole topic."""
    wind_up(session, event.post)


def check(session: Session, case: Case, form: BoundForm[Any]) -> None:
    """No vote is opened while somebody who objected waits for an answer, or with what keeps a round closed."""
    if waiting := queries.counts(session, case).waiting:
        words = ngettext(
            "%(num)s objection has no answer yet. Answer each before the vote is opened.",
            "%(num)s objections have no answer yet. Answer each before the vote is opened.",
            waiting,
        )
        form.refuse("", words)
        return
    voting.check(session, case, form)
