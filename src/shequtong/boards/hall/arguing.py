"""Reasons for and against an option: short, side by side, and neighbours say which of them convince.

A reason is a comment, so it is held, reported, found and told like every word on a post.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session

from shequtong.boards.hall import discussing, queries
from shequtong.boards.hall.models import Answer, Remark
from shequtong.core.posts.models import Comment
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Forbidden, Invalid, NotFound

SIDES = ("for", "against")


@dataclass
class Option:
    """A way that the framing set out, with the reasons for and against it, the most convincing first."""

    number: int
    words: str
    sides: dict[str, list[Any]] = field(default_factory=lambda: {side: [] for side in SIDES})


def ways(case: Case) -> list[str]:
    """The options as the framing lists them, one a line."""
    lines = (line.strip().lstrip("-*•· ") for line in case.detail.options.splitlines())
    return [line for line in lines if line]


def options(session: Session, case: Case) -> list[Option]:
    """Every option with its reasons, as far as this reader may read them."""
    return sorted_out(case, queries.remarks(session, case, *SIDES))


def sorted_out(case: Case, said: list[Any]) -> list[Option]:
    """The options with these reasons, each where it belongs."""
    listed = [Option(number, words) for number, words in enumerate(ways(case), 1)]
    for one in sorted(said, key=lambda one: (-one.answers, one.id)):
        if one.option is not None and one.option <= len(listed):
            listed[one.option - 1].sides[one.kind].append(one)
    return listed


def argue(session: Session, case: Case, number: int, side: str, words: str) -> Comment:
    """Give a reason for or against an option. Raises NotFound for no such option, Invalid for no such side."""
    if not allows(case, "argue"):
        raise Forbidden
    if not 1 <= number <= len(ways(case)):
        raise NotFound
    if side not in SIDES:
        raise Invalid
    return discussing.remark(session, case, side, words, option=number)


def be_convinced(session: Session, case: Case, argument_id: int, *, back: bool = False) -> None:
    """Find a reason convincing, or not any more (`back`). Once a person, however often it is sent."""
    if not allows(case, "answer"):
        raise Forbidden
    _argument, said = discussing.find(session, case, argument_id, *SIDES)
    if said.moderation != "clear":
        raise NotFound
    mine = {"comment_id": argument_id, "account_id": case.actor.id}
    if back:
        gone = delete(Answer).where(*(getattr(Answer, name) == value for name, value in mine.items()))
        changed = -session.execute(gone).rowcount
    else:
        changed = insert_or_nothing(session, Answer, **mine, post_id=case.post.id, choice=1, at=clock.now())
    if changed:
        discussing.count(session, Remark.answers, Remark.comment_id == argument_id, int(changed))
