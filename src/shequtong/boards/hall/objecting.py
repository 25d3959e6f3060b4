"""While the text is public, neighbours object; the committee answers one after the other before a vote is opened."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from shequtong.boards.hall import discussing, queries, voting
from shequtong.core.posts.models import Comment
from shequtong.core.posts.policy import Case, allows
from shequtong.lib.errors import Forbidden
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import ngettext


def object_to(session: Session, case: Case, words: str) -> Comment:
    """Say what is wrong with the text."""
    if not allows(case, "object"):
        raise Forbidden
    return discussing.remark(session, case, "objection", words)


def answer(session: Session, case: Case, objection_id: int, words: str) -> None:
    """The committee's answer to one objection; who objected is told."""
    discussing.reply(session, case, "objection", objection_id, words)


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
