"""The index of words: two tables beside posts and comments, kept by those who listen to what happens to them.

They hold tokens of `lib.bigrams`, no text, and say nothing about who may read: that is asked of the post itself.
Besides the words a post has marks that no reader can type, so that a search begins where it can end:
`x310113104029` posted there, `u310113104` posted somewhere below, `b0goods` the board, `p0` open to everybody,
`h0` of the handbook.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select, text
from sqlmodel import Session

from shequtong.core.posts import events
from shequtong.core.posts.models import Comment, Post
from shequtong.core.posts.queries import above
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib.bigrams import bigrams
from shequtong.lib.jobs import enqueue

AT_ONCE = 500
"""Posts of one job when everything is indexed anew."""

_SQLITE = {
    "post": text(
        "INSERT OR REPLACE INTO search_post (rowid, marks, title, words) VALUES (:id, :marks, :title, :words)"
    ),
    "comment": text(
        "INSERT OR REPLACE INTO search_comment (rowid, marks, words) VALUES (:id, :marks, :words)"
    ),
    "forget_post": text("DELETE FROM search_post WHERE rowid = :id"),
    "forget_comment": text("DELETE FROM search_comment WHERE rowid = :id"),
}
_POSTGRESQL = {
    "post": text(
        "INSERT INTO search_post (id, title, words) VALUES (:id, to_tsvector('simple', :title),"
        " to_tsvector('simple', :title || ' ' || :marks || ' ' || :words))"
        " ON CONFLICT (id) DO UPDATE SET title = excluded.title, words = excluded.words"
    ),
    "comment": text(
        "INSERT INTO search_comment (id, words) VALUES (:id, to_tsvector('simple', :marks || ' ' || :words))"
        " ON CONFLICT (id) DO UPDATE SET words = excluded.words"
    ),
    "forget_post": text("DELETE FROM search_post WHERE id = :id"),
    "forget_comment": text("DELETE FROM search_comment WHERE id = :id"),
}


# Those who listen ---------------------------------------------------------------------------------------


def on_post_published(session: Session, event: events.PostPublished) -> None:
    index_post(session, event.post)


def on_post_edited(session: Session, event: events.PostEdited) -> None:
    index_post(session, event.post)


def on_post_moved(session: Session, event: events.PostMoved) -> None:
    """A move may change who reads a post, and what its facts say. Of one that opens a draft we hear twice."""
    post, board = event.post, ROOMS[event.post.board]
    source = board.workflow.state(event.transition.source or post.state)
    if source.audience != "parties" or post.audience == "parties":
        index_post(session, post)


def on_post_deleted(session: Session, event: events.PostDeleted) -> None:
    _write(session, "forget_post", [{"id": event.post.id}])


def on_comment_said(session: Session, event: events.CommentWritten | events.CommentEdited) -> None:
    index_comments(session.connection(), [(event.comment.id, event.post.code, event.comment.body)])


def on_comment_deleted(session: Session, event: events.CommentDeleted) -> None:
    _write(session, "forget_comment", [{"id": event.comment.id}])


# What is written -----------------------------------------------------------------------------------------


def index_post(session: Session, post: Post) -> None:
    """Write or renew the words of a post, unless it is a draft."""
    board = ROOMS[post.board]
    if not board.workflow.is_draft(post.state):
        detail = session.get(board.detail, post.id) if board.detail and board.searched else None
        facts = [str(getattr(detail, name) or "") for name in board.searched] if detail else []
        index_posts(session.connection(), [(post, facts)])


def index_posts(connection: Connection, posts: Iterable[tuple[Any, list[str]]]) -> None:
    """The same for many rows of posts, each with the facts that can be searched too."""
    _write(
        connection,
        "post",
        [
            {
                "id": post.id,
                "marks": marks_of(post.code, post.board, post.audience),
                "title": bigrams(post.title),
                "words": bigrams("\n".join([post.body, *facts])),
            }
            for post, facts in posts
        ],
    )


def index_comments(connection: Connection, comments: Iterable[tuple[int, str, str]]) -> None:
    """Write or renew the words of comments: (id, code of the post's community, body)."""
    _write(
        connection,
        "comment",
        [
            {"id": number, "marks": " ".join(_places(code)), "words": bigrams(body)}
            for number, code, body in comments
        ],
    )


def marks_of(code: str, board: str, audience: str) -> str:
    marks = [*_places(code), f"b0{board}"]
    if audience == "public":
        marks.append("p0")
    if ROOMS[board].handbook:
        marks.append("h0")
    return " ".join(marks)


def _places(code: str) -> list[str]:
    return [f"x{code}", *(f"u{higher}" for higher in above(code)[:-1])]


def _write(to: Session | Connection, what: str, values: list[dict[str, Any]]) -> None:
    connection = to.connection() if isinstance(to, Session) else to
    statements = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    if values:
        connection.execute(statements[what], values)


# Everything anew -----------------------------------------------------------------------------------------


def index_everything(session: Session, payload: dict[str, Any]) -> None:
    """A job: index the posts after `after`, with their comments, some at once, and leave the rest to the next."""
    posts = session.scalars(
        select(Post)
        .where(Post.id > int(payload.get("after", 0)), Post.deleted_at.is_(None))
        .order_by(Post.id)
        .limit(AT_ONCE)
    ).all()
    for post in posts:
        if post.board in ROOMS:
            index_post(session, post)
    codes = {post.id: post.code for post in posts}
    said = session.execute(
        select(Comment.id, Comment.post_id, Comment.body).where(
            Comment.post_id.in_(codes), Comment.deleted_at.is_(None)
        )
    )
    index_comments(session.connection(), [(row.id, codes[row.post_id], row.body) for row in said])
    if len(posts) == AT_ONCE:
        enqueue(session, "index_everything", {"after": posts[-1].id})
