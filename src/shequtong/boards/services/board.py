"""Services and desks: offers to book, questions answered in private, answers published without names."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from shequtong.boards.services import answering, booking, desks, handing, publishing, suggesting
from shequtong.boards.services.forms import (
    DESKS,
    KINDS,
    AskAgainForm,
    BookingForm,
    CloseForm,
    HandOverForm,
    OfferForm,
    PublishedForm,
    QuestionForm,
    ReplyForm,
    WriteUpForm,
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
    deputy,
    expert,
    handler,
    holds,
    in_state,
    observing,
    of_kind,
    resident,
    staff,
)
from shequtong.lib.errors import Conflict
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import Rule
from shequtong.lib.workflow import State, Transition, Workflow

provider = expert | holds("property", "organisation")
desk = (handler | staff | assignee | deputy) & ~author
takes = (handler | staff | handing.asked) & ~author
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
        return {
            "offers": booking.offers(session, case)
            if case.post is None or case.post.kind == "booking"
            else (),
            "desks": desks.choices(desks.of(session, case.community.code)) if case.post is None else (),
            "takers": handing.choices(session, case),
        }

    def unasked(self, case: Case) -> Mapping[str, Any]:
        """A question that was sent goes to another desk by being handed over."""
        asked = case.post is not None and case.post.kind == "question"
        return {"desk": case.detail.desk} if asked else {}

    def told(self, detail: Any, kind: str = "") -> list[tuple[Any, Any]]:
        named = [(_("Desk"), _desk_words(detail))] if "desk" in self.form_of(kind).model_fields else []
        return named + super().told(detail, kind)

    def told_on_card(self, row: Any) -> list[Any]:
        named = "desk" in self.form_of(row.kind).model_fields and hasattr(row, "desk")
        return ([_desk_words(row)] if named else []) + super().told_on_card(row)

    def admit(self, case: Case, transition: Transition, back: bool = False) -> None:
        """Who does not have a question in hand any more is told so when they answer it."""
        answers = transition.name == "answer" and transition.by(case) and not handing.in_hand(case)
        if answers and case.post.kind == "question":
            raise Conflict(handing.words_for(case))
        super().admit(case, transition, back)

    def front(self, session: Session, case: Case) -> Mapping[str, Any]:
        """The desks, with their hours and who is there; not for those who only watch."""
        return {"desks": () if observing(case) else desks.of(session, case.community.code)}

    def show_first(self, session: Session, case: Case, form: Any, sent: Any) -> Mapping[str, Any]:
        """Answers that may help, once: a form that does not say what was `seen` has shown none."""
        if not isinstance(form, QuestionForm):
            return {}
        found = suggesting.suggest(session, case, form.title, form.body)
        seen = str(sent.get("seen") or "").split()
        return {"suggestions": found} if any(str(one.row.id) not in seen for one in found) else {}

    def published(self, session: Session, post: Post, detail: Any, case: Case, form: Any) -> None:
        if post.kind == "question":
            answering.send_to_desk(session, post, detail, self._owed)
        elif post.kind == "booking":
            booking.give_to_provider(session, post, detail)

    def edited(self, session: Session, post: Post, case: Case) -> None:
        if post.kind == "booking":
            self.published(session, post, case.detail, case, None)

    def delete(self, session: Session, post: Post, case: Case) -> None:
        super().delete(session, post, case)
        if post.kind == "answer":
            publishing.forget(session, post)

    @property
    def _owed(self) -> Owed:
        assert self.owes is not None
        return self.owes

    def more(self, session: Session, case: Case) -> Mapping[str, Any]:
        rated = dict(RATINGS).get(str(case.detail.rating))
        agreed = _("Its author lets the desk publish it without a name") if case.detail.consent else None
        facts = [(_("Rating"), rated), (_("Publishing"), agreed)]
        return {
            "facts": [fact for fact in facts if fact[1]],
            "offer": booking.booked_offer(session, case),
            "offered_to": answering.offered_to(case),
            "asked_enough": case.post.state == "answered" and author(case) and case.detail.asked_again,
            **publishing.more(case),
            "may_book": case.post.kind == "offer" and resident(case) and not author(case),
        }


def _desk_words(row: Any) -> Any:
    """The name of the desk, or of its kind where the committee keeps none of this kind."""
    return row.desk_name or dict(DESKS).get(row.desk, "")


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
    facts=("hours", "place", "fee", "preferred", "desk", "desk_name"),
    quiet=("offer_id", "desk"),
    searched=("hours", "place"),
    owes=Owed(
        reply=("new", "follow_up"),
        work=("assigned", "handing"),
        waits=("answered",),
        kinds=("question",),
        take="take",
        person_answers=True,
    ),
    carries={"gathering": of_kind("offer")},
    desk=("drafted",),
    desk_if_handed=("new", "follow_up"),
    rules={
        "create": resident | provider | at_a_question & desk,
        "edit": author & in_state("offered", "paused", "new", "booked", "waitlisted"),
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
            State(
                "handing",
                _l("Waits for who shall take it over"),
                "warn",
                lasts=timedelta(days=1),
                until=_l("Goes back at"),
            ),
            State("answered", _l("Answered"), "good"),
            State("follow_up", _l("Asked again"), "warn"),
            State("closed", _l("Closed"), is_open=False),
            State("drafted", _l("Waits for a second look"), "warn", is_open=False),
            State("looked_over", _l("Waits for the yes of who asked"), "warn", is_open=False),
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
            Transition(
                "answer",
                ("assigned", "follow_up"),
                "answered",
                _l("Answer"),
                by=desk,
                when=handing.in_hand,
                form=ReplyForm,
                effect=handing.answer,
            ),
            Transition("take", ("new",), "assigned", _l("I will answer"), by=takes, effect=handing.take),
            Transition(
                "take_over",
                ("assigned", "follow_up"),
                "assigned",
                _l("Answer in their place"),
                by=staff & ~author,
                when=handing.not_in_hand,
                effect=handing.take,
                tone="quiet",
            ),
            Transition(
                "hand_over",
                ("assigned", "follow_up"),
                "handing",
                _l("Hand it over"),
                by=desk,
                when=handing.in_hand,
                form=HandOverForm,
                check=handing.check,
                effect=handing.offer,
                tone="quiet",
            ),
            Transition(
                "accept", ("handing",), "assigned", _l("I take it over"), by=deputy, effect=handing.accept
            ),
            Transition(
                "decline",
                ("handing",),
                "assigned",
                _l("Not for me: give it back"),
                by=deputy,
                reason="optional",
                effect=handing.give_back,
                clock=True,
                tone="quiet",
            ),
            Transition(
                "keep",
                ("handing",),
                "assigned",
                _l("Keep it after all"),
                by=assignee,
                effect=handing.give_back,
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
                "ask_again",
                ("answered",),
                "follow_up",
                _l("Not yet: ask further"),
                by=author,
                when=answering.not_asked_again,
                form=AskAgainForm,
                effect=answering.ask_again,
                tone="quiet",
            ),
            Transition(
                "draft",
                ("closed", "drafted"),
                "drafted",
                _l("Write it up for everybody, without names"),
                by=desk,
                when=publishing.consented & publishing.may_write,
                form=WriteUpForm,
                fill=publishing.begin_with,
                check=publishing.check,
                effect=publishing.draft,
            ),
            Transition(
                "approve",
                ("drafted",),
                "looked_over",
                _l("It tells nobody who asked: go on"),
                by=desk,
                when=publishing.not_drafter,
                as_seen=True,
                means=_l("Who asked reads now what would be published, and says yes or no."),
            ),
            Transition(
                "send_back",
                ("drafted",),
                "closed",
                _l("Not like this"),
                by=desk,
                when=publishing.not_drafter,
                reason="required",
                tone="quiet",
            ),
            Transition(
                "agree",
                ("looked_over",),
                "published",
                _l("Yes, publish exactly this"),
                by=author,
                as_seen=True,
                effect=publishing.publish,
            ),
            Transition(
                "ask_for_other_words",
                ("looked_over",),
                "closed",
                _l("Please put it differently"),
                by=author,
                reason="required",
                tone="quiet",
            ),
            Transition(
                "permit",
                ("closed",),
                "closed",
                _l("The desk may write it up, without my name"),
                by=author,
                when=publishing.not_consented & of_kind("question"),
                effect=publishing.permit,
                tone="quiet",
            ),
            Transition(
                "withdraw",
                ("closed", "drafted", "looked_over", "published"),
                "closed",
                _l("Do not publish it, or no longer"),
                by=author,
                when=publishing.consented & of_kind("question"),
                effect=publishing.withdraw,
                tone="bad",
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
