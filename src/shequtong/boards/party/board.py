"""Party and civic corner: activities, pledges that neighbours claim, and small wishes that one of them adopts."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from shequtong.boards.party import claiming, showing, wishing, working
from shequtong.boards.party.forms import (
    KINDS,
    ActivityForm,
    ClaimForm,
    ConfirmForm,
    FinishForm,
    FulfilForm,
    LookOverForm,
    PledgeForm,
    RatingForm,
    ThanksForm,
    WishForm,
    WorkForm,
)
from shequtong.boards.party.models import Deed
from shequtong.boards.party.wishing import KEPT_FOR, a_wish, adopter, asker
from shequtong.core.posts.board import Board
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import (
    Case,
    active,
    author,
    clear,
    holds,
    in_state,
    lead,
    member,
    observing,
    of_kind,
    resident,
    staff,
)
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import nobody
from shequtong.lib.workflow import State, Transition, Workflow

planner = holds("party_branch", "organisation") | staff
may_ask = resident | planner


class PartyBoard(Board):
    """A board whose posts say how many have taken part, and who, to those who need to know."""

    def may_post_kind(self, case: Case, kind: str) -> bool:
        return may_ask(case) if kind == "wish" else planner(case)

    def unasked(self, case: Case) -> Mapping[str, Any]:
        """Whose wish it is, is asked once. Residents ask for themselves; staff and leads for others too."""
        if case.post is not None:
            return {"for_other": False, "person": "-", "door": "-", "shares": False}
        asks_for_both = resident(case) and (staff | lead)(case)
        return {} if asks_for_both else {"for_other": not resident(case)}

    def check(self, session: Session, case: Case, form: BoundForm[Any]) -> None:
        claiming.check(case, form)

    def choices(self, session: Session, case: Case) -> Mapping[str, Any]:
        return working.choices(session, case)

    def published(self, session: Session, post: Post, detail: Any, case: Case, form: Any) -> None:
        if post.kind == "wish":
            wishing.begin(session, post, detail, case, form)

    def more(self, session: Session, case: Case) -> Mapping[str, Any]:
        return showing.of_wish(session, case) if a_wish(case) else showing.of_deed(session, case)

    def story(self, session: Session, case: Case, timeline: Sequence[Any]) -> Mapping[str, Any]:
        return {"pictures": showing.pictures(timeline)}


board = PartyBoard(
    slug="party",
    name=_l("Party and civic corner"),
    about=_l("Activities, pledges and small wishes: something for everybody to do."),
    icon="flag",
    colour="red",
    invite=_l("Plan or wish something"),
    form=ActivityForm,
    forms={"activity": ActivityForm, "pledge": PledgeForm, "wish": WishForm},
    detail=Deed,
    kinds=KINDS,
    quiet=("whose",),
    desk=("asked",),
    desk_if_handed=("fulfilled",),
    carries={"gathering": of_kind("activity"), "poll": of_kind("activity", "pledge")},
    rules={
        "create": may_ask,
        "comment": active & ~observing & clear & ~in_state("asked", "refused"),
        "edit": author & in_state("draft", "live", "refused") | (author | staff) & in_state("asked"),
        "delete": author & in_state("draft", "asked", "refused"),
        "look_at_wisher": wishing.may_look,
        "show_membership": of_kind("pledge") & member & ~author,
    },
    workflow=Workflow(
        start={"activity": "draft", "pledge": "draft", "wish": "asked"},
        states=(
            State("draft", _l("Draft"), audience="parties"),
            State("live", _l("Under way"), "info", audience="community"),
            State("asked", _l("The committee looks it over"), "warn", audience="parties"),
            State("refused", _l("Not taken up"), is_open=False),
            State("wished", _l("Waits for somebody"), "good", audience="community"),
            State(
                "adopted",
                _l("Somebody has adopted it"),
                "info",
                lasts=KEPT_FOR,
                until=_l("Kept for them until"),
            ),
            State("fulfilled", _l("Fulfilled, to be confirmed"), "info"),
            State("done", _l("Done"), "good", is_open=False, lasts=timedelta(days=180)),
            State("thanked", _l("Thanked for"), "good", is_open=False, lasts=timedelta(days=180)),
            State("withdrawn", _l("Taken back"), is_open=False),
            State("archived", _l("Archived"), is_open=False),
        ),
        transitions=(
            Transition("publish", ("draft",), "live", _l("Publish"), by=author | staff, at_once=True),
            Transition(
                "claim",
                ("live",),
                None,
                _l("Count me in"),
                by=member & ~author & ~observing,
                when=claiming.has_room & ~claiming.has_a_list,
                form=ClaimForm,
                effect=claiming.claim,
                undone=claiming.give_back,
                done=_l("Neighbours who take part:"),
                says=(("pledge", _l("I claim it")),),
            ),
            Transition(
                "note_work",
                ("live",),
                None,
                _l("Note what I did"),
                by=member & ~author & ~observing,
                when=of_kind("pledge") & claiming.claimed_it,
                repeats=True,
                form=WorkForm,
                photos=3,
                check=working.check_work,
                effect=working.note,
            ),
            Transition(
                "confirm_work",
                ("live",),
                None,
                _l("Confirm what was done"),
                by=author | staff,
                when=working.unconfirmed,
                repeats=True,
                form=ConfirmForm,
                effect=working.confirm,
            ),
            Transition(
                "finish",
                ("live",),
                "done",
                _l("Done: write the report"),
                by=author | staff,
                form=FinishForm,
                photos=9,
                effect=claiming.report,
            ),
            Transition("served", ("live", "done"), None, _l("It was done for me"), by=nobody),
            Transition(
                "rate",
                ("live", "done"),
                None,
                _l("Thank and rate"),
                by=member & ~author & ~observing,
                when=working.was_served,
                form=RatingForm,
                effect=working.thank,
                undoable=False,
                done=_l("Neighbours who said thank you:"),
            ),
            Transition(
                "look_over",
                ("asked",),
                "wished",
                _l("Looked over: open it to neighbours"),
                by=staff & ~asker,
                form=LookOverForm,
                fill=lambda case: {"whose": case.detail.whose},
                effect=wishing.look_over,
            ),
            Transition(
                "refuse",
                ("asked",),
                "refused",
                _l("Do not take it up"),
                by=staff & ~asker,
                reason="required",
                tone="bad",
            ),
            Transition("ask_again", ("refused",), "asked", _l("Ask again"), by=asker),
            Transition(
                "adopt",
                ("wished",),
                "adopted",
                _l("I adopt this wish"),
                by=active & ~observing & ~asker,
                effect=wishing.adopt,
                discreet=True,
            ),
            Transition(
                "fulfil",
                ("adopted",),
                "fulfilled",
                _l("It is fulfilled"),
                by=adopter,
                form=FulfilForm,
                photos=3,
                effect=wishing.fulfil,
                discreet=True,
                means=_l("Who wished it, or the committee, confirms it now."),
            ),
            Transition(
                "give_back",
                ("adopted",),
                "wished",
                _l("I cannot after all"),
                by=adopter,
                effect=wishing.part,
                discreet=True,
                tone="quiet",
            ),
            Transition(
                "lapse",
                ("adopted",),
                "wished",
                _l("Open to the next"),
                by=nobody,
                effect=wishing.part,
                clock=True,
            ),
            Transition(
                "confirm",
                ("fulfilled",),
                "done",
                _l("Yes, it has come"),
                by=asker | staff & ~adopter,
                effect=wishing.settle,
                discreet=True,
            ),
            Transition(
                "not_yet",
                ("fulfilled",),
                "adopted",
                _l("It has not come yet"),
                by=asker | staff & ~adopter,
                reason="required",
                effect=wishing.settle,
                tone="bad",
                discreet=True,
            ),
            Transition(
                "thank",
                ("done",),
                "thanked",
                _l("Say thank you"),
                by=asker,
                form=ThanksForm,
                discreet=True,
            ),
            Transition(
                "withdraw",
                ("asked", "wished", "adopted"),
                "withdrawn",
                _l("Take the wish back"),
                by=asker | staff,
                reason="optional",
                tone="bad",
                discreet=True,
            ),
            Transition(
                "archive", ("done", "thanked"), "archived", _l("Archive"), by=author | staff, clock=True
            ),
        ),
    ),
)
