"""Neighbours' talk: whatever neighbours want to say to each other."""

from datetime import timedelta

from shequtong.boards.talk.forms import TOPICS, TalkForm
from shequtong.core.posts.board import Board
from shequtong.core.posts.policy import TABLE, author, in_state, staff
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import anyone
from shequtong.lib.workflow import State, Transition, Workflow

board = Board(
    slug="talk",
    name=_l("Neighbours' talk"),
    about=_l("Photos, questions and good days, shared with the people next door."),
    icon="messages-square",
    colour="sky",
    invite=_l("Say something"),
    form=TalkForm,
    kinds=TOPICS,
    kind_tones={"newcomer": "good"},
    carries={"gathering": anyone, "poll": anyone},
    rules={"comment": TABLE["comment"] & in_state("live")},
    workflow=Workflow(
        states=(
            State("live", _l("Open for comments"), lasts=timedelta(days=365)),
            State("locked", _l("Closed for comments"), "warn", is_open=False),
            State("archived", _l("Archived"), is_open=False),
        ),
        transitions=(
            Transition(
                "lock",
                ("live",),
                "locked",
                _l("Close for comments"),
                by=staff,
                reason="required",
                tone="quiet",
            ),
            Transition("unlock", ("locked",), "live", _l("Open for comments again"), by=staff),
            Transition(
                "archive",
                ("live", "locked"),
                "archived",
                _l("Archive"),
                by=author | staff,
                clock=True,
                tone="quiet",
            ),
        ),
    ),
)
