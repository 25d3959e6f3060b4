"""Where the committee keeps its desks: what they are called, when they are open, and who answers at them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from shequtong.boards.services import desks, suggesting
from shequtong.boards.services.forms import DeskForm, PersonForm
from shequtong.boards.services.models import Desk
from shequtong.core.communities import offices
from shequtong.core.communities.addressing import here
from shequtong.core.communities.models import OFFICES
from shequtong.core.communities.visiting import Visit
from shequtong.core.duties.forms import WEEKDAYS, roster_of
from shequtong.lib import clock, rosters
from shequtong.lib.errors import Conflict, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Staff = Annotated[Visit, here("clerk", "secretary")]
HERE = "/c/{code}/settings/desks"
LATELY = timedelta(days=30)


@router.get(HERE)
def show_desks(request: Request, visit: Staff, db: Db) -> Response:
    """The desks of the committee, and the form for another one."""
    return _show_desks(request, visit, db, DeskForm.blank(**_usual_week()))


@router.post(HERE)
def open_desk(request: Request, visit: Staff, sent: Submitted, db: Db) -> Response:
    """Open another desk."""
    form = DeskForm.read(sent)
    hours = roster_of(form) if not form.errors else ""
    if not form.errors:
        try:
            desk = desks.open_desk(db, visit.community.code, form.value, hours)
            return see_other(f"{_home(visit)}/{desk.id}")
        except Conflict as full:
            form.refuse("", full.message)
    return _show_desks(request, visit, db, form, 422)


@router.get(HERE + "/{desk_id}")
def show_desk(request: Request, visit: Staff, desk_id: int, db: Db, saved: bool = False) -> Response:
    """A desk with its hours and its people."""
    return _show_desk(request, visit, db, desk_id, saved=saved)


@router.post(HERE + "/{desk_id}")
def save_desk(request: Request, visit: Staff, desk_id: int, sent: Submitted, db: Db) -> Response:
    """Change what a desk is called and when it is open."""
    desk = _find(db, visit, desk_id)
    form = DeskForm.read(sent, settled={"kind": desk.kind})
    hours = roster_of(form) if not form.errors else ""
    if form.errors:
        return _show_desk(request, visit, db, desk_id, form=form, status=422)
    desks.write(desk, form.value, hours)
    return see_other(f"{_home(visit)}/{desk_id}?saved=1")


@router.post(HERE + "/{desk_id}/people")
def put_person(request: Request, visit: Staff, desk_id: int, sent: Submitted, db: Db) -> Response:
    """Let somebody answer at a desk, in another way, or no more (`undo`)."""
    desk = _find(db, visit, desk_id)
    if gone := number(sent.get("undo")):
        desks.take_away(db, desk, gone)
        return see_other(f"{_home(visit)}/{desk_id}?saved=1#people")
    form = PersonForm.read(sent, {"people": _people(db, visit)})
    if not form.errors and form.value.away_until and not form.value.away_from:
        form.refuse("away_from", _("Say from which day"))
    elif not form.errors and form.value.away_until and form.value.away_until < form.value.away_from:
        form.refuse("away_until", _("The last day is before the first"))
    if not form.errors:
        try:
            desks.put(db, desk, form.value)
            return see_other(f"{_home(visit)}/{desk_id}?saved=1#people")
        except Conflict as full:
            form.refuse("", full.message)
    return _show_desk(request, visit, db, desk_id, person_form=form, status=422)


def _home(visit: Visit) -> str:
    return f"/c/{visit.community.code}/settings/desks"


def _find(db: Session, visit: Visit, desk_id: int) -> Desk:
    desk = db.get(Desk, desk_id) if 0 < desk_id < 2**63 else None
    if desk is None or desk.code != visit.community.code:
        raise NotFound
    return desk


def _people(db: Session, visit: Visit) -> list[tuple[str, Any]]:
    """Who holds an office here, each once; only they may read what neighbours ask in private."""
    held = offices.serving(db, OFFICES, visit.community.code)
    return list({str(one.id): (str(one.id), one.name) for one in held}.values())


def _usual_week() -> dict[str, str]:
    week = zip(WEEKDAYS, rosters.read("").week, strict=True)
    return {name: rosters.said(hours) for name, hours in week}


def _show_desks(
    request: Request, visit: Visit, db: Session, form: BoundForm[Any], status: int = 200
) -> Response:
    return page(
        request,
        "boards/services/desks.html",
        block="desks",
        status=status,
        desks=desks.of(db, visit.community.code),
        helped=suggesting.helped(db, visit.community.code, clock.now() - LATELY),
        form=form,
        days=WEEKDAYS,
        here=_home(visit),
        community=visit.community,
    )


def _show_desk(
    request: Request,
    visit: Visit,
    db: Session,
    desk_id: int,
    *,
    form: BoundForm[Any] | None = None,
    person_form: BoundForm[Any] | None = None,
    saved: bool = False,
    status: int = 200,
) -> Response:
    desk = next((one for one in desks.of(db, visit.community.code) if one.row.id == desk_id), None)
    if desk is None:
        raise NotFound
    people = _people(db, visit)
    chosen = number(request.query_params.get("who"))
    known = next((one for one in desk.people if one.account_id == chosen), None)
    return page(
        request,
        "boards/services/desk.html",
        block="desk",
        status=status,
        desk=desk,
        form=form or _filled(desk),
        person_form=(person_form or _person(people, known)).named("who"),
        known=known,
        days=WEEKDAYS,
        is_on=desks.is_on,
        saved=saved,
        here=_home(visit),
        community=visit.community,
    )


def _filled(desk: desks.Staffed) -> BoundForm[Any]:
    row, roster = desk.row, desk.roster
    week = {name: rosters.said(hours) for name, hours in zip(WEEKDAYS, roster.week, strict=True)}
    dates = "\n".join(f"{day} {rosters.said(hours)}".strip() for day, hours in sorted(roster.dates.items()))
    told = {name: getattr(row, name) for name in ("name", "about", "place", "phone", "closed")}
    return DeskForm.blank(settled={"kind": row.kind}, dates=dates, **week, **told)


def _person(people: list[tuple[str, Any]], known: Any) -> BoundForm[Any]:
    if known is None:
        return PersonForm.blank({"people": people}, part="first")
    return PersonForm.blank(
        {"people": people},
        account_id=known.account_id,
        part="backup" if known.backup else "first",
        weekdays=[str(day) for day in known.weekdays],
        weeks=known.weeks,
        away_from=known.away_from,
        away_until=known.away_until,
    )
