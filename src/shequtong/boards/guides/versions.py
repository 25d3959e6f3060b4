"""What an item said each time it went out, what changed from one time to the next, and whether it worked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import Session

from shequtong.boards.guides.forms import ItemForm
from shequtong.boards.guides.models import GuideVersion
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Participation, Post
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.differences import Part, between
from shequtong.lib.forms import in_words, widget_of

VERDICTS = ("helpful", "unhelpful")
TOLD = [name for name in ItemForm.model_fields if name not in ("review_on", "item_key", "also_called")]
"""What a version keeps: all that a reader is told, but not when somebody looks at it again."""


@dataclass(frozen=True)
class Version:
    """One time that an item went out: `changes` are (label, parts) of each field that is not as it was before."""

    number: int
    at: datetime
    by_name: str
    worked: int
    failed: int
    changes: list[tuple[Any, list[Part]]]


def facts_of(case: Case) -> dict[str, str]:
    """What the item of this case says now, by the names of its form's fields."""
    told = {"title": case.post.title, "body": case.post.body}
    return {name: str(told.get(name, getattr(case.detail, name, "")) or "") for name in TOLD}


def keep(session: Session, case: Case) -> None:
    """Remember what goes out now, when it is not what went out before; who says whether it works begins anew."""
    facts, detail = facts_of(case), case.detail
    before = session.get(GuideVersion, (case.post.id, detail.version)) if detail.version else None
    if before is not None:
        if before.facts == facts:
            return
        before.worked, before.failed = verdicts(session, case.post)
        here = Participation.post_id == case.post.id
        session.execute(delete(Participation).where(here, Participation.name.in_(VERDICTS)))
    detail.version += 1
    session.add(
        GuideVersion(
            post_id=case.post.id, number=detail.version, facts=facts, by_id=case.actor.id, at=clock.now()
        )
    )


def verdicts(session: Session, post: Post) -> tuple[int, int]:
    """For how many people the words that stand now worked, and for how many not."""
    counted = session.execute(
        select(Participation.name, func.count())
        .where(Participation.post_id == post.id, Participation.name.in_(VERDICTS))
        .group_by(Participation.name)
    )
    found: dict[str, int] = {row[0]: row[1] for row in counted}
    return found.get("helpful", 0), found.get("unhelpful", 0)


def all_of(session: Session, post: Post) -> list[Version]:
    """Every version, the newest first, with what it changed in the one before."""
    rows = session.execute(
        select(GuideVersion, Account.name)
        .join(Account, Account.id == GuideVersion.by_id)
        .where(GuideVersion.post_id == post.id)
        .order_by(GuideVersion.number)
    ).all()
    told: list[Version] = []
    before: dict[str, str] | None = None
    for row, name in rows:
        changes = [] if before is None else list(changed(before, row.facts))
        told.insert(0, Version(row.number, row.at, name, row.worked, row.failed, changes))
        before = row.facts
    if told:
        worked, failed = verdicts(session, post)
        last = told[0]
        told[0] = Version(last.number, last.at, last.by_name, worked, failed, last.changes)
    return told


def changed(before: dict[str, str], after: dict[str, str]) -> Iterator[tuple[Any, list[Part]]]:
    """(label, what is different) of each field that two readings of an item do not share."""
    for name in TOLD:
        widget = widget_of(ItemForm.model_fields[name])
        old, new = (str(in_words(widget, facts.get(name, ""))) for facts in (before, after))
        if old != new:
            yield widget.told or widget.label, between(old, new)
