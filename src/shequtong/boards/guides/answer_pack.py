"""The answer pack: staff type a word while somebody stands before them, and have a short answer to send.

The titles and everyday words of every guide are read at once and compared here, for that is a thousand short lines;
what stands in their texts is asked of the index. So a keystroke costs three questions, however many guides there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from shequtong.boards.guides.models import Guide
from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import Actor
from shequtong.core.posts.models import Post
from shequtong.core.posts.queries import CLEAR, above
from shequtong.core.search.queries import Place, find_posts
from shequtong.lib.bigrams import bigram_query, fold, terms
from shequtong.lib.db import ask, at_most
from shequtong.lib.i18n import gettext as _
from shequtong.lib.initials import are_initials, reads_as
from shequtong.lib.synonyms import alternatives

SHOWN = 8
IN_TEXTS = 40
MOST = 5_000
"""Answers on the page; guides of which the index says that their texts hold the words; guides in all."""
LONGEST_LINE = 60

_LIGHT = (
    select(Post.id, Post.title, Guide.also_called, Guide.uses)
    .join(Guide, Guide.post_id == Post.id)
    .where(
        Post.board == "guides",
        Post.code.in_(bindparam("codes", expanding=True)),
        Post.state.in_(("live", "stale", "faq")),
        Post.moderation == CLEAR,
        Post.deleted_at.is_(None),
    )
    .order_by(Guide.uses.desc(), Post.id)
    .limit(at_most(MOST))
)
_WHOLE = (
    select(
        Post.id,
        Post.kind,
        Post.state,
        Post.title,
        Post.excerpt,
        Guide.materials,
        Guide.place,
        Guide.hours,
        Guide.fee,
        Guide.time_limit,
        Guide.answer,
        Guide.checked_on,
    )
    .join(Guide, Guide.post_id == Post.id)
    .where(Post.id.in_(bindparam("ids", expanding=True)))
)


@dataclass(frozen=True)
class Answer:
    """A guide in five lines that fit into a message."""

    id: int
    title: str
    text: str
    stale: bool
    checked_on: Any


def find(session: Session, actor: Actor, community: Any, q: str, base_url: str) -> list[Answer]:
    """The best answers to what was typed; without a word, those that are sent most."""
    code = community.code
    light = ask(session, _LIGHT, codes=above(code))
    typed = terms(q)
    if typed:
        known = {row.id for row in light}
        place = Place(community, Standing.of(actor, code))
        phrases = bigram_query(q, partial(alternatives, city=code[:2]))
        hits = find_posts(session, actor, [place], phrases, handbook=True, board="guides", size=IN_TEXTS)
        in_texts = {hit.row.id for hit in hits.items} & known
    else:
        in_texts = {row.id for row in light}
    ranked = [
        (rank, -row.uses, len(row.title), row.id)
        for row in light
        if (rank := _rank(row, typed, code[:2], row.id in in_texts)) is not None
    ]
    best = [found[-1] for found in sorted(ranked)[:SHOWN]]
    whole = {row.id: row for row in ask(session, _WHOLE, ids=best)} if best else {}
    return [
        _short(row, f"{base_url}/c/{code}/guides/{row.id}") for number in best if (row := whole.get(number))
    ]


def used(session: Session, code: str, post_id: int) -> bool:
    """Count that an answer was sent on; False for what is no guide of this place or above it."""
    here = select(Post.id).where(Post.id == post_id, Post.board == "guides", Post.code.in_(above(code)))
    counted = session.execute(
        update(Guide)
        .where(Guide.post_id.in_(here))
        .values(uses=Guide.uses + 1)
        .execution_options(synchronize_session=False)
    )
    return counted.rowcount == 1


def _rank(row: Any, typed: tuple[str, ...], city: str, in_text: bool) -> int | None:
    """0 the title itself, 1 in it, 2 another word for it or its initials, 3 in the text; None for no answer."""
    title = fold(row.title)
    if typed and "".join(typed) == "".join(terms(row.title)):
        return 0
    if typed and all(term in title for term in typed):
        return 1
    called = fold(row.also_called)
    if typed and all(_other_word(term, title, called, city) for term in typed):
        return 2
    return 3 if in_text else None


def _other_word(term: str, title: str, called: str, city: str) -> bool:
    if term in title or term in called or any(other in title for other in alternatives(term, city)):
        return True
    if not are_initials(term):
        return False
    return any(reads_as(words, term) for words in (title, *called.splitlines(), *_everyday(title, city)))


def _everyday(title: str, city: str) -> Iterator[str]:
    return iter(alternatives(title, city))


def _short(row: Any, address: str) -> Answer:
    if row.kind == "question":
        lines = [row.answer]
    else:
        bring = "、".join(line.strip() for line in row.materials.splitlines() if line.strip())
        costs = "，".join(filter(None, (row.fee, row.time_limit)))
        lines = [
            _("Bring: %(things)s", things=_cut(bring)) if bring else _cut(row.excerpt),
            _("Where: %(place)s", place=_cut("，".join(filter(None, (row.place, row.hours))))),
            _("Cost and time: %(costs)s", costs=_cut(costs)) if costs else "",
        ]
    told = [row.title, *(_cut(line, 3 * LONGEST_LINE) for line in lines if line), address]
    return Answer(row.id, row.title, "\n".join(told), row.state == "stale", row.checked_on)


def _cut(words: str, longest: int = LONGEST_LINE) -> str:
    line = " ".join(words.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
