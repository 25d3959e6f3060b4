"""Reporting, the record of a post with its appeals, listed words and the public figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from shequtong.core.communities.visiting import Visit
from shequtong.core.moderation import appealing, listing, queries, reporting
from shequtong.core.moderation.forms import (
    LABELS,
    REASON_LABELS,
    WHY_HELD,
    AppealForm,
    ReportForm,
    WordForm,
)
from shequtong.core.moderation.models import Decision
from shequtong.core.posts import commenting
from shequtong.core.posts import queries as posts
from shequtong.core.posts.addressing import address, community_page, here, on_post
from shequtong.core.posts.models import Comment
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import rooms_in, rooms_of
from shequtong.lib import clock
from shequtong.lib.errors import Forbidden, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

PERIOD = timedelta(days=90)

Secretary = Annotated[Visit, here("secretary")]
Reporting = Annotated[Case, on_post("report")]
Commenting = Annotated[Case, on_post("comment")]
Showing = Annotated[Case, on_post("show")]


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
        "rooms": rooms_in(visit.community),
        "actions": LABELS,
        "reasons": REASON_LABELS,
    }


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


def _anothers_comment(db: Any, case: Case, comment_id: int) -> Comment:
    """Somebody else's comment, which the form shows: only one that this reader finds below the post."""
    comment = commenting.find(db, case.post, comment_id)
    if comment.author_id == case.actor.id:
        raise Forbidden
    readable = comment.moderation == "clear" or case.here.staff
    if comment.deleted_at or not readable or not _hears(db, case, comment):
        raise NotFound
    return comment


def _hears(db: Any, case: Case, comment: Comment) -> bool:
    """Mutes and blocks are for the talk; what has a place of its own on a board's pages concerns all."""
    return bool(comment.kind) or posts.hears(db, case.post, comment.id, case.actor, case.here)
