"""Who has a matter in hand, by name where it was passed on by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from shequtong.boards.matters.forms import HANDLERS, DispatchForm, PromiseForm
from shequtong.core.communities import offices
from shequtong.core.communities.forms import OFFICES
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case, handler
from shequtong.lib.db import ask
from shequtong.lib.policy import Rule

NAMED = ("property", "owners_committee", "organisation", "party_branch", "police", "doctor", "lawyer")
"""Offices whose holders a matter may be passed to by name."""

COLLEAGUES = ("clerk", "secretary")

addressed = handler & Rule(
    "it was passed to them",
    lambda case: case.detail is None or case.detail.given_to_id in (None, case.actor.id),
)


def choices(session: Session, case: Case) -> Mapping[str, Any]:
    """Who can be passed a matter, and who can be asked to come: those who are appointed in this community."""
    if not case.here.staff or case.post is None:
        return {}
    found = _serving(session, case.community.code)
    offered = [
        (key, label) for key, label in HANDLERS if key == "street" or key in {o for o, _id, _name in found}
    ]
    named = list(_by_name(found, NAMED))
    return {
        "handlers": [*named, *offered, *_by_name(found, COLLEAGUES)],
        "summoned": [*named, ("street", dict(HANDLERS)["street"])],
    }


_NAMES = select(Account.id, Account.name).where(Account.id.in_(bindparam("ids", expanding=True)))


def names(session: Session, code: str, ids: Iterable[int]) -> dict[int, str]:
    """What these people are called now; those who can be chosen on this very page are known already."""
    known = {number: name for _office, number, name in session.info.get("serving", {}).get(code, ())}
    strangers = sorted(set(ids) - set(known))
    found = ask(session, _NAMES, ids=strangers) if strangers else ()
    return known | {row.id: row.name for row in found}


def _serving(session: Session, code: str) -> list[Any]:
    """Asked once a request: several forms of one page offer the same people."""
    kept: dict[str, list[Any]] = session.info.setdefault("serving", {})
    if code not in kept:
        kept[code] = [tuple(row) for row in offices.serving(session, (*NAMED, *COLLEAGUES), code)]
    return kept[code]


def _by_name(found: list[Any], wanted: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for office in wanted:
        for held, account_id, name in found:
            if held == office:
                yield f"{office}:{account_id}", f"{name} · {OFFICES[office]}"


def addressee(chosen: str) -> tuple[str, int | None]:
    """The office, and the one person of it when somebody was named."""
    office, _colon, number = chosen.partition(":")
    return office, int(number) if number else None


def take(_session: Session, case: Case, form: PromiseForm | None, record: PostTransition) -> None:
    """Whoever takes it owns it; with a day by which it shall be done, if they promise one."""
    promised = getattr(form, "promised_on", None)
    case.post.assignee_id = case.actor.id
    case.detail.promised_on = promised
    record.facts = {"promised_on": promised.isoformat()} if promised else {}


def hand_to(_session: Session, case: Case, form: DispatchForm, record: PostTransition) -> None:
    case.post.handler, case.detail.given_to_id = addressee(form.to)
    record.facts = {"office": case.post.handler, "person": case.detail.given_to_id}


def hand_up(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """Only now may an officer of the street act on it."""
    case.post.handler, case.detail.given_to_id = "street", None


def hand_up_at_once(session: Session, case: Case, form: object, record: PostTransition) -> None:
    """The fast track (直通快办): nobody is looked for in between, and who sent it stays who is asked."""
    case.post.assignee_id = case.post.assignee_id or case.actor.id
    hand_up(session, case, form, record)


def hand_back(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    case.post.handler = case.detail.given_to_id = None
