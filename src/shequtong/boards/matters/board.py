"""Nearby matters: seen, reported, taken, dispatched, fixed, and confirmed by whoever reported it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from shequtong.boards.matters import handling
from shequtong.boards.matters.forms import (
    HANDLERS,
    WHY_NOT,
    AnswerForm,
    AskForm,
    ClaimForm,
    DirectForm,
    DispatchForm,
    MatterForm,
    MergeForm,
    PromiseForm,
    TransferForm,
)
from shequtong.boards.matters.models import Matter
from shequtong.core.posts.board import Board
from shequtong.core.posts.forms import RATINGS, RatingForm
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.policy import Case, assignee, author, handler, in_state, officer, resident, staff
from shequtong.lib.dates import day
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.i18n import ngettext
from shequtong.lib.workflow import State, Transition, Workflow

OPEN = (
    "new",
    "acknowledged",
    "need_info",
    "dispatched",
    "in_progress",
    "done_claimed",
    "reopened",
    "transferred",
    "escalated",
)
concerned = author | staff | handler | assignee


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
            (_("Reported for"), matter.on_behalf if concerned(case) else ""),
            (_("Given to"), dict(HANDLERS).get(case.post.handler, "")),
            (_("To be done by"), day(matter.promised_on) if matter.promised_on else ""),
            (_("Opened again"), times if matter.reopened else ""),
            (_("The reporter's rating"), dict(RATINGS).get(str(matter.rating), "")),
        ]
        return {"facts": [fact for fact in facts if fact[1]]}


board = Matters(
    slug="matters",
    name=_l("Nearby matters"),
    about=_l("A lamp is out, a drain is blocked? Show it here and see it through until it is fixed."),
    icon="map-pin",
    colour="persimmon",
    invite=_l("Report something"),
    form=MatterForm,
    detail=Matter,
    facts=("category", "place"),
    quiet=("on_behalf",),
    searched=("place",),
    photos_first=True,
    desk=("new", "acknowledged", "reopened"),
    owes=Owed(
        reply=("new", "reopened"),
        work=("acknowledged", "dispatched", "in_progress", "escalated"),
        waits=("need_info", "done_claimed", "transferred"),
        category="category",
        hours={"lift": (2, 24), "safety": (2, 24), "water": (4, 24), "light": (8, 40)},
        promise="promised_on",
        take="acknowledge",
    ),
    rules={"create": resident | staff, "delete": author & in_state("new")},
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
                lasts=timedelta(days=7),
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
                by=handler,
                form=PromiseForm,
                effect=handling.take,
            ),
            Transition(
                "send_back",
                ("dispatched",),
                "acknowledged",
                _l("Send it back"),
                by=handler,
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
            ),
            Transition(
                "confirm",
                ("done_claimed",),
                "confirmed",
                _l("Yes, it is fixed"),
                by=author & ~assignee,
                form=RatingForm,
                effect=handling.rate,
                clock=True,
            ),
            Transition(
                "reopen",
                ("done_claimed", "confirmed"),
                "reopened",
                _l("No, it is not fixed"),
                by=author,
                reason="required",
                effect=handling.begin_again,
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
            Transition("take_back", ("transferred",), "acknowledged", _l("Take it back"), by=staff),
            Transition(
                "merge",
                ("new", "acknowledged"),
                "merged",
                _l("Join with the same matter"),
                by=staff,
                form=MergeForm,
                check=handling.check_merge,
                effect=handling.merge,
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
                effect=handling.begin_again,
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
