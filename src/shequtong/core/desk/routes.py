"""The desk: everything that waits for the committee in the order of its day, and what is decided there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities.addressing import here
from shequtong.core.communities.visiting import Visit
from shequtong.core.desk import trays
from shequtong.core.duties import owning
from shequtong.core.duties import queries as duties
from shequtong.core.duties.queries import Lists
from shequtong.core.moderation import appealing, deciding, queries
from shequtong.core.moderation.forms import (
    LABELS,
    REASON_LABELS,
    WHY_HELD,
    AnswerForm,
    DecisionForm,
)
from shequtong.core.moderation.models import Decision
from shequtong.core.posts import commenting
from shequtong.core.posts.models import Comment, Post
from shequtong.core.posts.rooms import rooms_in
from shequtong.lib import clock
from shequtong.lib.errors import Invalid, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.templates import remember
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()
remember("waiting_card", lambda post, board, code: (code, board.own_name, post))

Staff = Annotated[Visit, here("clerk", "secretary")]


@dataclass
class Mistakes:
    """Forms of the desk that were filled in wrongly: of decisions by (post, comment or 0), of appeals by decision."""

    decisions: dict[tuple[int, int], BoundForm[Any]] = field(default_factory=dict)
    appeals: dict[int, BoundForm[Any]] = field(default_factory=dict)


@router.get("/c/{code}/desk")
def show_desk(request: Request, visit: Staff, db: Db, mine: bool = False, taken: int = 0) -> Response:
    """Everything that waits for the committee; of what is owed, only what one looks after oneself (`mine`)."""
    return _desk(request, visit, db, mine=mine, taken=taken)


@router.post("/c/{code}/desk/decisions")
def decide(request: Request, visit: Staff, sent: Submitted, db: Db) -> Response:
    """Decide on a held or reported post or comment."""
    post = _post_here(db, visit, sent.get("post_id"))
    comment = _comment_of(db, post, sent.get("comment_id"))
    form = DecisionForm.read(sent)
    if not form.errors and form.value.action not in ("approve",) and form.value.reason == "fine":
        form.refuse("reason", _("Say what is wrong with it"))
    if form.errors:
        wrong = Mistakes(decisions={(post.id, comment.id if comment else 0): form})
        return _desk(request, visit, db, wrong, status=422)
    value = form.value
    deciding.decide(
        db,
        post,
        comment,
        visit.actor,
        action=value.action,
        reason=value.reason,
        note=value.note,
        days=value.days,
        seen=str(sent.get("seen", "")),
    )
    return see_other(f"/c/{visit.community.code}/desk")


@router.post("/c/{code}/desk/appeals/{decision_id}")
def answer_appeal(request: Request, visit: Staff, decision_id: int, sent: Submitted, db: Db) -> Response:
    """Decide an appeal against somebody else's decision."""
    decision = db.get(Decision, decision_id)
    if decision is None or decision.code != visit.community.code:
        raise NotFound
    post = db.get_one(Post, decision.post_id)
    form = AnswerForm.read(sent)
    if form.errors:
        return _desk(request, visit, db, Mistakes(appeals={decision_id: form}), status=422)
    comment = _comment_of(db, post, decision.comment_id)
    uphold = form.value.verdict == "uphold"
    appealing.answer(db, post, comment, decision, visit.actor, uphold=uphold, words=form.value.words)
    return see_other(f"/c/{visit.community.code}/desk")


def _desk(
    request: Request,
    visit: Visit,
    db: Any,
    wrong: Mistakes | None = None,
    *,
    mine: bool = False,
    taken: int = 0,
    status: int = 200,
) -> Response:
    code, wrong = visit.community.code, wrong or Mistakes()
    waiting = queries.queue(db, code)
    return page(
        request,
        "desk/show.html",
        block="desk",
        status=status,
        owed=_owed(db, visit, mine),
        mine=mine,
        taken=taken,
        open_to_staff=owning.open_to_staff,
        trays=trays.on_desk(db, visit),
        visits=duties.visits_to_repeat(db, code),
        today=clock.today(),
        queue=waiting,
        grounds=queries.grounds(db, [(row.id, row.comment_id) for row in waiting]),
        why_held=WHY_HELD,
        joins=queries.joins_waiting(db, code),
        appeals=queries.appeals(db, code),
        to_answer=queries.due(db, code),
        wrong=wrong.decisions,
        wrong_answer=wrong.appeals,
        decision_form=DecisionForm.blank,
        answer_form=AnswerForm.blank,
        community=visit.community,
        rooms=rooms_in(visit.community),
        actions=LABELS,
        reasons=REASON_LABELS,
    )


def _owed(db: Any, visit: Visit, mine: bool) -> Lists:
    code = visit.community.code
    return duties.of_owner(db, code, visit.actor.id or 0) if mine else duties.of_committee(db, code)


def _post_here(db: Any, visit: Visit, sent: Any) -> Post:
    if not (post_id := number(sent)):
        raise Invalid
    post = db.get(Post, post_id)
    if post is None or post.code != visit.community.code or post.deleted_at:
        raise NotFound
    return post


def _comment_of(db: Any, post: Post, sent: Any) -> Comment | None:
    """The comment that is meant; None when it is the post itself."""
    return None if str(sent or "0") == "0" else commenting.find(db, post, number(sent))
