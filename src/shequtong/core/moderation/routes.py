"""Reporting, the committee's desk, decisions, appeals and the public figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from shequtong.core.communities.visiting import Visit
from shequtong.core.moderation import appealing, deciding, listing, queries, reporting
from shequtong.core.moderation.forms import (
    LABELS,
    REASON_LABELS,
    WHY_HELD,
    AnswerForm,
    AppealForm,
    DecisionForm,
    ReportForm,
    WordForm,
)
from shequtong.core.moderation.models import Decision
from shequtong.core.posts import commenting
from shequtong.core.posts.addressing import address, community_page, here, on_post
from shequtong.core.posts.models import Comment, Post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS, rooms_of
from shequtong.lib import clock
from shequtong.lib.errors import Forbidden, Invalid, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

PERIOD = timedelta(days=90)

Staff = Annotated[Visit, here("clerk", "secretary")]
Secretary = Annotated[Visit, here("secretary")]
Reporting = Annotated[Case, on_post("report")]
Commenting = Annotated[Case, on_post("comment")]
Showing = Annotated[Case, on_post("show")]


@router.get("/c/{code}/desk")
def show_desk(request: Request, visit: Staff, db: Db) -> Response:
    """Everything that waits for the committee, oldest first."""
    return _desk(request, visit, db)


@router.post("/c/{code}/desk/decisions")
def decide(request: Request, visit: Staff, sent: Submitted, db: Db) -> Response:
    """Decide on a held or reported post or comment."""
    post = _post_here(db, visit, sent.get("post_id"))
    comment = _comment_of(db, post, sent.get("comment_id"))
    form = DecisionForm.read(sent)
    if not form.errors and form.value.action not in ("approve",) and form.value.reason == "fine":
        form.refuse("reason", _("Say what is wrong with it"))
    if form.errors:
        return _desk(request, visit, db, wrong={(post.id, comment.id if comment else 0): form}, status=422)
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
        return _desk(request, visit, db, wrong_answer={decision_id: form}, status=422)
    comment = _comment_of(db, post, decision.comment_id)
    uphold = form.value.verdict == "uphold"
    appealing.answer(db, post, comment, decision, visit.actor, uphold=uphold, words=form.value.words)
    return see_other(f"/c/{visit.community.code}/desk")


@router.get("/c/{code}/desk/words")
def show_words(request: Request, visit: Secretary, db: Db) -> Response:
    """The words that hold whatever contains them."""
    return _words(request, visit, db, WordForm.blank())


@router.post("/c/{code}/desk/words")
def change_words(request: Request, visit: Secretary, sent: Submitted, db: Db) -> Response:
    """Add a word to the list, or take one off it (`remove`)."""
    code = visit.community.code
    if word := sent.get("remove"):
        listing.remove(db, code, str(word))
        return see_other(f"/c/{code}/desk/words")
    form = WordForm.read(sent)
    if not form.errors and not listing.add(db, code, form.value.word, visit.actor):
        form.refuse("word", _("Write at least two letters or characters"))
    if form.errors:
        return _words(request, visit, db, form, status=422)
    return see_other(f"/c/{code}/desk/words")


@router.get("/c/{code}/moderation")
def show_figures(request: Request, visit: Annotated[Visit, Depends(community_page)], db: Db) -> Response:
    """What the committee decided in the last 90 days, in figures, for everybody."""
    return page(
        request,
        "moderation/figures.html",
        figures=queries.figures(db, visit.community.code, clock.now() - PERIOD),
        days=PERIOD.days,
        **_around(visit),
    )


@router.get("/c/{code}/{board}/{post_id}/reports/new")
def new_report(request: Request, case: Reporting) -> Response:
    """The form to report a post."""
    return _ask(request, case, None, ReportForm.blank())


@router.post("/c/{code}/{board}/{post_id}/reports")
def report_post(request: Request, case: Reporting, sent: Submitted, db: Db) -> Response:
    """Report a post to the committee."""
    return _report(request, case, None, sent, db)


@router.get("/c/{code}/{board}/{post_id}/comments/{comment_id}/reports/new")
def new_comment_report(request: Request, case: Commenting, comment_id: int, db: Db) -> Response:
    """The form to report a comment."""
    return _ask(request, case, _anothers_comment(db, case, comment_id), ReportForm.blank())


@router.post("/c/{code}/{board}/{post_id}/comments/{comment_id}/reports")
def report_comment(request: Request, case: Commenting, comment_id: int, sent: Submitted, db: Db) -> Response:
    """Report a comment to the committee."""
    return _report(request, case, _anothers_comment(db, case, comment_id), sent, db)


@router.get("/c/{code}/{board}/{post_id}/reports/sent")
def show_report_sent(request: Request, case: Showing) -> Response:
    """Thanks to the reporter, and what happens now."""
    visit = request.state.visit
    return page(request, "moderation/report_sent.html", post=case.post, board=case.board, **_around(visit))


@router.get("/c/{code}/{board}/{post_id}/moderation")
def show_record(request: Request, case: Showing, db: Db) -> Response:
    """What was decided on a post, for its author and the committee."""
    return _record(request, case, db, AppealForm.blank())


@router.post("/c/{code}/{board}/{post_id}/moderation/{decision_id}/appeal")
def appeal(request: Request, case: Showing, decision_id: int, sent: Submitted, db: Db) -> Response:
    """Ask that another person look again."""
    decision = db.get(Decision, decision_id)
    if decision is None or decision.post_id != case.post.id or decision.author_id != case.actor.id:
        raise NotFound
    form = AppealForm.read(sent)
    if form.errors:
        return _record(request, case, db, form, status=422)
    appealing.appeal(db, case.post, decision, case.actor, form.value.words)
    return see_other(f"{address(case.post)}/moderation")


def _around(visit: Visit) -> dict[str, Any]:
    return {
        "community": visit.community,
        "boards": rooms_of(visit.community),
        "rooms": ROOMS,
        "actions": LABELS,
        "reasons": REASON_LABELS,
    }


def _desk(
    request: Request,
    visit: Visit,
    db: Any,
    wrong: dict[tuple[int, int], BoundForm[Any]] | None = None,
    wrong_answer: dict[int, BoundForm[Any]] | None = None,
    status: int = 200,
) -> Response:
    code = visit.community.code
    waiting = queries.queue(db, code)
    return page(
        request,
        "moderation/desk.html",
        block="desk",
        status=status,
        queue=waiting,
        grounds=queries.grounds(db, [(row.id, row.comment_id) for row in waiting]),
        why_held=WHY_HELD,
        joins=queries.joins_waiting(db, code),
        appeals=queries.appeals(db, code),
        due=queries.due(db, code),
        wrong=wrong or {},
        wrong_answer=wrong_answer or {},
        decision_form=DecisionForm.blank,
        answer_form=AnswerForm.blank,
        **_around(visit),
    )


def _words(request: Request, visit: Visit, db: Any, form: BoundForm[Any], status: int = 200) -> Response:
    words = queries.listed_words(db, visit.community.code)
    return page(request, "moderation/words.html", status=status, words=words, form=form, **_around(visit))


def _ask(
    request: Request, case: Case, comment: Comment | None, form: BoundForm[Any], status: int = 200
) -> Response:
    visit = request.state.visit
    return page(
        request,
        "moderation/report.html",
        status=status,
        post=case.post,
        board=case.board,
        comment=comment,
        form=form,
        **_around(visit),
    )


def _report(request: Request, case: Case, comment: Comment | None, sent: Any, db: Any) -> Response:
    form = ReportForm.read(sent)
    if form.errors:
        return _ask(request, case, comment, form, status=422)
    reporting.report(db, case.post, comment, case.actor, form.value.reason, form.value.note)
    return see_other(f"{address(case.post, case.community.code)}/reports/sent")


def _record(request: Request, case: Case, db: Any, form: BoundForm[Any], status: int = 200) -> Response:
    staff, author = case.here.staff, case.actor.id
    rows = [row for row in queries.record(db, case.post.id) if staff or row.Decision.author_id == author]
    if not staff and case.post.author_id != author and not rows:
        raise NotFound
    why = queries.grounds(db, [(case.post.id, 0)])[case.post.id, 0]
    return page(
        request,
        "moderation/record.html",
        status=status,
        post=case.post,
        board=case.board,
        decisions=rows,
        holds=why["holds"],
        why_held=WHY_HELD,
        appealable=appealing.APPEALABLE,
        form=form,
        **_around(request.state.visit),
    )


def _post_here(db: Any, visit: Visit, number: Any) -> Post:
    if not str(number or "").isdigit():
        raise Invalid
    post = db.get(Post, int(str(number)))
    if post is None or post.code != visit.community.code or post.deleted_at:
        raise NotFound
    return post


def _comment_of(db: Any, post: Post, number: Any) -> Comment | None:
    if str(number or "0") == "0":
        return None
    return commenting.find(db, post, int(str(number))) if str(number).isdigit() else None


def _anothers_comment(db: Any, case: Case, comment_id: int) -> Comment:
    comment = commenting.find(db, case.post, comment_id)
    if comment.author_id == case.actor.id:
        raise Forbidden
    if comment.deleted_at:
        raise NotFound
    return comment
