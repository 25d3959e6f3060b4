"""What the pages of a round share: who may open them, which round it is, and what surrounds it."""

from __future__ import annotations

from typing import Annotated, Any

from shequtong.core.ballots import mandating, queries, showing
from shequtong.core.ballots.models import Round
from shequtong.core.posts.addressing import address, on_post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib.errors import Invalid, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _

Showing = Annotated[Case, on_post("show")]
Voting = Annotated[Case, on_post("vote")]
Counting = Annotated[Case, on_post("count")]

HERE = "/c/{code}/{board}/{post_id}/ballots"


def latest(db: Any, case: Case) -> Round:
    """The round that runs, or ran last. NotFound where there never was one."""
    found = queries.latest(db, case.post.id)
    if found is None:
        raise NotFound
    return found


def options(round_: Any) -> list[tuple[str, Any]]:
    return [(key, showing.option_words(key, label)) for key, label in round_.options]


def home(case: Case) -> str:
    return address(case.post, case.community.code)


def around(case: Case) -> dict[str, Any]:
    return {
        "case": case,
        "post": case.post,
        "board": case.board,
        "community": case.community,
        "boards": rooms_of(case.community),
        "here": f"{home(case)}/ballots",
    }


def holder_given(
    db: Any, case: Case, round_: Round, form: BoundForm[Any], dwelling_id: int, on_paper: bool = False
) -> bool:
    """Give the mandate a form asks for; what is wrong with its holder is marked in the form."""
    if form.errors:
        return False
    holder_id = mandating.find_holder(db, case.community.code, form.value.holder)
    if holder_id is None:
        form.refuse("holder", _("Nobody here, or more than one, is called so. Write the name as it is shown"))
        return False
    try:
        mandating.give(db, round_.id, case.actor, dwelling_id, holder_id, on_paper=on_paper)
    except Invalid as wrong:
        form.refuse("holder", wrong.message)
        return False
    return True
