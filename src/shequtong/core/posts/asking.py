"""The forms a case asks for: to post, to edit, and to take a transition."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import lru_cache
from typing import Any

from pydantic import create_model
from sqlmodel import Session

from shequtong.core.communities import places
from shequtong.core.media import plans
from shequtong.core.posts.policy import Case
from shequtong.lib.errors import Forbidden
from shequtong.lib.forms import BoundField, BoundForm, Form, Widget, choice, textarea, widget_of
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.workflow import Transition


def _choices(session: Session, case: Case, form: type[Form]) -> Mapping[str, Any]:
    """The lists this form asks for by name; most forms ask for none and cost no query."""
    asked = {widget_of(info).options for info in form.model_fields.values()}
    named = {options for options in asked if isinstance(options, str)}
    return choices_for(session, case, named) if named else {}


def choices_for(session: Session, case: Case, named: Container[str]) -> Mapping[str, Any]:
    """Those of the lists `named` that depend on the community, for fields whose options are given by name."""
    found = {"kinds": kinds_of(case), **case.board.choices(session, case)}
    if "buildings" in named:
        found["buildings"] = [(str(b.id), b.name) for b in places.buildings(session, case.community.code)]
    if "plans" in named:
        found["plans"] = [(str(p.compound_id), p.name) for p in plans.plans(session, case.community.code)]
    return found


def kinds_of(case: Case) -> list[tuple[str, Any]]:
    """The kinds this actor may post here, each with its label."""
    return [(key, label) for key, label in case.board.kinds if case.board.may_post_kind(case, key)]


def kind_of(case: Case, wanted: str | None) -> str:
    """On a board whose kinds have forms of their own: the kind wanted, or else the first one may post."""
    if not case.board.forms:
        return ""
    open_to_all = [key for key, _label in kinds_of(case)]
    return wanted if wanted in open_to_all else next(iter(open_to_all), "")


def kind_sent(case: Case, sent: Any) -> str:
    """The same for a form that was submitted. Raises Forbidden for a kind this actor may not post."""
    named = str(sent.get("kind") or "")
    kind = kind_of(case, named)
    if case.board.forms and kind != (named or kind):
        raise Forbidden
    return kind


def form_for(session: Session, case: Case, kind: str, initial: Mapping[str, Any]) -> BoundForm[Any]:
    """The board's form before anybody typed, with `initial` values by name."""
    form = case.board.form_of(kind)
    given = {name: value for name, value in initial.items() if name in form.model_fields}
    return with_photos(case, form.blank(_choices(session, case, form), settled=_settled(case), **given))


def form_of_post(session: Session, case: Case) -> BoundForm[Any]:
    """The form of the case's post, filled with what the post says now. Its kind stays what it is."""
    form = case.board.form_of(case.post.kind)
    given = {name: value for name, value in editable(case).items() if value is not None}
    return with_photos(case, form.blank(_choices(session, case, form), settled=_settled(case), **given))


def read_form(session: Session, case: Case, sent: Any, kind: str = "") -> BoundForm[Any]:
    """The board's form as it was submitted, for a new post or the case's own."""
    form = case.board.form_of(case.post.kind if case.post else kind)
    read = form.read(sent, _choices(session, case, form), settled=_settled(case))
    if read.checked is not None:
        case.board.check(session, case, read)
    return with_photos(case, read)


def _settled(case: Case) -> Mapping[str, Any]:
    return {**case.board.unasked(case), **({"kind": case.post.kind} if case.post else {})}


def with_photos(case: Case, form: BoundForm[Any]) -> BoundForm[Any]:
    """The form with a field for pictures, on boards that take them: at its end, or first where they say most."""
    if case.board.photos:
        form.fields.insert(0 if case.board.photos_first else len(form.fields), _picker(case.board.photos))
    return form


def _picker(most: int) -> BoundField:
    picker = BoundField("photos", "photos", Widget("photos", _l("Photos")), False, None, ())
    picker.max = most
    return picker


def editable(case: Case) -> dict[str, Any]:
    """What a post says now, by the names of its form's fields."""
    values = {name: getattr(case.post, name) for name in ("title", "body", "kind", "building_id")}
    values["private"] = case.post.audience == "parties"
    if case.detail is not None:
        values |= {name: getattr(case.detail, name) for name in case.board.detail_fields}
    return values


def transition_form(
    session: Session, case: Case, transition: Transition, sent: Any = None
) -> BoundForm[Any] | None:
    """What a transition asks, blank or as it was `sent`; None when it asks nothing."""
    form = form_of(transition)
    if form is None:
        return None
    choices = _choices(session, case, form)
    if sent is None:
        asked = form.blank(choices, **(transition.fill(case) if transition.fill else {}))
    else:
        asked = form.read(sent, choices)
        if asked.checked is not None and transition.check:
            transition.check(session, case, asked)
    if transition.photos:
        asked.fields.append(_picker(transition.photos))
    return asked


def form_of(transition: Transition) -> type[Form] | None:
    """A transition's own form, or that for its reason; None when it asks nothing."""
    return transition.form or _reason_form(transition)


@lru_cache(maxsize=256)
def _reason_form(transition: Transition) -> type[Form] | None:
    if transition.reasons:
        field = choice(_l("Reason"), transition.reasons, radio=True)
    elif transition.reason != "none":
        field = textarea(_l("Reason"), max=500, required=transition.reason == "required")
    else:
        return None
    return create_model("ReasonForm", __base__=Form, reason=(str, field))
