"""What a board with open books is: lines that each resident can question, and that nobody changes in silence.

Whoever keeps such books declares a `Books` with this workflow, these forms and a table of `Entry`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from shequtong.core.books import correcting, questioning
from shequtong.core.books.fingerprints import mark_of
from shequtong.core.books.forms import CorrectForm, QuestionForm, ReplyForm
from shequtong.core.posts.board import Board
from shequtong.core.posts.forms import PostForm
from shequtong.core.posts.models import Post
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.policy import Case, allows, author, in_state, of_kind, resident
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import Rule, nobody
from shequtong.lib.workflow import State, Transition, Workflow

FACTS = ("direction", "amount", "category", "dated")

OPEN = ("live", "questioned", "answered")
"""States of an entry that stands."""

OWES = Owed(reply=("questioned",), author_answers=True, asked=("questioned",))


class Books(Board):
    """A board whose entries are questioned, answered and corrected before everybody's eyes."""

    def published(self, session: Session, post: Post, detail: Any, case: Case, form: PostForm) -> None:
        """A line can be known again from now on, however it came into the books."""
        _mark(post, detail)

    def edited(self, session: Session, post: Post, case: Case) -> None:
        _mark(post, case.detail)

    def more(self, session: Session, case: Case) -> Mapping[str, Any]:
        """What was asked about this entry, each question with its answer."""
        asked = questioning.asked(session, case) if case.post.comment_count else []
        blank = ReplyForm.blank() if any(not one.reply for one in asked) and allows(case, "keep") else None
        return {"asked": asked, "reply": blank}

    def story(self, session: Session, case: Case, timeline: Sequence[Any]) -> Mapping[str, Any]:
        """What was corrected; and why an entry was cancelled."""
        cancelled = [row.text for row in timeline if row.what == "move" and row.name == "cancel"]
        return {"corrections": correcting.told(timeline), "cancelled": next(iter(cancelled), "")}


def _mark(post: Post, detail: Any) -> None:
    if post.kind == "ledger":
        detail.mark = mark_of(detail.dated, post.title, detail.direction, detail.amount, detail.with_whom)


def rules(keeper: Rule) -> dict[str, Rule]:
    """Who may do what with the books of `keeper`. What was published stands; a mistake is corrected or cancelled."""
    return {
        "create": keeper,
        "keep": keeper,
        "edit": author & in_state("draft"),
        "delete": author & in_state("draft"),
    }


def questionable(keeper: Rule) -> Workflow:
    """The life of an entry in the books of `keeper`."""
    line = of_kind("ledger")
    return Workflow(
        states=(
            State("draft", _l("Draft"), audience="parties"),
            State("live", _l("Open to see"), audience="community"),
            State("questioned", _l("Questioned, not answered yet"), "warn"),
            State("answered", _l("Question answered"), "good"),
            State("cancelled", _l("Cancelled, does not count"), "bad", is_open=False),
            State("archived", _l("Archived"), is_open=False),
        ),
        transitions=(
            Transition("publish", ("draft",), "live", _l("Publish"), by=author, at_once=True),
            Transition(
                "question",
                ("live", "answered"),
                "questioned",
                _l("Ask about this"),
                by=resident & ~author,
                form=QuestionForm,
                effect=questioning.ask,
            ),
            Transition(
                "ask_too",
                ("questioned",),
                None,
                _l("Ask something else"),
                by=resident & ~author,
                form=QuestionForm,
                effect=questioning.ask,
                repeats=True,
                tone="quiet",
            ),
            Transition(
                "answer",
                ("questioned",),
                "answered",
                _l("Give an answer"),
                by=keeper,
                form=ReplyForm,
                check=questioning.check,
                effect=questioning.answer,
            ),
            Transition("reopen", ("live", "answered"), "questioned", _l("A question still waits"), by=nobody),
            Transition("settle", ("questioned",), "answered", _l("No question waits any more"), by=nobody),
            Transition("unask", ("questioned",), "live", _l("The question was taken back"), by=nobody),
            Transition(
                "correct",
                OPEN,
                None,
                _l("Correct it"),
                by=keeper & line,
                form=CorrectForm,
                fill=correcting.as_it_stands,
                check=correcting.check,
                effect=correcting.correct,
                repeats=True,
                tone="quiet",
            ),
            Transition(
                "cancel",
                ("live", "answered"),
                "cancelled",
                _l("Cancel this line"),
                by=keeper & line,
                reason="required",
                tone="bad",
            ),
            Transition(
                "archive",
                ("live", "answered"),
                "archived",
                _l("Archive"),
                by=keeper & ~line,
                reason="required",
                tone="quiet",
            ),
        ),
    )
