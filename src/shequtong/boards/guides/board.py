"""Service guides: items written and reviewed by two, fresh until a day; questions answered, the good ones for all."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from shequtong.boards.guides import answering, queries, reviewing
from shequtong.boards.guides.forms import (
    CLASSES,
    KINDS,
    AnswerForm,
    ItemForm,
    MissingForm,
    PromoteForm,
    QuestionForm,
    RenewForm,
)
from shequtong.boards.guides.models import Guide
from shequtong.core.posts.board import Board
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.participating import instead_of
from shequtong.core.posts.policy import (
    Case,
    at_level,
    author,
    clear,
    expert,
    in_state,
    member,
    observing,
    of_kind,
    officer,
    ours,
    resident,
    staff,
)
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import nobody
from shequtong.lib.workflow import State, Transition, Workflow

office = at_level("street", "district") & officer
writer = ours & (staff | office)


class GuidesBoard(Board):
    """A board on which the committee and the street write items, and residents ask questions."""

    classes = CLASSES

    def may_post_kind(self, case: Case, kind: str) -> bool:
        return (staff | office if kind == "item" else resident)(case)

    def send_words(self, case: Case, kind: str = "") -> Any:
        return _("Save, for a colleague to check") if kind == "item" else _("Ask")

    def check(self, session: Session, case: Case, form: BoundForm[Any]) -> None:
        """Two items of one place cannot have the same name in its spreadsheet."""
        key = getattr(form.value, "item_key", "")
        own = case.post.id if case.post else 0
        if key and queries.keyed(session, case.community.code, key) not in (0, own):
            form.refuse("item_key", _("Another guide has this name already"))

    def choices(self, session: Session, case: Case) -> Mapping[str, Any]:
        """The guides that a question may be about."""
        return {
            "items": [(str(row.id), row.title) for row in queries.titles(session, case.community.code)],
        }

    def more(self, session: Session, case: Case) -> Mapping[str, Any]:
        """Frequent questions about an item, and for its keepers what was missing; the item a question is about."""
        code, post = case.community.code, case.post
        if post.kind == "item":
            told = writer(case) and post.state in ("live", "stale", "revised")
            asked, missing = queries.about(session, code, post.id, keeper=told)
            return {"asked": asked, "missing": missing, "may_ask": resident(case)}
        about = case.detail.item_id
        item = (
            next((row for row in queries.titles(session, code) if row.id == about), None) if about else None
        )
        return {"item": item}


board = GuidesBoard(
    slug="guides",
    name=_l("Service guides"),
    about=_l("What to bring, where to go, how long it takes. Ask when you do not find it."),
    icon="book-open-check",
    colour="teal",
    essential=True,
    invite=_l("Ask or write a guide"),
    form=QuestionForm,
    forms={"question": QuestionForm, "item": ItemForm},
    detail=Guide,
    kinds=KINDS,
    searched=(
        "materials",
        "steps",
        "place",
        "hours",
        "fee",
        "time_limit",
        "legal_basis",
        "answer",
        "also_called",
    ),
    quiet=("item_id", "item_key", "also_called"),
    handbook=True,
    sheet=of_kind("item") & in_state("live", "stale"),
    levels=("street", "committee"),
    photos=4,
    owes=Owed(reply=("open",), kinds=("question",)),
    desk=("open", "stale"),
    rules={
        "create": resident | staff | office,
        "comment": member & ~observing & clear & ours,
        "edit": of_kind("item") & writer & in_state("draft", "revised")
        | of_kind("question") & author & in_state("open"),
        "delete": author & in_state("draft", "open"),
        "history": of_kind("item") | member,
        "pin": writer,
        "link": writer & clear,
        "keep": at_level("committee") & staff,
    },
    workflow=Workflow(
        start={"item": "draft", "question": "open"},
        states=(
            State("draft", _l("Draft"), audience="parties", draft=True),
            State("reviewed", _l("Checked by a second person"), "info", audience="parties"),
            State("live", _l("Up to date"), "good", is_open=False, audience="public"),
            State("stale", _l("May be out of date"), "warn", audience="public"),
            State("revised", _l("Being rewritten"), "info", audience="parties", draft=True),
            State("retired", _l("No longer offered"), is_open=False),
            State("open", _l("Waiting for an answer"), "warn"),
            State("answered", _l("Answered"), "good", is_open=False),
            State("faq", _l("Frequently asked"), "good", is_open=False, audience="public"),
        ),
        transitions=(
            Transition(
                "review", ("draft", "revised"), "reviewed", _l("I have checked it"), by=writer & ~author
            ),
            Transition("publish", ("reviewed",), "live", _l("Publish"), by=writer, effect=reviewing.publish),
            Transition(
                "mark_stale",
                ("live",),
                "stale",
                _l("Day of review has passed"),
                by=nobody,
                clock=True,
                effect=reviewing.tell_keepers,
            ),
            Transition(
                "renew",
                ("stale",),
                "live",
                _l("Checked: it is still right"),
                by=writer,
                form=RenewForm,
                fill=reviewing.as_usual,
                effect=reviewing.renew,
            ),
            Transition("revise", ("live", "stale"), "revised", _l("Rewrite it"), by=writer),
            Transition(
                "retire",
                ("live", "stale", "revised"),
                "retired",
                _l("No longer offered"),
                by=writer,
                reason="required",
                tone="bad",
            ),
            Transition(
                "answer",
                ("open",),
                "answered",
                _l("Answer"),
                by=ours & (staff | expert),
                form=AnswerForm,
                effect=answering.answer,
            ),
            Transition(
                "promote",
                ("answered",),
                "faq",
                _l("Show it to everybody"),
                by=staff & ours,
                form=PromoteForm,
                fill=answering.as_it_stands,
                effect=answering.promote,
            ),
            Transition(
                "helpful",
                ("live", "stale", "faq"),
                None,
                _l("This worked for me"),
                by=member & ~observing,
                effect=instead_of("unhelpful"),
                done=_l("It worked for:"),
            ),
            Transition(
                "unhelpful",
                ("live", "stale", "faq"),
                None,
                _l("This did not work for me"),
                by=member & ~observing,
                form=MissingForm,
                effect=instead_of("helpful"),
                done=_l("It did not work for:"),
            ),
        ),
    ),
)
