"""Mutual aid: asked for or offered, answered by one neighbour, and thanked for."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from shequtong.boards.aid import helping
from shequtong.boards.aid.forms import KINDS, AidForm, ThanksForm, VolunteerForm
from shequtong.boards.aid.helping import helped, partner, unvouched
from shequtong.boards.aid.models import Aid
from shequtong.core.posts.board import Board
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case, author, holds, in_state, staff
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import Rule, nobody
from shequtong.lib.workflow import State, Transition, Workflow

giver = holds("resident", "organisation")
vouched = Rule("vouched for", lambda case: bool(case.detail.vouched_at))


class AidBoard(Board):
    def published(self, session: Session, post: Post, detail: Any, case: Case, form: Any) -> None:
        helping.begin(post, detail)

    def edited(self, session: Session, post: Post, case: Case) -> None:
        helping.begin(post, case.detail)

    def more(self, session: Session, case: Case) -> Mapping[str, Any]:
        return helping.names(session, case)


board = AidBoard(
    slug="aid",
    name=_l("Mutual aid"),
    about=_l("A neighbour close by is worth more than family far away: ask, or lend a hand."),
    icon="hand-heart",
    colour="rose",
    invite=_l("Ask or offer"),
    form=AidForm,
    detail=Aid,
    kinds=KINDS,
    kind_tones={"ask": "warn", "offer": "good"},
    facts=("help", "at", "place"),
    quiet=("vulnerable",),
    searched=("place",),
    desk_if_handed=("open",),
    rules={
        "create": giver,
        "edit": author & in_state("open") & ~vouched,
        "delete": author & in_state("open", "cancelled", "expired"),
    },
    workflow=Workflow(
        states=(
            State("open", _l("Looking for somebody"), "good", lasts=helping.OPEN_FOR, until=_l("Open until")),
            State("matched", _l("Somebody has answered"), "info"),
            State("confirmed", _l("Agreed"), "info"),
            State("in_progress", _l("Help is under way"), "info"),
            State("done", _l("Helped"), "good", is_open=False),
            State("thanked", _l("Thanked for"), "good", is_open=False),
            State("cancelled", _l("Called off"), is_open=False),
            State("expired", _l("Expired"), is_open=False),
            State("no_show", _l("Somebody did not come"), "bad", is_open=False),
        ),
        transitions=(
            Transition(
                "vouch",
                ("open",),
                None,
                _l("Vouch for it"),
                by=staff & ~author,
                when=unvouched,
                per="community",
                effect=helping.vouch,
                undone=helping.unvouch,
            ),
            Transition(
                "volunteer",
                ("open",),
                "matched",
                _l("I will help"),
                by=giver & ~author,
                when=~unvouched,
                form=VolunteerForm,
                effect=helping.volunteer,
                says=(("offer", _l("I would like this help")),),
                discreet=True,
            ),
            Transition("accept", ("matched",), "confirmed", _l("Yes, gladly"), by=author),
            Transition(
                "decline",
                ("matched",),
                "open",
                _l("Thank you, not this time"),
                by=author,
                effect=helping.part,
            ),
            Transition(
                "start",
                ("confirmed",),
                "in_progress",
                _l("It has begun"),
                by=author | partner,
                discreet=True,
            ),
            Transition(
                "finish", ("in_progress",), "done", _l("It is done"), by=author | partner, discreet=True
            ),
            Transition(
                "thank", ("done",), "thanked", _l("Say thank you"), by=helped, form=ThanksForm, discreet=True
            ),
            Transition(
                "step_back",
                ("matched", "confirmed"),
                "open",
                _l("I cannot after all"),
                by=partner,
                effect=helping.part,
                discreet=True,
            ),
            Transition(
                "report_no_show",
                ("confirmed",),
                "no_show",
                _l("The other one did not come"),
                by=author | partner,
                reason="required",
                tone="bad",
            ),
            Transition(
                "cancel",
                ("open", "matched", "confirmed"),
                "cancelled",
                _l("Call it off"),
                by=author,
                reason="optional",
                tone="bad",
            ),
            Transition("expire", ("open",), "expired", _l("Expired"), by=nobody, clock=True),
            Transition(
                "renew", ("expired", "no_show"), "open", _l("Ask again"), by=author, effect=helping.part
            ),
        ),
    ),
)
