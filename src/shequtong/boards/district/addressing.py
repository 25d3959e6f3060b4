"""For which committees a bulletin is meant: all below who issues it, some streets, or some committees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session

from shequtong.boards.district.models import Addressee, Bulletin
from shequtong.core.communities.models import Division
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.lib.db import ask
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

STREET, COMMITTEE = 9, 12
"""Digits of their codes."""

addressed = Rule(
    "it is meant for them",
    lambda case: (
        case.detail.whom == "all"
        or not {case.community.code, case.community.code[:STREET]}.isdisjoint(case.detail.aim)
    ),
)

REACHES: Any = or_(
    Post.code == bindparam("code"),
    func.length(bindparam("code")) < COMMITTEE,
    select(Bulletin.post_id).where(Bulletin.post_id == Post.id, Bulletin.whom == "all").exists(),
    select(Addressee.post_id)
    .where(Addressee.post_id == Post.id, Addressee.code == bindparam("code"))
    .exists(),
)
"""Where a bulletin is listed: on the pages of offices, and of the committees that it is meant for."""

_BELOW: Any = (
    select(Division.code, Division.name, Division.level)
    .where(
        func.substr(Division.code, 1, func.length(bindparam("code"))) == bindparam("code"),
        Division.level.in_(("street", "committee")),
        Division.ended_at.is_(None),
    )
    .order_by(Division.code)
)


def below(session: Session, code: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What an office can choose from: its streets with their committees, or the committees of its street."""
    found = ask(session, _BELOW, code=code)
    if len(code) == STREET:
        return [(row.code, row.name, []) for row in found if row.level == "committee"]
    inside: dict[str, list[tuple[str, str]]] = {}
    for row in found:
        if row.level == "committee":
            inside.setdefault(row.code[:STREET], []).append((row.code, row.name))
    return [(row.code, row.name, inside.get(row.code, [])) for row in found if row.level == "street"]


def check(session: Session, case: Case, form: BoundForm[Any]) -> None:
    """Refuse an audience without a committee, and days that contradict each other."""
    chosen = form.value
    if chosen.whom == "all" and chosen.aim:
        form.refuse("aim", _("You chose some and all of them: take back one or the other"))
    elif not session.scalar(
        select(func.count()).select_from(committees(case.community.code, chosen.whom, chosen.aim).subquery())
    ):
        form.refuse("aim", _("No committee is meant: choose at least one street or committee"))
    elif chosen.kind == "must_read" and chosen.until is None:
        form.refuse("until", _("Say until when households confirm"))
    elif chosen.kind == "info" and chosen.until is not None:
        form.refuse("until", _("Nobody confirms what is for information: leave it empty"))
    elif chosen.until and chosen.valid_until and chosen.until > chosen.valid_until:
        form.refuse("until", _("It is out of date by then: choose an earlier day"))


def committees(code: str, whom: str, aim: Sequence[str]) -> Any:
    """The codes of the committees below `code` that are meant, as a query."""
    there = select(Division.code).where(
        Division.level == "committee",
        Division.ended_at.is_(None),
        func.substr(Division.code, 1, len(code)) == code,
    )
    if whom == "all":
        return there
    return there.where(or_(Division.code.in_(aim), func.substr(Division.code, 1, STREET).in_(aim)))


def in_words(session: Session, case: Case) -> str:
    """For whom it is, by name: "" for all."""
    if case.detail.whom == "all":
        return ""
    aim = case.detail.aim
    names = session.scalars(
        select(Division.name).where(Division.code.in_(aim[:NAMED])).order_by(Division.code)
    )
    more = len(aim) - NAMED
    named = "、".join(names)
    return _("%(places)s and %(count)s more", places=named, count=more) if more > 0 else named


NAMED = 6
"""So many streets and committees are named, the others counted."""
