"""District window: a bulletin of the district or a street, read in every committee below and passed on by each."""

from typing import Any

from sqlmodel import Session

from shequtong.boards.district import addressing, cascading, keeping_up, relaying, timing
from shequtong.boards.district.forms import KINDS, BulletinForm, CorrectForm, RelayForm, SetAsideForm
from shequtong.boards.district.models import Bulletin
from shequtong.core.communities import places
from shequtong.core.posts import scheduling
from shequtong.core.posts.board import Board
from shequtong.core.posts.policy import Case, at_level, author, in_state, officer, ours, staff
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import nobody
from shequtong.lib.workflow import State, Transition, Workflow

issuer = officer & ours


class DistrictBoard(Board):
    """A board whose bulletins go down to the committees chosen, and are passed on by each."""

    def choices(self, session: Session, case: Case) -> dict[str, Any]:
        if case.community.level == "committee":
            return {"places": places.scopes(session, case.community.code)}
        return {"below": addressing.below(session, case.community.code)}

    def check(self, session: Session, case: Case, form: BoundForm[Any]) -> None:
        addressing.check(session, case, form)

    def more(self, session: Session, case: Case) -> dict[str, Any]:
        return relaying.shown(session, case)


board = DistrictBoard(
    slug="district",
    name=_l("District window"),
    about=_l("What the district and the street have to tell everybody."),
    icon="landmark",
    colour="blue",
    essential=True,
    invite=_l("Write a bulletin"),
    form=BulletinForm,
    detail=Bulletin,
    kinds=KINDS,
    kind_tones={"must_read": "warn"},
    quiet=("whom", "aim", "hours"),
    reaches=addressing.REACHES,
    levels=("street", "district", "committee"),
    audience="public",
    rules={
        "create": officer & at_level("street", "district"),
        "edit": issuer & in_state("draft", "scheduled"),
        "delete": author & in_state("draft"),
        "comment": nobody,
        "report": nobody,
        "pin": issuer,
        "link": issuer,
        "oversee": issuer & ~in_state("draft", "scheduled"),
    },
    workflow=Workflow(
        states=(
            State("draft", _l("Draft"), audience="parties"),
            State("scheduled", _l("Scheduled"), "info", audience="parties"),
            State("live", _l("In force"), "good", audience="public"),
            State("corrected", _l("Corrected"), "warn", audience="public"),
            State("expired", _l("Out of date"), is_open=False),
            State("withdrawn", _l("Withdrawn"), "bad", is_open=False),
        ),
        transitions=(
            Transition(
                "publish",
                ("draft",),
                "live",
                _l("Publish now"),
                by=issuer,
                when=timing.in_time,
                at_once=True,
                effect=cascading.begin,
            ),
            Transition(
                "schedule",
                ("draft",),
                "scheduled",
                _l("Publish later"),
                by=issuer,
                form=scheduling.ScheduleForm,
                check=timing.check_moment,
                effect=scheduling.at_moment,
            ),
            Transition(
                "go_live",
                ("scheduled",),
                "live",
                _l("Published at the time set"),
                by=nobody,
                clock=True,
                effect=cascading.begin,
            ),
            Transition(
                "correct",
                ("live", "corrected"),
                "corrected",
                _l("Correct it"),
                by=issuer,
                form=CorrectForm,
                fill=timing.as_it_stands,
                effect=keeping_up.correct,
            ),
            Transition(
                "expire",
                ("live", "corrected"),
                "expired",
                _l("Out of date"),
                by=nobody,
                clock=True,
                effect=keeping_up.end,
            ),
            Transition(
                "withdraw",
                ("draft", "scheduled", "live", "corrected"),
                "withdrawn",
                _l("Withdraw"),
                by=issuer,
                reason="optional",
                tone="bad",
                effect=keeping_up.end,
            ),
            Transition(
                "relay",
                ("live", "corrected"),
                None,
                _l("Pass on to our residents"),
                by=staff & addressing.addressed,
                when=timing.in_time & relaying.not_relayed,
                per="community",
                form=RelayForm,
                check=relaying.check,
                effect=relaying.relay,
                undoable=False,
                done=_l("Committees that passed it on:"),
            ),
            Transition(
                "set_aside",
                ("live", "corrected"),
                None,
                _l("Does not concern us"),
                by=staff & addressing.addressed,
                when=timing.in_time & relaying.not_relayed,
                per="community",
                form=SetAsideForm,
                effect=relaying.set_aside,
                undoable=False,
                tone="quiet",
                done=_l("Committees it does not concern:"),
            ),
        ),
    ),
)
