"""Who serves in a city, district or street, and as secretary in its committees: filled by an administrator."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from shequtong.core.communities import appointing, finding, helping, queries
from shequtong.core.communities.addressing import division_page
from shequtong.core.communities.forms import OFFICES, AppointOfficerForm, StaffLinkForm
from shequtong.core.communities.routes.appointments import appointment_within, give_office, renew_link
from shequtong.core.communities.visiting import Visit
from shequtong.core.identity import looking, resetting, submitting
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Admin = Annotated[Visit, Depends(division_page("admin"))]


@router.get("/d/{code}/people")
def show_officers(request: Request, visit: Admin, db: Db) -> Response:
    """The officers of a division, and the secretaries of the committees right below it."""
    return _show(request, visit, db, AppointOfficerForm.blank(_choices(db, visit)))


@router.post("/d/{code}/people")
def appoint(request: Request, visit: Admin, sent: Submitted, db: Db) -> Response:
    """Give somebody an office here, or make them secretary of a committee right below."""
    if earlier := submitting.earlier(db, visit.actor, sent):
        return see_other(earlier)
    form = AppointOfficerForm.read(sent, _choices(db, visit))
    here = visit.community.code
    if not form.errors and (form.value.office == "secretary") != bool(form.value.code):
        form.refuse("code", _("Choose a committee for a secretary, and only for a secretary"))
    link = give_office(db, visit, form, form.value.code or here) if not form.errors else ""
    if form.errors:
        return _show(request, visit, db, form, status=422)
    submitting.remember(db, visit.actor, sent, f"/d/{here}/people")
    return _invited(request, form.value, link, here) if link else see_other(f"/d/{here}/people")


@router.post("/d/{code}/people/appointments/{appointment_id}/end")
def end(visit: Admin, appointment_id: int, _sent: Submitted, db: Db) -> Response:
    """End an office now."""
    appointing.end(db, visit.actor, appointment_within(db, visit.community.code, appointment_id))
    return see_other(f"/d/{visit.community.code}/people")


@router.post("/d/{code}/people/appointments/{appointment_id}/link")
def link_again(request: Request, visit: Admin, appointment_id: int, _sent: Submitted, db: Db) -> Response:
    """A new link for somebody who never set a password."""
    account, link = renew_link(db, visit, appointment_within(db, visit.community.code, appointment_id))
    return _invited(request, account, link, visit.community.code)


@router.get("/d/{code}/people/password-link")
def ask_for_whom(request: Request, visit: Admin) -> Response:
    """Who forgot their password, and how one made sure that it is them."""
    return _ask_for_whom(request, visit, StaffLinkForm.blank())


@router.post("/d/{code}/people/password-link")
def make_password_link(request: Request, visit: Admin, sent: Submitted, db: Db) -> Response:
    """A link with which somebody who serves here sets a new password; they will read who made it and why."""
    form = StaffLinkForm.read(sent)
    account = helping.staff_to_help(db, visit.actor, form.value.login) if form.checked else None
    if form.checked and account is None:
        form.refuse("login", _("Nobody who serves in your divisions, and only there, has this login name."))
    if account is None or form.errors:
        return _ask_for_whom(request, visit, form, status=422)
    looking.look(db, account.id, visit.actor.id or 0, ("password_link",), form.value.reason)
    return _invited(request, account, resetting.make_link(db, account.id), visit.community.code)


def _ask_for_whom(request: Request, visit: Visit, form: BoundForm[Any], status: int = 200) -> Response:
    return page(request, "communities/password_link.html", status=status, division=visit.community, form=form)


def _choices(db: Any, visit: Visit) -> dict[str, Any]:
    code = visit.community.code
    below = [row for row in finding.children(db, code) if row.level == "committee"]
    offered = [*appointing.gives(visit.actor, code), *(["secretary"] if below else [])]
    return {
        "offices": [(office, OFFICES[office]) for office in offered],
        "divisions": [(row.code, row.name) for row in below],
    }


def _show(request: Request, visit: Visit, db: Any, form: BoundForm[Any], status: int = 200) -> Response:
    code = visit.community.code
    below = finding.children(db, code)
    committees = [row for row in below if row.level == "committee"]
    held = queries.offices(db, [code, *(row.code for row in committees)])
    return page(
        request,
        "communities/officers.html",
        block="appoint_form",
        status=status,
        division=visit.community,
        above=finding.above(db, code),
        below=[row for row in below if row.level != "committee"],
        committees=committees,
        officers=[row for row in held if row.code == code],
        secretaries=_by_committee([row for row in held if row.office == "secretary"]),
        office_words=OFFICES,
        form=form,
        gives=appointing.gives(visit.actor, code),
    )


def _by_committee(rows: list[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.code, []).append(row)
    return found


def _invited(request: Request, who: Any, link: str, code: str) -> Response:
    base = request.app.state.settings.base_url
    return page(
        request,
        "communities/invited.html",
        who=who,
        link=f"{base}{link}",
        back=f"/d/{code}/people",
        community=None,
    )
