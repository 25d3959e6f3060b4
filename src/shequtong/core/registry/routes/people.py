"""One person of the registry: shown masked, opened with a reason, put right, moved, tied to an account."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.communities import places
from shequtong.core.communities.visiting import Visit
from shequtong.core.registry import keeping, merging, opening, overlays, queries, rounds
from shequtong.core.registry.forms import (
    EVERY,
    OUTCOMES,
    CorrectForm,
    MarkForm,
    MoveForm,
    OpenForm,
    PlanForm,
    ReasonForm,
    ReviewForm,
    StateForm,
    TieForm,
    VisitForm,
    lists,
)
from shequtong.core.registry.models import GONE, Overlay, Person
from shequtong.core.registry.routes.dwellings import door_of, facts_of, words
from shequtong.core.registry.seeing import Known, Near, Staff, Written, may
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

HERE = "/c/{code}/registry/people/{person_id}"
DONE = {
    "correct": _l("Corrected."),
    "same": _l("This is what the registry says already."),
    "state": _l("Written down."),
    "move": _l("They live at the new door now."),
    "tie": _l("Tied. They read from now on who looked at this entry, also before."),
    "untie": _l("Untied."),
    "take_over": _l("It is one entry. What was new has been written into it."),
    "merge": _l("They are one entry now. The history of both stands below."),
    "mark": _l("They are on the list."),
    "review": _l("It still holds. We ask again on that day."),
    "end": _l("They are off the list."),
    "plan": _l("Planned. It stands on the list of the week when it is due."),
    "unplan": _l("No visits are planned any more."),
}


@router.get(HERE)
def show_person(request: Request, visit: Near, person: Known, db: Db, done: str = "") -> Response:
    """A person, masked: name, phone number, room and year of birth."""
    return _person(request, visit, db, person, done=done)


@router.post(HERE + "/looks")
def look(request: Request, visit: Staff, person: Written, sent: Submitted, db: Db) -> Response:
    """Show what is masked, after a reason; the person will read who looked and why (P2)."""
    form = OpenForm.read(sent)
    if form.errors:
        return _person(request, visit, db, person, wrong={"look": form}, status=422)
    what = frozenset(form.value.what)
    kept = " ".join(one for one in opening.MASKED if one in what)
    opening.open_rows(db, [person], kept, visit.actor, form.value.in_words)
    return _person(request, visit, db, person, opened=what)


@router.post(HERE + "/corrections")
def correct(request: Request, visit: Staff, person: Written, sent: Submitted, db: Db) -> Response:
    """Put right what is filled in; the rest stays."""
    form = CorrectForm.read(sent)
    facts = {fact: value for fact, value in facts_of(form).items() if value}
    if not form.errors:
        if form.value.no_phone:
            facts["phone"] = None
        changed = keeping.correct(db, person, facts, visit.actor, form.value.reason)
        return _back(visit, person, "correct" if changed else "same")
    return _person(request, visit, db, person, wrong={"correct": form}, status=422)


@router.post(HERE + "/states")
def change_state(request: Request, visit: Staff, person: Written, sent: Submitted, db: Db) -> Response:
    """They moved out, died, came back, or own the dwelling and live elsewhere."""
    form = StateForm.read(sent)
    if not form.errors and form.value.left_on and form.value.left_on > clock.today():
        form.refuse("left_on", _("This day has not come yet"))
    if not form.errors:
        asked = form.value
        try:
            keeping.change_state(db, person, asked.state, asked.left_on, visit.actor, asked.reason)
        except Conflict as refused:
            form.refuse("state", refused.message)
    if form.errors:
        return _person(request, visit, db, person, wrong={"state": form}, status=422)
    return _back(visit, person, "state")


@router.post(HERE + "/moves")
def move(request: Request, visit: Staff, person: Written, sent: Submitted, db: Db) -> Response:
    """They go to live in another dwelling of the community, alone."""
    form = MoveForm.read(sent, {"buildings": places.building_choices(db, visit.community.code)})
    to = door_of(db, visit, form)
    if to is not None:
        try:
            keeping.move(db, person, to, visit.actor, form.value.reason)
        except Conflict as refused:
            form.refuse("room", refused.message)
    if form.errors:
        return _person(request, visit, db, person, wrong={"move": form}, status=422)
    return _back(visit, person, "move")


@router.post(HERE + "/account")
def tie(request: Request, visit: Staff, person: Written, sent: Submitted, db: Db) -> Response:
    """This person is who has that account (`account_id`); or it was another's (`untie`)."""
    untie = bool(sent.get("untie"))
    form: BoundForm[Any] = (
        ReasonForm.read(sent)
        if untie
        else TieForm.read(sent, {"accounts": queries.members(db, person.dwelling_id)})
    )
    if not form.errors:
        try:
            if untie:
                keeping.untie(db, person, visit.actor, form.value.reason)
            else:
                keeping.tie(db, person, form.value.account_id, visit.actor, form.value.reason)
        except Conflict as refused:
            form.refuse("reason" if untie else "account_id", refused.message)
    if form.errors:
        return _person(request, visit, db, person, wrong={"untie" if untie else "tie": form}, status=422)
    return _back(visit, person, "untie" if untie else "tie")


@router.post(HERE + "/lists")
def mark(request: Request, visit: Staff, person: Written, sent: Submitted, db: Db) -> Response:
    """Put them on a list that a duty needs."""
    seen = overlays.seen_by(visit.here, person.building_id)
    form = MarkForm.read(sent, {"lists": lists(seen)})
    if not form.errors:
        asked = form.value
        if asked.since > clock.today():
            form.refuse("since", _("This day has not come yet"))
        elif asked.until and asked.until < asked.since:
            form.refuse("until", _("The last day is before the first"))
    if not form.errors:
        asked = form.value
        try:
            keeping.mark(
                db,
                person,
                asked.kind,
                visit.actor,
                source=asked.source,
                since=asked.since,
                until=asked.until,
                reason=asked.reason,
            )
        except Conflict as refused:
            form.refuse("kind", refused.message)
    if form.errors:
        return _person(request, visit, db, person, wrong={"mark": form}, status=422)
    return _back(visit, person, "mark")


@router.post(HERE + "/lists/{overlay_id}")
def review(
    request: Request, visit: Staff, person: Written, overlay_id: int, sent: Submitted, db: Db
) -> Response:
    """It still holds until the next day of review; or it does not any more (`end`)."""
    overlay = db.get(Overlay, overlay_id) if 0 < overlay_id < 2**63 else None
    if overlay is None or overlay.person_id != person.id:
        raise NotFound
    if not overlays.sees(visit.here, overlay.kind, person.building_id):
        raise NotFound
    end = bool(sent.get("end"))
    form: BoundForm[Any] = ReasonForm.read(sent) if end else ReviewForm.read(sent)
    if form.errors:
        named = f"{'end' if end else 'review'}-{overlay.id}"
        return _person(request, visit, db, person, wrong={named: form}, status=422)
    if end:
        keeping.end_overlay(db, overlay, visit.actor, form.value.reason)
    else:
        keeping.review_overlay(db, overlay, visit.actor, form.value.review_on, form.value.reason)
    return _back(visit, person, "end" if end else "review")


def show_again(
    request: Request, visit: Visit, db: Any, person: Person, wrong: dict[str, BoundForm[Any]]
) -> Response:
    """The page of a person with a form that was filled in wrongly."""
    return _person(request, visit, db, person, wrong=wrong, status=422)


def _back(visit: Visit, person: Person, done: str) -> Response:
    return see_other(f"/c/{visit.community.code}/registry/people/{person.id}?done={done}")


def _person(
    request: Request,
    visit: Visit,
    db: Any,
    person: Person,
    *,
    opened: frozenset[str] = frozenset(),
    done: str = "",
    wrong: dict[str, BoundForm[Any]] | None = None,
    status: int = 200,
) -> Response:
    wrong = wrong or {}
    db.flush()
    seen = overlays.seen_by(visit.here, person.building_id)
    writes = may(visit, "write", person.building_id, person)
    code = visit.community.code
    running = queries.overlays_of(db, person.id, seen)
    visited = any(row.kind == rounds.ALONE for row in running) and may(
        visit, "visit", person.building_id, person
    )
    twins: list[Any] = []
    buildings, accounts, who = {}, {}, {}
    if writes and visited:
        who = {"who": rounds.who_goes(db, code, person.building_id)}
    if writes:
        twins = merging.likely(
            db, code, person.dwelling_id, person.name, person.phone, person.birth_year, person.id
        )
        buildings = {"buildings": places.building_choices(db, code)}
        accounts = {"accounts": queries.members(db, person.dwelling_id)}
    return page(
        request,
        "registry/person.html",
        status=status,
        person=queries.person(db, person.id),
        opened=opened,
        writes=writes,
        own=person.account_id == visit.actor.id,
        gone=person.state in GONE,
        twins=twins,
        overlays=running,
        visited=visited,
        plan=rounds.plan_of(db, person.id) if visited else None,
        visits=rounds.visits_of(db, person.id) if visited else [],
        outcomes=OUTCOMES,
        every=dict(EVERY),
        steps=queries.history(db, kinds=seen, person_id=person.id),
        accounts=accounts.get("accounts", []),
        wrong=wrong,
        forms={
            "look": wrong.get("look") or OpenForm.blank(),
            "correct": wrong.get("correct") or CorrectForm.blank(),
            "state": wrong.get("state") or StateForm.blank(),
            "move": wrong.get("move") or MoveForm.blank(buildings),
            "tie": wrong.get("tie") or TieForm.blank(accounts),
            "untie": wrong.get("untie") or ReasonForm.blank(),
            "visit": wrong.get("visit") or VisitForm.blank(visited_on=clock.today()),
            "plan": wrong.get("plan") or PlanForm.blank(who, next_on=clock.today()),
            "unplan": wrong.get("unplan") or ReasonForm.blank(),
            "mark": wrong.get("mark") or MarkForm.blank({"lists": lists(seen)}, since=clock.today()),
        },
        review_form=lambda overlay: wrong.get(f"review-{overlay.id}") or ReviewForm.blank(),
        end_form=lambda overlay: wrong.get(f"end-{overlay.id}") or ReasonForm.blank(),
        may_mark=writes and bool(seen) and person.state not in GONE,
        today=clock.today(),
        done=DONE.get(done),
        **words(visit),
    )
