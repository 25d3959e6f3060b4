"""A line that was entered wrongly is put right, and what it said before stays beside it for everybody to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from shequtong.core.books.forms import CorrectForm
from shequtong.core.posts import events
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib.events import publish as tell
from shequtong.lib.forms import BoundForm, in_words, widget_of
from shequtong.lib.i18n import gettext as _

CORRECTED = ("direction", "category", "amount", "dated", "with_whom")
"""What can be put right. What the line was for stays; another purpose is another line."""


@dataclass(frozen=True)
class Correction:
    """What one correction changed: `changes` are (label, before, after) in words."""

    at: datetime
    by_name: str | None
    reason: str
    changes: list[tuple[Any, Any, Any]]


def as_it_stands(case: Case) -> Mapping[str, Any]:
    return {name: getattr(case.detail, name) for name in CORRECTED}


def check(_session: Session, case: Case, form: BoundForm[Any]) -> None:
    if not _changes(case.detail, form.value):
        form.refuse("amount", _("Nothing was changed. What shall be corrected?"))


def correct(session: Session, case: Case, form: CorrectForm, record: PostTransition) -> None:
    """Write down what holds now, and in the record of this very step what held before."""
    session.refresh(case.detail, with_for_update=True)
    changes = _changes(case.detail, form)
    record.facts = {
        "changes": [[name, _kept(getattr(case.detail, name)), _kept(getattr(form, name))] for name in changes]
    }
    for name in changes:
        setattr(case.detail, name, getattr(form, name))
    tell(session, events.PostEdited(case.post))


def told(rows: Iterable[Any]) -> list[Correction]:
    """The corrections among the rows of a record (`name`, `facts`, `at`, `by_name`, `text`), oldest first."""
    return [
        Correction(row.at, row.by_name, row.text, [in_a_row(*change) for change in row.facts["changes"]])
        for row in rows
        if row.name == "correct" and row.facts and "changes" in row.facts
    ]


def in_a_row(name: str, before: str, after: str) -> tuple[Any, Any, Any]:
    """(label, before, after) of a change as it is kept."""
    widget = widget_of(CorrectForm.model_fields[name])
    return (
        widget.label,
        *(in_words(widget, _read(name, kept)) or _("nothing") for kept in (before, after)),
    )


def _changes(detail: Any, form: Any) -> list[str]:
    return [name for name in CORRECTED if getattr(detail, name) != getattr(form, name)]


def _kept(value: Any) -> str:
    """A value as JSON keeps it without losing a digit."""
    return f"{value:.2f}" if isinstance(value, Decimal) else "" if value is None else str(value)


def _read(name: str, kept: str) -> Any:
    if not kept:
        return ""
    return Decimal(kept) if name == "amount" else date.fromisoformat(kept) if name == "dated" else kept
