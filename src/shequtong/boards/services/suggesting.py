"""Answers that are there already, shown to whoever writes a question, before anybody is asked.

What is published at this board's desks and what stands in the handbook is looked for by the pairs of characters of
the question: the rarer a pair is among what was found, the more it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from shequtong.core.identity.actor import Actor
from shequtong.core.posts import queries as posts
from shequtong.core.posts.models import Participation, Post
from shequtong.core.posts.participating import unit_of_account
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS
from shequtong.core.search.queries import Place, find_posts
from shequtong.lib import clock
from shequtong.lib.bigrams import any_of, fold, pairs
from shequtong.lib.db import ask, insert_or_nothing
from shequtong.lib.synonyms import alternatives

MOST = 4
"""Suggestions shown at once."""
NEWEST = 100
"""Published answers, and entries of the handbook, that are compared."""
LONGEST = 200
"""Characters of a question that are compared: what it is about is said first."""
ALIKE = 0.25
"""Share of what a question says that an answer must say too; a pair in its title counts twice."""
NAME = "answered"
"""The name of the participation of somebody to whom a suggestion was answer enough."""
_SAYS_NOTHING = pairs(
    "请问 怎么办 怎么样 什么 我想问 想问一下 如何 可以吗 能不能 谢谢 你好 您好 需要 应该 我们 一下 有没有 是不是"
)

_SUGGESTED = select(Post).where(
    Post.id == bindparam("post_id"), Post.code.in_(bindparam("codes", expanding=True)), posts.visible()
)
_HELPED = (
    select(func.count().label("many"))
    .select_from(Participation)
    .join(Post, Post.id == Participation.post_id)
    .where(
        Participation.name == NAME,
        Participation.at >= bindparam("since"),
        Post.code == bindparam("code"),
    )
)


@dataclass(frozen=True)
class Suggestion:
    """A published answer, or an entry of the handbook, with what is seen of it."""

    row: Any

    @property
    def words(self) -> str:
        return " ".join(self.row.body.split()) or self.row.excerpt


def suggest(session: Session, case: Case, title: str, body: str) -> list[Suggestion]:
    """What this reader may see that comes nearest to a question, the nearest first."""
    said = fold(f"{title} {body}"[:LONGEST])
    typed = pairs(said) - _SAYS_NOTHING
    if not typed:
        return []
    others = pairs(" ".join(alternatives(said, case.community.code[:2])))
    meant = typed | (others - _SAYS_NOTHING)
    found = list(_candidates(session, case, meant))
    told = {row.id: (pairs(row.title), pairs(f"{row.title} {row.body} {row.excerpt}")) for row in found}
    often = {pair: sum(pair in every for _title, every in told.values()) for pair in meant}
    weight = {pair: log(1 + (len(found) + 1) / (1 + often[pair])) for pair in meant}
    whole = sum(weight[pair] for pair in typed)
    likeness = {
        number: sum(weight[pair] * (2 if pair in titled else 1) for pair in meant & every) / whole
        for number, (titled, every) in told.items()
    }
    near = [row for row in found if likeness[row.id] >= ALIKE]
    return [Suggestion(row) for row in sorted(near, key=lambda row: (-likeness[row.id], -row.id))[:MOST]]


def _candidates(session: Session, case: Case, wanted: frozenset[str]) -> Iterator[Any]:
    place, phrases = Place(case.community, case.here), any_of(sorted(wanted))
    asked: dict[str, Any] = {"size": NEWEST}
    desks = find_posts(session, case.actor, [place], phrases, board=case.board.slug, kind="answer", **asked)
    handbook = find_posts(session, case.actor, [place], phrases, handbook=True, **asked)
    return (hit.row for hit in (*desks.items, *handbook.items) if is_suggested(hit.row))


def is_suggested(post: Any) -> bool:
    """Is it an answer that everybody here may read: published by a desk, or of the handbook and valid?"""
    room = ROOMS[post.board]
    if post.moderation != "clear" or not room.workflow.knows(post.state):
        return False
    if room.handbook:
        return room.workflow.state(post.state).audience == "public"
    return bool(post.board == "services" and post.kind == "answer" and post.state == "published")


def find(session: Session, case: Case, post_id: int) -> Post | None:
    """Something that could have been suggested to this reader."""
    values = posts.reader(case.actor, case.here) | {
        "post_id": post_id,
        "codes": posts.above(case.community.code),
    }
    post = session.execute(_SUGGESTED, values).scalar()
    return post if post is not None and is_suggested(post) else None


def answered(session: Session, actor: Actor, post: Post) -> None:
    """Count, once for each person, that this was answer enough."""
    insert_or_nothing(
        session,
        Participation,
        post_id=post.id,
        name=NAME,
        unit=unit_of_account(actor.id),
        account_id=actor.id,
        at=clock.now(),
    )


def helped(session: Session, code: str, since: Any) -> int:
    """How often a neighbour has found an answer since then and did not need to ask."""
    return int(ask(session, _HELPED, code=code, since=since)[0].many)
