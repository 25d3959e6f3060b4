"""Services and desks: offers to book, questions answered in private, answers published without names."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from shequtong.boards.services import answering, booking
from shequtong.boards.services.forms import (
    KINDS,
    AskAgainForm,
    BookingForm,
    CloseForm,
    OfferForm,
    PublishedForm,
    QuestionForm,
    ReplyForm,
)
from shequtong.boards.services.models import Service
from shequtong.core.posts.board import Board
from shequtong.core.posts.forms import RATINGS, RatingForm
from shequtong.core.posts.models import Post
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.policy import (
    Case,
    assignee,
    author,
    clear,
    expert,
    handler,
    holds,
    in_state,
    of_kind,
    resident,
    staff,
)
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import Rule
from shequtong.lib.workflow import State, Transition, Workflow

provider = expert | holds("property", "organisation")
desk = (handler | staff) & ~author
at_a_question = Rule("at a question", lambda case: case.post is not None)
EMERGENCY = (
    ("110", _l("Police")),
    ("119", _l("Fire")),
    ("120", _l("Ambulance")),
    ("12345", _l("Citizens' hotline")),
)


class Services(Board):
    emergency = EMERGENCY

    def may_post_kind(self, case: Case, kind: str) -> bool:
        """Residents ask and book, providers offer; a published answer only grows out of a question."""
        if kind == "answer":
            return case.post is not None and case.post.kind == "question" and desk(case)
        return provider(case) if kind == "offer" else resident(case)

    def send_words(self, case: Case, kind: str = "") -> Any:
        return super().send_words(case, kind) if kind == "offer" else _("Send")

    def choices(self, session: Session, case: Case) -> Mapping[str, Any]:
        return {"offers": booking.offers(session, case)}

    def published(self, session: Session, post: Post, detail: Any, case: Case, form: Any) -> None:
        if post.kind == "question":
            answering.send_to_desk(session, post, detail)
        elif post.kind == "booking":
            booking.give_to_provider(session, post, detail)

    def edited(self, session: Session, post: Post, case: Case) -> None:
        self.published(session, post, case.detail, case, None)

    def more(self, session: Session, case: Case) -> Mapping[str, Any]:
        rated = dict(RATINGS).get(str(case.detail.rating))
        agreed = _("Its author lets the desk publish it without a name") if case.detail.consent else None
        facts = [(_("Rating"), rated), (_("Publishing"), agreed)]
        return {
            "facts": [fact for fact in facts if fact[1]],
            "offer": booking.booked_offer(session, case),
            "may_book": case.post.kind == "offer" and resident(case) and not author(case),
        }


board = Services(
    slug="services",
    name=_l("Services and desks"),
    about=_l("The police officer, the family doctor, the lawyer: ask them, or book a time."),
    icon="concierge-bell",
    colour="teal",
    invite=_l("Ask, book or offer"),
    form=QuestionForm,
    forms={"question": QuestionForm, "booking": BookingForm, "offer": OfferForm, "answer": PublishedForm},
    detail=Service,
    kinds=KINDS,
    facts=("desk", "hours", "place", "fee", "preferred"),
    quiet=("offer_id",),
    searched=("hours", "place"),
    owes=Owed(
        reply=("new", "follow_up"), work=("assigned",), waits=("answered",), kinds=("question",), take="take"
    ),
    carries={"gathering": of_kind("offer")},
    desk_if_handed=("new", "follow_up"),
    rules={
        "create": resident | provider | at_a_question & desk,
        "edit": author & (in_state("offered", "paused", "new", "booked", "waitlisted") | of_kind("answer")),
        "delete": author
        & (in_state("offered", "paused", "ended", "new", "closed", "cancelled") | of_kind("answer")),
        "link": (author | staff | handler) & clear,
    },
    workflow=Workflow(
        start={"question": "new", "booking": "booked", "offer": "offered", "answer": "published"},
        states=(
            State("offered", _l("On offer"), "good"),
            State("paused", _l("Paused"), "warn"),
            State("ended", _l("No longer offered"), is_open=False),
            State("new", _l("Waiting for the desk"), "warn", audience="parties"),
            State("assigned", _l("Being answered"), "info"),
            State("answered", _l("Answered"), "good"),
            State("follow_up", _l("Asked again"), "warn"),
            State("closed", _l("Closed"), is_open=False),
            State("published", _l("Published"), "good", is_open=False),
            State("booked", _l("Booked"), "info", audience="parties"),
            State("waitlisted", _l("On the waiting list"), "warn"),
            State("checked_in", _l("Has come"), "info"),
            State("done", _l("Done"), "good", is_open=False),
            State("no_show", _l("Did not come"), "bad", is_open=False),
            State("cancelled", _l("Called off"), is_open=False),
            State("rated", _l("Rated"), "good", is_open=False),
        ),
        transitions=(
            Transition("pause", ("offered",), "paused", _l("Pause it"), by=author | staff, reason="optional"),
            Transition("resume", ("paused",), "offered", _l("Offer it again"), by=author | staff),
            Transition(
                "end",
                ("offered", "paused"),
                "ended",
                _l("End it"),
                by=author | staff,
                reason="optional",
                tone="bad",
            ),
            Transition("take", ("new",), "assigned", _l("I will answer"), by=desk, effect=answering.take),
            Transition(
                "answer", ("assigned", "follow_up"), "answered", _l("Answer"), by=desk, form=ReplyForm
            ),
            Transition(
                "close",
                ("answered",),
                "closed",
                _l("Thank you, that helps"),
                by=author,
                form=CloseForm,
                effect=answering.close,
            ),
            Transition(
                "ask_again", ("answered",), "follow_up", _l("Ask further"), by=author, form=AskAgainForm
            ),
            Transition(
                "publish",
                ("closed",),
                "published",
                _l("Publish the answer without names"),
                by=desk,
                when=answering.consented,
                form=PublishedForm,
                fill=answering.begin_with,
                check=answering.check_nameless,
                effect=answering.publish,
            ),
            Transition("check_in", ("booked",), "checked_in", _l("They have come"), by=assignee),
            Transition("finish", ("checked_in",), "done", _l("Done"), by=assignee),
            Transition(
                "queue",
                ("booked",),
                "waitlisted",
                _l("Full: put on the waiting list"),
                by=assignee,
                reason="optional",
            ),
            Transition("seat", ("waitlisted",), "booked", _l("There is a place now"), by=assignee),
            Transition(
                "report_no_show",
                ("booked",),
                "no_show",
                _l("They did not come"),
                by=assignee,
                reason="optional",
                tone="bad",
            ),
            Transition(
                "cancel",
                ("booked", "waitlisted"),
                "cancelled",
                _l("Call it off"),
                by=author | assignee,
                reason="optional",
                tone="bad",
            ),
            Transition(
                "rate", ("done",), "rated", _l("Rate it"), by=author, form=RatingForm, effect=booking.rate
            ),
        ),
    ),
)
