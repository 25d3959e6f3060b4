"""Words found again, among what a reader may see.

The index only proposes: the newest posts and comments that hold the words. Whether a reader may see one is
decided by its post, as everywhere (A3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    union_all,
)
from sqlmodel import Session

from shequtong.core.communities.models import Division
from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.core.posts.confiding import said_in_the_open
from shequtong.core.posts.models import Comment, Post
from shequtong.core.posts.queries import CLEAR, PAGE, above, cards, reader, unmuted, visible
from shequtong.core.posts.rooms import ROOMS, is_open
from shequtong.lib.bigrams import Phrase, fts5, tsquery
from shequtong.lib.db import ask, at_most
from shequtong.lib.pagination import Page

IN_TITLE = 100
ANYWHERE = 300
"""So many of the newest that hold the words are looked at, those in whose title they stand first."""
LAST_PAGE = ANYWHERE // PAGE


@dataclass(frozen=True)
class Place:
    """Where is searched: a community; or for those who serve a street, district or city, it and all below."""

    division: Any
    here: Standing

    @property
    def below(self) -> bool:
        return self.division.level != "committee" and self.here.member

    @property
    def boards(self) -> tuple[str, ...]:
        """Boards that are open there; of those below, each is asked again when something was found."""
        return tuple(slug for slug, board in ROOMS.items() if self.below or is_open(board, self.division))


@dataclass(frozen=True)
class Hit:
    """A row found, in the community in whose pages the reader opens it."""

    row: Any
    community: Any
    here: Standing


_DIVISIONS = (
    select(Division.__table__)
    .where(Division.code.in_(bindparam("codes", expanding=True)), Division.ended_at.is_(None))
    .order_by(Division.code)
)


def places(session: Session, actor: Actor) -> list[Place]:
    """Everywhere this person belongs to, serves or has asked to join."""
    codes = sorted({role.code for role in actor.roles})
    found = ask(session, _DIVISIONS, codes=codes) if codes else ()
    return [Place(division, Standing.of(actor, division.code)) for division in found]


def find_posts(
    session: Session,
    actor: Actor,
    among: list[Place],
    phrases: tuple[Phrase, ...],
    *,
    handbook: bool = False,
    board: str | None = None,
    kind: str | None = None,
    number: int = 1,
    size: int = PAGE,
) -> Page[Hit]:
    """A page of posts that hold these words, best first: those of the handbook, or all the others."""
    found: dict[int, Hit] = {}
    for place in among:
        wanted = tuple(
            slug for slug in place.boards if board in (None, slug) and ROOMS[slug].handbook == handbook
        )
        if wanted:
            dialect = session.get_bind().dialect.name
            statement = _posts(dialect, place.below, wanted, number * size + 1, kind)
            values = _values(actor, place) | _asked(dialect, phrases, _marks(place, handbook))
            for row in ask(session, statement, **values):
                found.setdefault(row.id, Hit(row, place.division, place.here))
    best = sorted(found.values(), key=lambda hit: (hit.row.rank, -hit.row.id))
    return _page(session, actor, best, number, size)


def find_comments(
    session: Session,
    actor: Actor,
    among: list[Place],
    phrases: tuple[Phrase, ...],
    *,
    board: str | None = None,
    number: int = 1,
    size: int = PAGE,
) -> Page[Hit]:
    """A page of comments that hold these words, newest first. Only members of a community read its comments."""
    found: dict[int, Hit] = {}
    for place in among:
        wanted = tuple(slug for slug in place.boards if board in (None, slug))
        if wanted and place.here.member:
            dialect = session.get_bind().dialect.name
            statement = _comments(dialect, place.below, wanted, number * size + 1)
            values = _values(actor, place) | _asked(dialect, phrases, _marks(place))
            for row in ask(session, statement, **values):
                found.setdefault(row.id, Hit(row, place.division, place.here))
    best = sorted(found.values(), key=lambda hit: -hit.row.id)
    return _page(session, actor, best, number, size)


def _page(session: Session, actor: Actor, best: list[Hit], number: int, size: int) -> Page[Hit]:
    shown = _where_they_are(session, actor, best[(number - 1) * size : number * size])
    more = len(best) > number * size and number < LAST_PAGE
    return Page(shown, str(number + 1) if more else None)


def _where_they_are(session: Session, actor: Actor, hits: list[Hit]) -> list[Hit]:
    """What was found below a street or district, in its own community, unless the board is shut there."""
    codes = sorted({hit.row.code for hit in hits if len(hit.row.code) > len(hit.community.code)})
    if not codes:
        return hits
    below = {division.code: division for division in ask(session, _DIVISIONS, codes=codes)}
    settled = []
    for hit in hits:
        if len(hit.row.code) > len(hit.community.code):
            community = below.get(hit.row.code)
            if community is None or not is_open(ROOMS[hit.row.board], community):
                continue
            hit = Hit(hit.row, community, Standing.of(actor, community.code))
        settled.append(hit)
    return settled


# What the index is asked -----------------------------------------------------------------------------------


def _marks(place: Place, handbook: bool = False) -> tuple[str, ...]:
    """Alternatives of marks, all of which a post must meet: see `indexing`."""
    code = place.division.code
    there = " ".join([f"x{exact}" for exact in above(code)] + ([f"u{code}"] if place.below else []))
    return (there, *(() if place.here.member else ("p0",)), *(("h0",) if handbook else ()))


def _asked(dialect: str, phrases: tuple[Phrase, ...], marks: tuple[str, ...]) -> dict[str, str]:
    """The words and marks in the database's own language. Both are letters and digits: nothing to escape."""
    if dialect == "sqlite":
        there = " AND ".join(f"marks : ({' OR '.join(either.split())})" for either in marks)
        said = fts5(phrases)
        return {
            "in_title": f"{there} AND title : ({said})",
            "anywhere": f"{there} AND {{title words}} : ({said})",
            "in_comment": f"{there} AND words : ({said})",
        }
    said = tsquery(phrases)
    anywhere = " & ".join([*(f"({' | '.join(either.split())})" for either in marks), said])
    return {"title": said, "in_title": anywhere, "anywhere": anywhere, "in_comment": anywhere}


def _values(actor: Actor, place: Place) -> dict[str, Any]:
    code = place.division.code
    return reader(actor, place.here) | {"code": code, "higher": above(code)[:-1] or [""], "length": len(code)}


# What the database is asked --------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _posts(
    dialect: str, below: bool, boards: tuple[str, ...], many: int, kind: str | None = None
) -> Select[Any]:
    titled = _newest(dialect, "search_post", "in_title", IN_TITLE)
    anywhere = _newest(dialect, "search_post", "anywhere", ANYWHERE)
    rest = select(anywhere.c.id, literal_column("1").label("rank")).where(
        anywhere.c.id.not_in(select(titled.c.id))
    )
    hits = union_all(select(titled.c.id, literal_column("0").label("rank")), rest).cte("hits")
    best = (
        select(Post.id, hits.c.rank)
        .join(hits, hits.c.id == Post.id)
        .where(visible(), unmuted(), _there(below, boards), *([Post.kind == kind] if kind else []))
        .order_by(hits.c.rank, Post.id.desc())
        .limit(at_most(many))
        .cte("best")
        .prefix_with("MATERIALIZED")
    )
    return (
        cards()
        .add_columns(Post.body, best.c.rank)
        .join(best, best.c.id == Post.id)
        .order_by(best.c.rank, Post.id.desc())
    )


@lru_cache(maxsize=256)
def _comments(dialect: str, below: bool, boards: tuple[str, ...], many: int) -> Select[Any]:
    hits = _newest(dialect, "search_comment", "in_comment", ANYWHERE)
    shown = or_(
        Comment.moderation == CLEAR,
        Comment.author_id == bindparam("me"),
        bindparam("staff", type_=Post.__table__.c.id.type) == 1,
    )
    return (
        select(
            Comment.id,
            Comment.body,
            Comment.created_at,
            Comment.author_id,
            Comment.author_role,
            Account.name.label("author_name"),
            Post.id.label("post_id"),
            Post.code,
            Post.board,
            Post.title,
        )
        .join(hits, hits.c.id == Comment.id)
        .join(Post, Post.id == Comment.post_id)
        .join(Account, Account.id == Comment.author_id)
        .where(visible(), unmuted(), unmuted(Comment), _there(below, boards))
        .where(Comment.deleted_at.is_(None), shown, said_in_the_open())
        .order_by(Comment.id.desc())
        .limit(at_most(many))
    )


def _newest(dialect: str, name: str, asked: str, many: int) -> CTE:
    """The newest rows of an index that answer. Materialized: or the planner reads all posts, newest first."""
    words: Any = bindparam(asked, type_=Post.__table__.c.title.type)
    if dialect == "sqlite":
        index = table(name, column("rowid"))
        answer = select(index.c.rowid.label("id")).where(literal_column(name).op("MATCH")(words))
        return answer.order_by(index.c.rowid.desc()).limit(at_most(many)).cte(asked)
    index = table(name, column("id"), column("title"), column("words"))
    query: Any = func.to_tsquery("simple", words)
    answer = select(index.c.id).where(index.c.words.op("@@")(query))
    if asked == "in_title":
        answer = answer.where(index.c.title.op("@@")(func.to_tsquery("simple", bindparam("title"))))
    every = answer.cte(f"every_{asked}").prefix_with("MATERIALIZED")
    return select(every.c.id).order_by(every.c.id.desc()).limit(at_most(many)).cte(asked)


def _there(below: bool, boards: tuple[str, ...]) -> ColumnElement[bool]:
    """Posted at the place, or below it; or above it on a board that reaches down, for everybody to read."""
    proclaiming = [slug for slug in boards if ROOMS[slug].from_above]
    here = (
        func.substr(Post.code, 1, bindparam("length")) == bindparam("code")
        if below
        else Post.code == bindparam("code")
    )
    proclaimed = and_(
        Post.code.in_(bindparam("higher", expanding=True)),
        Post.board.in_(proclaiming),
        or_(Post.author_id == bindparam("me"), and_(Post.audience == "public", Post.moderation == CLEAR)),
    )
    return and_(Post.board.in_(boards), or_(here, proclaimed))
