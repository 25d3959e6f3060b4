"""Notices: written, looked at by a second person, published; read and confirmed by household, or objected to."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from shequtong.boards.notices import correcting, looking, passing_on, publishing, reaching
from shequtong.boards.notices.forms import KINDS, CorrectForm, FinaliseForm, NoticeForm
from shequtong.boards.notices.models import Notice
from shequtong.core.posts.board import Board
from shequtong.core.posts.forms import PostForm
from shequtong.core.posts.models import Post
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.passing import Mended, Passed, Reached
from shequtong.core.posts.policy import (
    Case,
    active,
    author,
    clear,
    holds,
    in_state,
    lead,
    observing,
    of_kind,
    ours,
    resident,
    staff,
)
from shequtong.core.posts.scheduling import ScheduleForm, as_set, at_moment
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import anyone, nobody
from shequtong.lib.workflow import State, Transition, Workflow

OUT = ("live", "confirming", "open")
"""States in which readers have it before them."""

RESTS = timedelta(days=90)
"""What is closed or final is put away after so long."""

published = in_state("confirming", "closed", "archived")


class NoticesBoard(Board):
    """A board on which a building lead writes for their own building only."""

    def may_post_kind(self, case: Case, kind: str) -> bool:
        if kind == "emergency":
            return case.here.is_any("clerk", "secretary", "property")
        if kind == "public_notice":
            return case.here.is_any("clerk", "secretary", "owners_committee")
        return True

    def choices(self, session: Session, case: Case) -> dict[str, Any]:
        return publishing.places_for(session, case)

    def unasked(self, case: Case) -> dict[str, Any]:
        return publishing.own_building(case.here)

    def check(self, session: Session, case: Case, form: BoundForm[Any]) -> None:
        publishing.check(session, case, form)

    def published(self, session: Session, post: Post, detail: Any, case: Case, form: PostForm) -> None:
        publishing.aim(session, post, detail)

    def edited(self, session: Session, post: Post, case: Case) -> None:
        publishing.aim(session, post, case.detail)
        publishing.address(session, case)

    def meant_for(self, session: Session, post: Post) -> set[int] | None:
        notice = session.get(Notice, post.id)
        return reaching.people(session, post.code, notice) if notice else None

    def send_words(self, case: Case, kind: str = "") -> Any:
        if not case.here.staff:
            return _("Send to the committee")
        by_two = getattr(case.community, "second_look", "")
        return _("Publish, or send it for a second look") if by_two else _("Publish")

    def more(self, session: Session, case: Case) -> dict[str, Any]:
        return {
            **reaching.reach(session, case),
            **looking.both(session, case),
            **passing_on.origin(session, case),
        }

    def story(self, session: Session, case: Case, timeline: Sequence[Any]) -> dict[str, Any]:
        return {"released": looking.released(case, timeline)}

    def take_over(self, session: Session, case: Case, passed: Passed) -> Post:
        return passing_on.take_over(self, session, case, passed)

    def mend(self, session: Session, post: Post, mended: Mended) -> None:
        passing_on.mend(session, post, mended)

    def recall(self, session: Session, post: Post) -> None:
        passing_on.recall(self, session, post)

    def reached(self, session: Session, post_ids: Collection[int]) -> Mapping[int, Reached]:
        return passing_on.reached(session, post_ids)


board = NoticesBoard(
    slug="notices",
    name=_l("Notices"),
    about=_l("What everybody here should know, in one place."),
    icon="megaphone",
    colour="amber",
    essential=True,
    invite=_l("Write a notice"),
    form=NoticeForm,
    detail=Notice,
    kinds=KINDS,
    kind_tones={"must_read": "warn", "public_notice": "info", "emergency": "bad"},
    audience="public",
    sheet=anyone,
    desk=("review",),
    hears=("district",),
    carries={"gathering": anyone, "poll": anyone},
    owes=Owed(reply=(), kinds=("public_notice",), asked=("open",)),
    announces=("live", "confirming", "open"),
    rules={
        "create": staff | lead | holds("property", "owners_committee"),
        "edit": author & ~passing_on.passed_on & (in_state("draft") | staff & in_state("review")),
        "delete": author & in_state("draft"),
        "object": (
            (resident | active & ~staff) & ~observing & clear & in_state("open") & ~publishing.time_is_up
        ),
        "reply": (staff | author & holds("owners_committee")) & ours & clear & in_state("open"),
        "knock": (staff | lead) & published & of_kind("must_read"),
    },
    workflow=Workflow(
        states=(
            State("draft", _l("Draft"), audience="parties"),
            State("review", _l("Waiting for a second look"), "warn", audience="parties"),
            State("scheduled", _l("Scheduled"), "info", audience="parties", until=_l("Appears")),
            State("live", _l("Published"), "good", audience="public"),
            State("confirming", _l("Please confirm"), "warn", audience="public"),
            State("open", _l("Open for objections"), "info", audience="public"),
            State("closed", _l("Closed"), is_open=False, lasts=RESTS),
            State("final", _l("Final"), "good", is_open=False, lasts=RESTS),
            State("archived", _l("Archived"), is_open=False, put_away=True),
        ),
        transitions=(
            Transition(
                "publish",
                ("draft", "review"),
                "live",
                _l("Publish"),
                by=staff,
                when=of_kind("info", "emergency") & publishing.released,
                at_once=True,
                as_seen=True,
                effect=publishing.release,
            ),
            Transition(
                "ask_to_confirm",
                ("draft", "review"),
                "confirming",
                _l("Publish and ask to confirm"),
                by=staff,
                when=of_kind("must_read") & publishing.released,
                at_once=True,
                as_seen=True,
                effect=publishing.release,
            ),
            Transition(
                "open_for_objections",
                ("draft", "review"),
                "open",
                _l("Publish for objections"),
                by=staff,
                when=of_kind("public_notice") & publishing.released,
                at_once=True,
                as_seen=True,
                effect=publishing.release,
            ),
            Transition(
                "schedule",
                ("draft", "review"),
                "scheduled",
                _l("Publish later"),
                by=staff,
                when=publishing.released,
                form=ScheduleForm,
                check=publishing.before_its_last_day,
                as_seen=True,
                effect=publishing.schedule,
                tone="quiet",
            ),
            Transition(
                "reschedule",
                ("scheduled",),
                "scheduled",
                _l("Choose another time"),
                by=staff,
                form=ScheduleForm,
                fill=as_set,
                check=publishing.before_its_last_day,
                effect=at_moment,
            ),
            Transition(
                "take_back", ("scheduled",), "draft", _l("Do not publish it yet"), by=staff, tone="quiet"
            ),
            *(
                Transition(
                    name,
                    ("scheduled",),
                    target,
                    _l("Published at the time set"),
                    by=nobody,
                    when=of_kind(*kinds),
                    clock=True,
                    effect=publishing.appear,
                )
                for name, target, kinds in (
                    ("go_live", "live", ("info", "emergency")),
                    ("go_asking", "confirming", ("must_read",)),
                    ("go_open", "open", ("public_notice",)),
                )
            ),
            Transition("submit", ("draft",), "review", _l("Ask for a second look"), by=author, at_once=True),
            Transition(
                "send_back", ("review",), "draft", _l("Send back"), by=staff, reason="required", tone="bad"
            ),
            Transition(
                "confirm",
                ("confirming",),
                None,
                _l("We have read it"),
                by=resident,
                when=publishing.concerned,
                per="dwellings",
                undoable=False,
            ),
            Transition(
                "correct",
                OUT,
                None,
                _l("Correct it"),
                by=staff,
                when=~publishing.second_look & ~correcting.waiting & ~passing_on.passed_on,
                form=CorrectForm,
                fill=correcting.as_it_stands,
                repeats=True,
                as_seen=True,
                effect=correcting.correct,
                tone="quiet",
                means=_l("Read the new text. If it asks you to, please confirm once more."),
            ),
            Transition(
                "propose",
                OUT,
                None,
                _l("Propose a correction to a colleague"),
                by=staff,
                when=~correcting.waiting & ~passing_on.passed_on,
                form=CorrectForm,
                fill=correcting.as_it_stands,
                repeats=True,
                inward=True,
                as_seen=True,
                effect=correcting.propose,
                tone="quiet",
            ),
            Transition(
                "release_correction",
                OUT,
                None,
                _l("Publish the correction"),
                by=staff,
                when=correcting.waiting & correcting.not_by_me,
                repeats=True,
                as_seen=True,
                effect=correcting.release,
                means=_l("Read the new text. If it asks you to, please confirm once more."),
            ),
            Transition(
                "drop_correction",
                OUT,
                None,
                _l("Leave it as it is"),
                by=staff,
                when=correcting.waiting,
                repeats=True,
                inward=True,
                effect=correcting.drop,
                tone="quiet",
            ),
            Transition("close", ("live", "confirming"), "closed", _l("Close"), by=staff),
            Transition(
                "finalise",
                ("open",),
                "final",
                _l("Make it final"),
                by=staff,
                when=publishing.time_is_up,
                form=FinaliseForm,
                check=publishing.no_objection_waits,
                effect=publishing.conclude,
            ),
            Transition(
                "recall",
                ("review", "scheduled", "live", "confirming"),
                "closed",
                _l("It has ended above"),
                by=nobody,
            ),
            Transition(
                "archive", ("closed", "final"), "archived", _l("Archive"), by=staff, clock=True, tone="quiet"
            ),
        ),
    ),
)
