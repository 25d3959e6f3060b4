"""What the pages of a gathering share: who may open them, which gathering it is, and what surrounds it."""

from __future__ import annotations

from typing import Annotated, Any

from shequtong.core.gatherings import queries, showing
from shequtong.core.posts.addressing import address, on_post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib.errors import NotFound

Showing = Annotated[Case, on_post("show")]
Planning = Annotated[Case, on_post("plan")]
SigningUp = Annotated[Case, on_post("sign_up")]
CheckingIn = Annotated[Case, on_post("check_in")]

HERE = "/c/{code}/{board}/{post_id}/gathering"


def the_gathering(db: Any, case: Case) -> Any:
    """The gathering on the case's post, as its visitor sees it. NotFound where none hangs."""
    found = queries.one(db, case.post.id, case.actor.id)
    if found is None:
        raise NotFound
    return found


def home(case: Case) -> str:
    return f"{address(case.post, case.community.code)}/gathering"


def around(case: Case, gathering: Any = None) -> dict[str, Any]:
    return {
        "case": case,
        "post": case.post,
        "board": case.board,
        "community": case.community,
        "boards": rooms_of(case.community),
        "here": home(case),
        "gathering": gathering,
        **(showing.around(case, gathering) if gathering is not None else {}),
    }
