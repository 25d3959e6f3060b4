"""What a reader may see, in the database's words. Every page loads posts through these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.core.communities.models import Building, Division
from shequtong.core.communities.standing import Standing
from shequtong.core.follows import muting
from shequtong.core.follows.models import Follow, Mute
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.core.posts import participating
from shequtong.core.posts.models import (
    BoardTally,
    Comment,
    Link,
    Participation,
    Post,
    PostTransition,
    Reaction,
    ReadMark,
    Revision,
)
from shequtong.core.posts.policy import AS_NEIGHBOURS as AS_NEIGHBOURS
from shequtong.lib.db import BigId, UtcDateTime, ask, at_most, rows
from shequtong.lib.pagination import Page, before, decode, page

if TYPE_CHECKING:
    from shequtong.core.posts.board import Board

CLEAR: Any = literal_column("'clear'")
"""Moderation of what may be seen, written out: a bound parameter that a partial index speaks of is looked at by the
planner, and then SQLite plans the statement anew each time it is run."""

PAGE = 20

KEPT: Any = literal_column("post.deleted_at IS NULL")
"""Word for word the predicate of the partial indexes: a bound parameter in it would hide them from the planner."""


def levels_of(actor: Actor, here: Standing) -> list[str]:
    """The audiences this reader belongs to in this community."""
    if here.staff:
        return ["public", "community", "building", "parties"]
    return ["public", "community"] if here.member else ["public"]


def reader(actor: Actor, here: Standing) -> dict[str, Any]:
    """Values for the parameters of `visible`."""
    return {
        "me": actor.id or 0,
        "my_hands": (actor.id or 0) if here.serves else 0,  # who has left office has nothing in hand (A6)
        "levels": levels_of(actor, here),
        "my_buildings": list(here.buildings) or [0],
        "my_roles": list(here.names) or [""],
        "staff": int(here.staff),
        "office": here.office,
    }


def visible() -> Any:
    """Posts this reader may see: clear ones for their audience, and their own in any state."""
    mine = Post.author_id == bindparam("me")
    reaches = or_(
        Post.audience.in_(bindparam("levels", expanding=True)),
        and_(Post.audience == "building", Post.building_id.in_(bindparam("my_buildings", expanding=True))),
        and_(
            Post.audience == "parties",
            or_(
                Post.assignee_id == bindparam("my_hands"),
                Post.deputy_id == bindparam("my_hands"),
                Post.handler.in_(bindparam("my_roles", expanding=True)),
                Post.code == bindparam("office"),
            ),
        ),
    )
    unseen = or_(Post.moderation == CLEAR, bindparam("staff", type_=Post.__table__.c.id.type) == 1)
    return and_(KEPT, or_(mine, and_(unseen, reaches)))


def ours_or_proclaimed() -> Any:
    """On boards that reach down from above: what is of this very community, or open to all below, or one's own."""
    return or_(
        Post.code == bindparam("code"),
        Post.author_id == bindparam("me"),
        and_(Post.audience == "public", Post.moderation == CLEAR),
    )


def unmuted(said: Any = Post) -> Any:
    """What is by nobody the reader has muted, and by nobody who has blocked the reader; or is heard all the same.

    `said` is Post or Comment. Takes the parameters of `reader`.
    """
    return or_(~silenced(said), _heard_all_the_same(said))


def unblocked(said: Any = Post) -> Any:
    """What is by nobody who has blocked the reader; or is heard all the same."""
    return or_(~muting.has_blocked(said.author_id, bindparam("me")), _heard_all_the_same(said))


def silenced(said: Any = Post) -> Any:
    """What is by somebody the reader has muted, or by somebody who has blocked the reader."""
    me: Any = bindparam("me")
    return or_(muting.has_muted(me, said.author_id), muting.has_blocked(said.author_id, me))


def _heard_all_the_same(said: Any) -> Any:
    """Mutes and blocks are between neighbours: what is said in an office reaches all, and duty sees all."""
    in_office = said.author_role.not_in(AS_NEIGHBOURS)
    on_duty = bindparam("staff", type_=Post.__table__.c.id.type) == 1
    if said is not Post:
        return or_(in_office, on_duty)
    handles = or_(
        Post.assignee_id == bindparam("me"),
        Post.deputy_id == bindparam("me"),
        Post.handler.in_(bindparam("my_roles", expanding=True)),
    )
    return or_(in_office, on_duty, handles)


CARD = (
    Post.id,
    Post.code,
    Post.board,
    Post.kind,
    Post.state,
    Post.author_id,
    Post.author_role,
    Post.title,
    Post.excerpt,
    cast(Post.photos[(0, 0)].as_string(), BigInteger).label("photo_id"),
    Post.audience,
    Post.moderation,
    Post.pinned,
    Post.due_at,
    Post.owed,
    Post.owed_at,
    Post.comment_count,
    Post.reaction_count,
    Post.version,
    Post.created_at,
    Post.activity_at,
)


def cards() -> Select[Any]:
    """Columns of a card, with its author's name, its building, one's own reaction, and whether something is new.

    `unread` is true or false for who has read it before, and None for who never has.
    """
    return (
        select(
            *CARD,
            Account.name.label("author_name"),
            Building.name.label("building_name"),
            select(Reaction.kind)
            .where(Reaction.post_id == Post.id, Reaction.account_id == bindparam("me"))
            .scalar_subquery()
            .label("my_reaction"),
            select(ReadMark.at < Post.activity_at)
            .where(ReadMark.account_id == bindparam("me"), ReadMark.post_id == Post.id)
            .scalar_subquery()
            .label("unread"),
        )
        .join(Account, Account.id == Post.author_id)
        .outerjoin(Building, Building.id == Post.building_id)
    )


@lru_cache(maxsize=256)
def _board_list(
    board: Board, state: bool, mine: bool, building: bool, kind: bool, cursor: bool
) -> Select[Any]:
    followed = exists().where(
        Follow.account_id == bindparam("me"), Follow.kind == "board", Follow.target == bindparam("here")
    )
    statement = cards().add_columns(followed.label("board_followed"))
    heard = () if board.concerns_all else (unmuted(),)
    statement = statement.where(visible(), *heard, Post.board == board.slug)
    if board.facts and board.detail is not None:
        columns = board.detail.__table__.c
        statement = statement.add_columns(*(columns[name] for name in board.facts)).outerjoin(
            board.detail, columns.post_id == Post.id
        )
    codes: Any = bindparam("codes", expanding=True)
    if board.from_above:
        statement = statement.where(Post.code.in_(codes), ours_or_proclaimed())
        if board.reaches is not None:
            statement = statement.where(board.reaches)
    else:
        statement = statement.where(Post.code == bindparam("code"))
    for wanted, condition in (
        (state, Post.state == bindparam("state")),
        (mine, Post.author_id == bindparam("me")),
        (building, Post.building_id == bindparam("building")),
        (kind, Post.kind == bindparam("kind")),
    ):
        if wanted:
            statement = statement.where(condition)
    away = [one.name for one in board.workflow.states if one.put_away]
    if away and not (state or mine):
        statement = statement.where(Post.state.not_in([literal_column(f"'{name}'") for name in away]))
    order = [Post.activity_at.desc(), Post.id.desc()]
    if cursor:
        statement = statement.where(*before(Post.activity_at, Post.id, _CURSOR))
    if not (state or building):  # their indexes know nothing of pins
        order.insert(0, Post.pinned.desc())
        statement = statement.where(Post.pinned == false()) if cursor else statement
    return statement.order_by(*order).limit(at_most(PAGE + 1))


_CURSOR: Any = (bindparam("cursor_at", type_=Post.__table__.c.activity_at.type), bindparam("cursor_id"))


def board_page(
    session: Session,
    board: Board,
    code: str,
    actor: Actor,
    here: Standing,
    *,
    cursor: str | None = None,
    state: str | None = None,
    mine: bool = False,
    building: int | None = None,
    kind: str | None = None,
) -> Page[Any]:
    """One page of a board, what is pinned on top, then last activity first."""
    after = decode(cursor)
    statement = _board_list(board, bool(state), mine, building is not None, bool(kind), after is not None)
    values = reader(actor, here) | {"code": code, "codes": above(code), "here": f"{code}/{board.slug}"}
    values |= {"state": state, "building": building, "kind": kind}
    if after:
        values |= {"cursor_at": after[0], "cursor_id": after[1]}
    found = ask(session, statement, **values)
    return page(found, PAGE, lambda row: (row.activity_at, row.id))


def above(code: str) -> list[str]:
    """A division's code and those of the street, district and city above it."""
    return [code[:length] for length in (2, 6, 9, 12) if length <= len(code)]


@dataclass(slots=True)
class Shown:
    """Everything a post's page says about the post itself; `took_part` counts by name, with one's own part."""

    post: Post
    detail: Any
    author_name: str
    building_name: str | None
    my_reaction: str | None
    following: bool
    assignee_name: str | None
    owed_by_name: str | None
    muted: bool
    took_part: dict[str, tuple[int, bool]]

    @property
    def parts(self) -> frozenset[str]:
        """What the reader takes part in, and "follow" when they follow the post: see `Case.parts`."""
        mine = (name for name, (_count, did) in self.took_part.items() if did)
        return frozenset((*mine, *(("follow",) if self.following else ())))


@lru_cache(maxsize=64)
def _shown(board: Board) -> Select[Any]:
    assignee, owner = aliased(Account), aliased(Account)
    mine: Any = bindparam("me")
    parts = [t.name for t in board.workflow.transitions if t.takes_part]
    statement: Any = (
        select(
            Post,
            Account.name.label("author_name"),
            Building.name.label("building_name"),
            select(Reaction.kind)
            .where(Reaction.post_id == Post.id, Reaction.account_id == mine)
            .scalar_subquery()
            .label("my_reaction"),
            select(Follow.at)
            .where(
                Follow.account_id == mine,
                Follow.kind == "post",
                Follow.target == bindparam("target", type_=String()),
            )
            .scalar_subquery()
            .label("followed_at"),
            assignee.name.label("assignee_name"),
            owner.name.label("owed_by_name"),
            select(Mute.at)
            .where(Mute.account_id == mine, Mute.other_id == Post.author_id)
            .scalar_subquery()
            .label("muted_at"),
            *(_counted(name).label(f"n_{name}") for name in parts),
            *(
                _counted(name, Participation.unit.in_(bindparam(f"units_{name}", expanding=True))).label(
                    f"did_{name}"
                )
                for name in parts
            ),
            *([board.detail] if board.detail else []),
        )
        .join(Account, Account.id == Post.author_id)
        .outerjoin(Building, Building.id == Post.building_id)
        .outerjoin(assignee, assignee.id == Post.assignee_id)
        .outerjoin(owner, owner.id == Post.owed_by_id)
        .where(
            Post.id == bindparam("post_id"),
            Post.board == board.slug,
            Post.code.in_(bindparam("codes", expanding=True)),
            visible(),
        )
    )
    if not board.concerns_all:
        statement = statement.where(unblocked())
    if board.from_above:
        statement = statement.where(ours_or_proclaimed())
    if board.detail is not None:
        statement = statement.outerjoin(board.detail, board.detail.post_id == Post.id)
    return statement


def _counted(name: str, *more: Any) -> Any:
    return (
        select(func.count())
        .select_from(Participation)
        .where(Participation.post_id == Post.id, Participation.name == name, *more)
        .scalar_subquery()
    )


def show(
    session: Session, board: Board, post_id: int, code: str, actor: Actor, here: Standing
) -> Shown | None:
    """The post with what its page needs, in one query; None when it is not there or not for this reader."""
    parts = [t for t in board.workflow.transitions if t.takes_part]
    values = reader(actor, here) | {"post_id": post_id, "target": str(post_id)}
    values |= {"code": code, "codes": above(code)}
    units = {t.name: participating.units(t, actor, here, code) for t in parts}
    values |= {f"units_{name}": mine for name, mine in units.items()}
    row = session.execute(_shown(board), values).first()
    if row is None:
        return None
    facts = row._mapping
    return Shown(
        post=row[0],
        detail=row[-1] if board.detail is not None else None,
        author_name=row.author_name,
        building_name=row.building_name,
        my_reaction=row.my_reaction,
        following=row.followed_at is not None,
        assignee_name=row.assignee_name,
        owed_by_name=row.owed_by_name,
        muted=row.muted_at is not None,
        took_part={
            name: (facts[f"n_{name}"], facts[f"did_{name}"] >= max(1, len(mine)))
            for name, mine in units.items()
        },
    )


def find_anywhere(session: Session, post_id: int, code: str, actor: Actor, here: Standing) -> Post | None:
    """A post of any board of this community that the reader may see."""
    wanted = select(Post).where(
        Post.id == bindparam("post_id"), Post.code == bindparam("code"), visible(), unblocked()
    )
    return session.execute(wanted, reader(actor, here) | {"post_id": post_id, "code": code}).scalar()


_NOTHING: Any = literal(None, String())
_TIMELINE = 300


def _timeline() -> Any:
    said = (
        select(
            literal("comment").label("what"),
            Comment.id,
            Comment.created_at.label("at"),
            Comment.author_id.label("by_id"),
            Comment.author_role.label("role"),
            Comment.parent_id,
            Comment.rendered,
            Comment.body.label("text"),
            Comment.moderation,
            Comment.edited_at,
            Comment.deleted_at,
            _NOTHING.label("name"),
            _NOTHING.label("source"),
            _NOTHING.label("target"),
            cast(null(), JSON).label("facts"),
        )
        .where(Comment.post_id == bindparam("post_id"), Comment.kind == "", unmuted(Comment))
        .order_by(Comment.id.desc())
        .limit(at_most(_TIMELINE))
        .subquery()
    )
    done = (
        select(
            literal("move").label("what"),
            PostTransition.id,
            PostTransition.at,
            PostTransition.by_id,
            literal("").label("role"),
            literal(None, BigId).label("parent_id"),
            literal("").label("rendered"),
            PostTransition.reason.label("text"),
            literal("clear").label("moderation"),
            literal(None, UtcDateTime()).label("edited_at"),
            literal(None, UtcDateTime()).label("deleted_at"),
            PostTransition.name,
            PostTransition.source,
            PostTransition.target,
            PostTransition.facts,
        )
        .where(
            PostTransition.post_id == bindparam("post_id"),
            or_(
                PostTransition.source.is_(None),
                PostTransition.source != PostTransition.target,
                PostTransition.name.in_(bindparam("repeated", expanding=True)),
            ),
        )
        .order_by(PostTransition.id.desc())
        .limit(at_most(_TIMELINE))
        .subquery()
    )
    both = union_all(select(said), select(done)).subquery()
    return (
        select(both, Account.name.label("by_name"))
        .outerjoin(Account, Account.id == both.c.by_id)
        .order_by(both.c.at, both.c.id)
    )


_BOTH = _timeline()


def timeline(session: Session, board: Board, post: Post, actor: Actor, here: Standing) -> list[Any]:
    """What was said and done on a post, oldest first: rows whose `what` is comment or move.

    Comments of people the reader has muted, or who have blocked the reader, are left out; so is who took part.
    """
    repeated = [t.name for t in board.workflow.transitions if t.repeats and not t.inward] or [""]
    return ask(session, _BOTH, post_id=post.id, repeated=repeated, **_hearer(post, actor, here))


_HEARD = select(Comment.id).where(Comment.id == bindparam("comment_id"), unmuted(Comment))


def hears(session: Session, post: Post, comment_id: int, actor: Actor, here: Standing) -> bool:
    """Does this reader see this comment, as far as mutes and blocks go?"""
    values = _hearer(post, actor, here) | {"comment_id": comment_id}
    return rows(session, _HEARD, **values).first() is not None


def _hearer(post: Post, actor: Actor, here: Standing) -> dict[str, Any]:
    """Values for `unmuted(Comment)` on a post: who handles it hears everybody."""
    on_duty = here.staff or actor.id in (post.assignee_id, post.deputy_id) or post.handler in here.names
    return {"me": actor.id or 0, "staff": int(on_duty)}


DEEPEST = 6
"""So many generations before and after a post belong to its line."""


def _generations(one: Any, other: Any, name: str, step: int) -> Any:
    """The numbers of all posts that lead to a post (-1, -2, …), or that it led to (1, 2, …), with their distance."""
    depth = literal(step).label("depth")
    nearest = select(other.label("id"), depth).where(one == bindparam("post_id")).cte(name, recursive=True)
    return nearest.union(
        select(other, nearest.c.depth + step).where(
            one == nearest.c.id, nearest.c.depth.between(-DEEPEST + 1, DEEPEST - 1)
        )
    )


_BEFORE = _generations(Link.child_id, Link.parent_id, "before", -1)
_AFTER = _generations(Link.parent_id, Link.child_id, "after", 1)
_FAMILY: Any = union_all(
    select(_BEFORE.c.id, _BEFORE.c.depth), select(_AFTER.c.id, _AFTER.c.depth)
).subquery()
_LINEAGE: Any = (
    cards()
    .add_columns(_FAMILY.c.depth)
    .join(_FAMILY, _FAMILY.c.id == Post.id)
    .where(visible(), unblocked())
    .order_by(_FAMILY.c.depth, Post.id)
)


def lineage(session: Session, post_id: int, actor: Actor, here: Standing) -> list[tuple[int, list[Any]]]:
    """What led to a post and what it led to, as far as the reader may see it: by generation, the oldest first.

    The post's own generation is 0 and empty. A post that is related in two ways stands where it is nearest.
    """
    found = ask(session, _LINEAGE, **reader(actor, here), post_id=post_id)
    nearest: dict[int, Any] = {}
    for row in sorted(found, key=lambda row: abs(row.depth)):
        nearest.setdefault(row.id, row)
    nearest.pop(post_id, None)
    generations: dict[int, list[Any]] = {0: []} if nearest else {}
    for row in sorted(nearest.values(), key=lambda row: (row.depth, row.id)):
        generations.setdefault(row.depth, []).append(row)
    return sorted(generations.items())


def history(session: Session, post_id: int) -> list[Any]:
    """Earlier versions of a post's words, newest first."""
    return list(
        session.execute(
            select(Revision.id, Revision.title, Revision.body, Revision.at, Account.name.label("by_name"))
            .join(Account, Account.id == Revision.by_id)
            .where(Revision.post_id == post_id, Revision.comment_id.is_(None))
            .order_by(Revision.id.desc())
        ).all()
    )


def news(
    session: Session, code: str, actor: Actor, here: Standing, boards: list[str], cursor: str | None = None
) -> Page[Any]:
    """What is new on these boards of a community, last activity first."""
    after = decode(cursor)
    values = reader(actor, here) | {"code": code, "boards": boards}
    if after:
        values |= {"cursor_at": after[0], "cursor_id": after[1]}
    return page(ask(session, _news(after is not None), **values), PAGE, lambda row: (row.activity_at, row.id))


@lru_cache(maxsize=2)
def _news(cursor: bool) -> Select[Any]:
    older = before(Post.activity_at, Post.id, _CURSOR) if cursor else []
    here = (Post.code == bindparam("code"), Post.board.in_(bindparam("boards", expanding=True)))
    return (
        cards()
        .where(visible(), unmuted(), *here, *older)
        .order_by(Post.activity_at.desc(), Post.id.desc())
        .limit(at_most(PAGE + 1))
    )


_TALLIES = select(BoardTally.__table__).where(BoardTally.code == bindparam("code"))


def tallies(session: Session, code: str) -> dict[str, Any]:
    """The kept counters of every board of a community, by slug."""
    return {row.board: row for row in ask(session, _TALLIES, code=code)}


_DIVISIONS = (
    select(Division.code, Division.name, Division.level)
    .where(Division.code.in_(bindparam("codes", expanding=True)))
    .order_by(Division.code.desc())
)


def divisions_above(session: Session, code: str) -> list[Any]:
    """The street, district and city above a community, nearest first."""
    return ask(session, _DIVISIONS, codes=above(code)[:-1])
