"""What may hang on posts of several boards, such as a gathering, and what the page of its post shows of it.

A board says in `carries` what its posts may carry; a post says in its own `carries` what it does. The packages above
bring what they hang, and `main` furnishes it here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from shequtong.core.posts.policy import Case, allows, still_open
from shequtong.lib.errors import Forbidden


@dataclass(frozen=True)
class Hanging:
    """Something that hangs on posts. `panel` gives what `template` shows of it on the page of a post."""

    name: str
    template: str
    panel: Callable[[Session, Case], Mapping[str, Any]]


@dataclass(frozen=True)
class Shown:
    """A part of the page of a post."""

    template: str
    facts: Mapping[str, Any]


HANGINGS: dict[str, Hanging] = {}


def furnish(*hangings: Hanging) -> None:
    """Say what there is to hang. Called once, by the composition root."""
    HANGINGS.clear()
    HANGINGS.update({hanging.name: hanging for hanging in hangings})


def hang(session: Session, case: Case, name: str) -> None:
    """Note on the case's post that something hangs on it now. Whoever else hangs something there waits.

    Raises Forbidden where it may not hang, or hangs already.
    """
    session.refresh(case.post, ["carries"], with_for_update=True)
    if not may_hang(case, name):
        raise Forbidden
    case.post.carries = [*case.post.carries, name]


def may_hang(case: Case, name: str) -> bool:
    """May this actor hang it on this post, which carries none yet?"""
    fits = case.board.carries.get(name)
    return bool(
        fits and name not in case.post.carries and allows(case, "plan") and still_open(case) and fits(case)
    )


def on_page(session: Session, case: Case) -> list[Shown]:
    """What the page of this post shows: what hangs on it, and the way to hang what its host may."""
    return [
        Shown(hanging.template, hanging.panel(session, case) if name in case.post.carries else {})
        for name, hanging in HANGINGS.items()
        if name in case.post.carries or may_hang(case, name)
    ]
