"""When somebody of the committee is on duty, and how many of those hours it gives itself."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities.addressing import here
from shequtong.core.communities.visiting import Visit
from shequtong.core.duties import reckoning, timing
from shequtong.core.duties.forms import RosterForm, TimesForm, roster_form, roster_of
from shequtong.core.posts.board import Board
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib import clock, holidays
from shequtong.lib.errors import Invalid
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Secretary = Annotated[Visit, here("secretary")]


@router.get("/c/{code}/settings/hours")
def show_hours(request: Request, visit: Secretary, db: Db, saved: bool = False) -> Response:
    """The week's hours, single days, and the times of every board."""
    return _show(request, visit, db, saved=saved)


@router.post("/c/{code}/settings/hours")
def save_hours(request: Request, visit: Secretary, sent: Submitted, db: Db) -> Response:
    """Set the hours of duty; what runs is counted by them from now on."""
    form = RosterForm.read(sent)
    words = roster_of(form) if not form.errors else ""
    if form.errors:
        return _show(request, visit, db, form=form, status=422)
    reckoning.change_roster(db, visit.community.code, words)
    return see_other(f"/c/{visit.community.code}/settings/hours?saved=1")


@router.post("/c/{code}/settings/times")
def save_times(request: Request, visit: Secretary, sent: Submitted, db: Db) -> Response:
    """Set a board's times, for a category or for all others; or let its usual ones hold again (`usual`)."""
    code = visit.community.code
    named = dict(_whats(visit))
    if usual := sent.get("usual"):
        if str(usual) not in named:
            raise Invalid
        timing.usual_hours(db, code, *_split(str(usual)))
        return see_other(f"/c/{code}/settings/hours?saved=1#times")
    form = TimesForm.read(sent, {"whats": _whats(visit)})
    if not form.errors and form.value.first_reply > form.value.resolve:
        form.refuse("first_reply", _("The first reply comes before the answer"))
    if form.errors:
        return _show(request, visit, db, times_form=form, status=422)
    value = form.value
    timing.set_hours(db, code, *_split(value.what), value.first_reply, value.resolve)
    return see_other(f"/c/{code}/settings/hours?saved=1#times")


def _owing(visit: Visit) -> list[Board]:
    return [board for board in rooms_of(visit.community) if board.owes]


def _whats(visit: Visit) -> list[tuple[str, Any]]:
    """Every board that owes something, for all and for each category: `matters`, `matters/lift`."""
    whats: list[tuple[str, Any]] = []
    for board in _owing(visit):
        categories = timing.categories_of(board)
        whats.append((board.slug, _("%(board)s: all others", board=board.name) if categories else board.name))
        whats += [
            (f"{board.slug}/{key}", _("%(board)s: %(category)s", board=board.name, category=label))
            for key, label in categories
        ]
    return whats


def _split(what: str) -> tuple[str, str]:
    board, _slash, category = what.partition("/")
    return board, category


def _in_force(db: Any, visit: Visit) -> list[tuple[str, Any, tuple[int, int], bool]]:
    """(what, its words, its hours, whether they are the committee's own), without what has the usual ones."""
    words = dict(_whats(visit))
    found = []
    for board in _owing(visit):
        owes = board.owes
        assert owes is not None
        own = timing.own_hours(db, visit.community.code, board.slug)
        hours = {"": owes.usual, **owes.hours, **own}
        for category, both in hours.items():
            what = f"{board.slug}/{category}" if category else board.slug
            if what in words:
                found.append((what, words[what], both, category in own))
    return found


def _show(
    request: Request,
    visit: Visit,
    db: Any,
    *,
    form: BoundForm[Any] | None = None,
    times_form: BoundForm[Any] | None = None,
    saved: bool = False,
    status: int = 200,
) -> Response:
    this_year = clock.today().year
    return page(
        request,
        "duties/hours.html",
        block="hours",
        status=status,
        form=form or roster_form(visit.community.roster),
        times_form=times_form or TimesForm.blank({"whats": _whats(visit)}),
        times=_in_force(db, visit),
        known=sorted(year for year in holidays.current().years if year >= this_year),
        saved=saved,
        community=visit.community,
    )
