"""Party and civic corner: activities, pledges and small wishes that neighbours take on; each ends with a report."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from shequtong.boards.party import claiming
from shequtong.boards.party.forms import KINDS, ClaimForm, DeedForm, FinishForm
from shequtong.boards.party.models import Deed
from shequtong.core.posts.board import Board
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case, author, holds, in_state, member, observing, of_kind, staff
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.policy import anyone
from shequtong.lib.workflow import State, Transition, Workflow


class PartyBoard(Board):
    """A board whose posts say how many have taken part, and who, to those who need to know."""

    def check(self, session: Session, case: Case, form: BoundForm[Any]) -> None:
        claiming.check(case, form)

    def published(self, session: Session, post: Post, detail: Any, case: Case, form: Any) -> None:
        claiming.one_is_enough_for_a_wish(post, detail)

    def more(self, session: Session, case: Case) -> dict[str, Any]:
        return claiming.claimers(session, case)


board = PartyBoard(
    slug="party",
    name=_l("Party and civic corner"),
    about=_l("Activities, pledges and small wishes: something for everybody to do."),
    icon="flag",
    colour="red",
    invite=_l("Plan something"),
    form=DeedForm,
    detail=Deed,
    kinds=KINDS,
    carries={"gathering": of_kind("activity"), "poll": anyone},
    rules={
        "create": holds("party_branch", "organisation") | staff,
        "edit": author & in_state("draft", "live"),
        "delete": author & in_state("draft"),
    },
    workflow=Workflow(
        states=(
            State("draft", _l("Draft"), audience="parties"),
            State("live", _l("Under way"), "info", audience="community"),
            State("done", _l("Done"), "good", is_open=False, lasts=timedelta(days=180)),
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
            ),
            Transition(
                "finish",
                ("live",),
                "done",
                _l("Done: write the report"),
                by=author | staff,
                form=FinishForm,
                effect=claiming.report,
            ),
            Transition("archive", ("done",), "archived", _l("Archive"), by=author | staff, clock=True),
        ),
    ),
)
