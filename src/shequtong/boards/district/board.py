"""District window: a bulletin of the district or a street, read in every committee below and passed on by each."""

from typing import Any

from sqlmodel import Session

from shequtong.boards.district import relaying, timing
from shequtong.boards.district.forms import BulletinForm, CorrectForm, RelayForm, ScheduleForm, SetAsideForm
from shequtong.boards.district.models import Bulletin
from shequtong.core.posts.board import Board
from shequtong.core.posts.participating import instead_of
from shequtong.core.posts.policy import Case, at_level, author, in_state, officer, ours, staff
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import nobody
from shequtong.lib.workflow import State, Transition, Workflow

issuer = officer & ours


class DistrictBoard(Board):
    """A board whose pages say who passed a bulletin on."""

    def more(self, session: Session, case: Case) -> dict[str, Any]:
        return relaying.relays(session, case)


board = DistrictBoard(
    slug="district",
    name=_l("District window"),
    about=_l("What the district and the street have to tell everybody."),
    icon="landmark",
    colour="blue",
    invite=_l("Write a bulletin"),
    form=BulletinForm,
    detail=Bulletin,
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
                at_once=True,
                effect=timing.until_day,
            ),
            Transition(
                "schedule",
                ("draft",),
                "scheduled",
                _l("Publish later"),
                by=issuer,
                form=ScheduleForm,
                effect=timing.at_moment,
            ),
            Transition(
                "go_live",
                ("scheduled",),
                "live",
                _l("Published at the time set"),
                by=nobody,
                clock=True,
                effect=timing.until_day,
            ),
            Transition(
                "correct",
                ("live", "corrected"),
                "corrected",
                _l("Correct it"),
                by=issuer,
                form=CorrectForm,
                fill=timing.as_it_stands,
                effect=timing.correct,
            ),
            Transition("expire", ("live", "corrected"), "expired", _l("Out of date"), by=nobody, clock=True),
            Transition(
                "withdraw",
                ("draft", "scheduled", "live", "corrected"),
                "withdrawn",
                _l("Withdraw"),
                by=issuer,
                reason="optional",
                tone="bad",
            ),
            Transition(
                "relay",
                ("live", "corrected"),
                None,
                _l("Pass on to our residents"),
                by=staff,
                per="community",
                form=RelayForm,
                effect=instead_of("set_aside"),
                done=_l("Committees that passed it on:"),
            ),
            Transition(
                "set_aside",
                ("live", "corrected"),
                None,
                _l("Does not concern us"),
                by=staff,
                per="community",
                form=SetAsideForm,
                effect=instead_of("relay"),
                done=_l("Committees it does not concern:"),
            ),
        ),
    ),
)
