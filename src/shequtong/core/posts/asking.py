"""The forms a case asks for: to post, to edit, and to take a transition."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import create_model
from sqlmodel import Session

from shequtong.core.communities import places
from shequtong.core.posts.policy import Case
from shequtong.lib.forms import BoundField, BoundForm, Form, Widget, choice, textarea
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.workflow import Transition


def choices_for(session: Session, case: Case) -> Mapping[str, Any]:
    """Lists that depend on the community, for fields whose options are given by name."""
    return {
        "buildings": [(str(b.id), b.name) for b in places.buildings(session, case.community.code)],
        "kinds": [(key, label) for key, label in case.board.kinds if case.board.may_post_kind(case, key)],
        **case.board.choices(session, case),
    }


def form_for(session: Session, case: Case, **initial: Any) -> BoundForm[Any]:
    """The board's form before anybody typed."""
    given = {name: value for name, value in initial.items() if value is not None}
    return with_photos(case, case.board.form.blank(choices_for(session, case), **given))


def with_photos(case: Case, form: BoundForm[Any]) -> BoundForm[Any]:
    """The form with a field for pictures at its end, on boards that take them."""
    if case.board.photos:
        picker = BoundField("photos", "photos", Widget("photos", _l("Photos")), False, None, ())
        picker.max = case.board.photos
        form.fields.append(picker)
    return form


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
    """What a transition asks: its own form, or just its reason; None when it asks nothing."""
    form = transition.form or _reason_form(transition)
    if form is None:
        return None
    choices = choices_for(session, case)
    return form.read(sent, choices) if sent is not None else form.blank(choices)


@lru_cache(maxsize=256)
def _reason_form(transition: Transition) -> type[Form] | None:
    if transition.reasons:
        field = choice(_l("Reason"), transition.reasons, radio=True)
    elif transition.reason != "none":
        field = textarea(_l("Reason"), max=500, required=transition.reason == "required")
    else:
        return None
    return create_model("ReasonForm", __base__=Form, reason=(str, field))
