"""No vote is opened while somebody who objected to the text waits for an answer (see `core.posts.objecting`)."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from shequtong.boards.hall import queries, voting
from shequtong.core.posts.policy import Case
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import ngettext


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
