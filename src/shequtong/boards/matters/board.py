"""Nearby matters: seen, reported, taken, dispatched, fixed, and confirmed by whoever reported it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from shequtong.boards.matters import confirming, handling, meeting, merging, pins, similar, telling
from shequtong.boards.matters.forms import (
    HANDLERS,
    WHY_NOT,
    AnswerForm,
    AskForm,
    ClaimForm,
    DirectForm,
    DispatchForm,
    MatterForm,
    MeetingForm,
    MergeForm,
    PointForm,
    PromiseForm,
    SummonForm,
    TransferForm,
)
from shequtong.boards.matters.models import Matter
from shequtong.core.posts.board import Board
from shequtong.core.posts.forms import RATINGS, RatingForm
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.policy import (
    Case,
    assignee,
    author,
    concerned,
    handler,
    holds,
    in_state,
    officer,
    resident,
    staff,
    untouched,
)
from shequtong.lib.dates import day
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.i18n import ngettext
from shequtong.lib.policy import Rule, nobody
from shequtong.lib.workflow import State, Transition, Workflow

OPEN = (
    "new",
    "acknowledged",
    "need_info",
    "dispatched",
    "in_progress",
    "done_claimed",
    "reminded",
    "reopened",
    "transferred",
    "escalated",
)
BEING_HANDLED = (
    "acknowledged",
    "need_info",
    "dispatched",
    "in_progress",
    "reopened",
    "escalated",
    "transferred",
)
has_it_in_hand = author | staff | handler | assignee
program = holds("program")
agreed = Rule(
    "points agreed on are open", lambda case: case.detail is not None and case.detail.open_points > 0
)
unanswered = untouched & in_state("new")
shared = Rule("not a private matter", lambda case: case.post.audience != "parties")


class Matters(Board):
    def unasked(self, case: Case) -> Mapping[str, Any]:
        """Only staff write a matter down for somebody else."""
        return {} if case.here.staff else {"on_behalf": ""}

    def send_words(self, case: Case, kind: str = "") -> Any:
        return _("Send")

    def more(self, session: Session, case: Case) -> Mapping[str, Any]:
        matter = case.detail
        times = ngettext("%(num)s time", "%(num)s times", matter.reopened)
        facts = [
            (_("Reported for"), matter.on_behalf if has_it_in_hand(case) else ""),
            (_("Given to"), dict(HANDLERS).get(case.post.handler, "")),
            (_("To be done by"), day(matter.promised_on) if matter.promised_on else ""),
            (_("Opened again"), times if matter.reopened else ""),
            (_("The reporter's rating"), dict(RATINGS).get(str(matter.rating), "")),
        ]
        return {"facts": [fact for fact in facts if fact[1]], "plan": pins.shown(session, case)}

    def check(self, session: Session, case: Case, form: BoundForm[MatterForm]) -> None:
        opened = case.post is not None and not shared(case) and not form.value.private
        pins.check(session, case, form)
        if opened and not unanswered(case):
            form.refuse(
                "private", _("What was said here in private stays so. Report it once more for all to read.")
            )

    def choices(self, session: Session, case: Case) -> Mapping[str, Any]:
        return {**handling.choices(session, case), **meeting.choices(session, case)}

    def story(self, session: Session, case: Case, timeline: Sequence[Any]) -> Mapping[str, Any]:
        return {
            "stages": telling.stages(session, case.community.code, timeline),
            "after": telling.photos_after(timeline),
            "points": telling.points(timeline),
        }

    def similar(
        self, session: Session, case: Case, title: str, category: str, building: Any
    ) -> list[similar.Similar]:
        """Open matters like the one that is being written."""
        number = int(building) if str(building or "").isdecimal() and len(str(building)) < 19 else None
        return similar.find(session, case, list(OPEN), title, category, number)

    def show_first(self, session: Session, case: Case, form: Any, sent: Any) -> Mapping[str, Any]:
        """Open matters like this one, once: a form that does not say what was `seen` has shown none. A private one
        stays between its parties."""
        if form.private:
            return {}
        found = self.similar(session, case, form.title, form.category, form.building_id)
        seen = str(sent.get("seen") or "").split()
        return {"similar": found} if any(str(one.post.id) not in seen for one in found) else {}


board = Matters(
    slug="matters",
    name=_l("Nearby matters"),
    about=_l("A lamp is out, a drain is blocked? Show it here and see it through until it is fixed."),
    icon="map-pin",
    colour="persimmon",
    essential=True,
    invite=_l("Report something"),
    form=MatterForm,
    detail=Matter,
    facts=("category", "place"),
    quiet=("on_behalf", "pin"),
    searched=("place",),
    photos_first=True,
    desk=("new", "acknowledged", "reopened"),
    owes=Owed(
        reply=("new", "reopened"),
        work=("acknowledged", "dispatched", "in_progress", "escalated"),
        waits=("need_info", "done_claimed", "reminded", "transferred"),
        category="category",
        hours={"lift": (2, 24), "safety": (2, 24), "water": (4, 24), "light": (8, 40)},
        promise="promised_on",
        take="acknowledge",
    ),
    rules={"create": resident | staff | program, "delete": author & in_state("new")},
    workflow=Workflow(
        states=(
            State("new", _l("New"), "warn"),
            State("acknowledged", _l("Taken up"), "info"),
            State("need_info", _l("Waiting for the reporter's answer"), "warn"),
            State("dispatched", _l("Passed on"), "info"),
            State("in_progress", _l("Being handled"), "info"),
            State(
                "done_claimed",
                _l("Said to be fixed"),
                "warn",
                lasts=timedelta(days=5),
                until=_l("The reporter is asked again on"),
            ),
            State(
                "reminded",
                _l("Said to be fixed, asked again"),
                "warn",
                lasts=timedelta(days=2),
                until=_l("Counts as confirmed from"),
            ),
            State("confirmed", _l("Fixed and confirmed"), "good", is_open=False),
            State("reopened", _l("Opened again"), "bad"),
            State("transferred", _l("With another office"), "info"),
            State("cannot_fix", _l("Cannot be fixed"), "bad", is_open=False),
            State("merged", _l("Joined with another"), is_open=False),
            State("escalated", _l("Handed up"), "warn"),
        ),
        transitions=(
            Transition(
                "acknowledge",
                ("new", "reopened"),
                "acknowledged",
                _l("I take it"),
                by=staff,
                effect=handling.take,
            ),
            Transition(
                "start",
                ("acknowledged",),
                "in_progress",
                _l("We do it ourselves"),
                by=staff,
                form=PromiseForm,
                effect=handling.take,
            ),
            Transition(
                "dispatch",
                ("acknowledged",),
                "dispatched",
                _l("Pass it on"),
                by=staff,
                form=DispatchForm,
                effect=handling.hand_to,
            ),
            Transition(
                "accept",
                ("dispatched",),
                "in_progress",
                _l("We take it on"),
                by=handling.addressed,
                form=PromiseForm,
                effect=handling.take,
            ),
            Transition(
                "send_back",
                ("dispatched",),
                "acknowledged",
                _l("Send it back"),
                by=handling.addressed,
                reason="required",
                effect=handling.hand_back,
            ),
            Transition(
                "claim_done",
                ("in_progress",),
                "done_claimed",
                _l("It is fixed"),
                by=staff | handler | assignee,
                form=ClaimForm,
                effect=confirming.ask_anew,
                photos=6,
            ),
            Transition(
                "remind",
                ("done_claimed",),
                "reminded",
                _l("Please look whether it is fixed"),
                by=nobody,
                clock=True,
            ),
            Transition(
                "confirm",
                ("done_claimed", "reminded"),
                "confirmed",
                _l("Yes, it is fixed"),
                by=author & ~assignee,
                form=RatingForm,
                effect=confirming.rate,
                clock=True,
            ),
            Transition(
                "see_fixed",
                ("done_claimed", "reminded"),
                None,
                _l("I see that it is fixed"),
                by=resident & ~author & ~assignee,
                when=concerned,
                effect=confirming.count_witnesses,
                per="dwelling",
                done=_l("Neighbours' homes that see it is fixed (three confirm it):"),
            ),
            Transition(
                "settle",
                ("done_claimed", "reminded"),
                "confirmed",
                _l("Neighbours confirm that it is fixed"),
                by=nobody,
            ),
            Transition(
                "reopen",
                ("done_claimed", "reminded", "confirmed"),
                "reopened",
                _l("No, it is not fixed"),
                by=author,
                reason="required",
                effect=confirming.begin_again,
            ),
            Transition(
                "ask_info",
                ("acknowledged",),
                "need_info",
                _l("Ask the reporter"),
                by=staff,
                form=AskForm,
            ),
            Transition(
                "give_info",
                ("need_info",),
                "acknowledged",
                _l("Answer the question"),
                by=author,
                form=AnswerForm,
            ),
            Transition(
                "transfer",
                ("acknowledged",),
                "transferred",
                _l("Hand to another office"),
                by=staff,
                form=TransferForm,
            ),
            Transition(
                "take_back",
                ("transferred", "dispatched"),
                "acknowledged",
                _l("Take it back"),
                by=staff,
                effect=handling.hand_back,
                tone="quiet",
            ),
            Transition(
                "merge",
                ("new", "acknowledged"),
                "merged",
                _l("Join with the same matter"),
                by=staff,
                form=MergeForm,
                check=merging.check_merge,
                effect=merging.merge,
            ),
            Transition(
                "escalate",
                ("acknowledged", "dispatched", "in_progress"),
                "escalated",
                _l("Hand up to the street or town"),
                by=staff,
                reason="required",
                effect=handling.hand_up,
            ),
            Transition(
                "fast_track",
                ("new", "acknowledged", "reopened"),
                "escalated",
                _l("Fast track to the street"),
                by=staff,
                reason="required",
                effect=handling.hand_up_at_once,
                tone="quiet",
            ),
            Transition(
                "summon",
                BEING_HANDLED,
                None,
                _l("Ask an office to come"),
                by=staff,
                when=shared,
                form=SummonForm,
                check=meeting.check_summon,
                effect=meeting.summon,
                repeats=True,
                tone="quiet",
            ),
            Transition(
                "meet",
                BEING_HANDLED,
                None,
                _l("Write down a joint meeting"),
                by=staff,
                form=MeetingForm,
                check=meeting.check_minutes,
                effect=meeting.write_minutes,
                repeats=True,
                tone="quiet",
            ),
            Transition(
                "keep_point",
                BEING_HANDLED,
                None,
                _l("An agreed point is done"),
                by=staff | handler | assignee,
                when=agreed,
                form=PointForm,
                effect=meeting.keep_point,
                repeats=True,
                tone="quiet",
            ),
            Transition(
                "direct",
                ("escalated",),
                "acknowledged",
                _l("Say what is to be done"),
                by=officer & handler,
                form=DirectForm,
                effect=handling.hand_back,
            ),
            Transition(
                "declare_unfixable",
                ("acknowledged", "in_progress"),
                "cannot_fix",
                _l("It cannot be fixed"),
                by=staff | handler,
                reasons=WHY_NOT,
                tone="bad",
            ),
            Transition(
                "appeal",
                ("cannot_fix",),
                "reopened",
                _l("I do not agree"),
                by=author,
                reason="required",
                effect=confirming.begin_again,
            ),
            Transition(
                "me_too",
                OPEN,
                None,
                _l("I have this trouble too"),
                by=resident & ~author,
                done=_l("Neighbours who have this trouble too:"),
            ),
        ),
    ),
)
