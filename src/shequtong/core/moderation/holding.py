"""Rules that hold a post or comment back until somebody of the committee has looked.

They run in the transaction that writes it, so nothing is seen before it was checked.
"""

from __future__ import annotations

from functools import lru_cache

from ahocorasick_rs import AhoCorasick
from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from shequtong.core.communities.models import Division
from shequtong.core.moderation.events import Released
from shequtong.core.moderation.models import Hold, ListedWord
from shequtong.core.posts import hiding
from shequtong.core.posts.events import (
    CommentEdited,
    CommentWritten,
    PostEdited,
    PostPublished,
    VisibilityChanged,
)
from shequtong.core.posts.models import Comment, Post
from shequtong.lib import clock
from shequtong.lib.bigrams import squeeze
from shequtong.lib.db import ask
from shequtong.lib.events import publish as tell


def on_post_published(session: Session, event: PostPublished) -> None:
    """Hold the first posts of a new member, and listed words of anybody without an office."""
    post = event.post
    if post.author_role:
        return
    if _is_newcomer(session, post):
        hold(session, post, None, "first_post", unseen=True)
    else:
        _check_words(session, post, None, f"{post.title}\n{post.body}", unseen=True)


def on_post_edited(session: Session, event: PostEdited) -> None:
    if not event.post.author_role:
        _check_words(session, event.post, None, f"{event.post.title}\n{event.post.body}")


def on_comment_written(session: Session, event: CommentWritten) -> None:
    if not event.comment.author_role:
        _check_words(session, event.post, event.comment, event.comment.body, unseen=True)


def on_comment_edited(session: Session, event: CommentEdited) -> None:
    if not event.comment.author_role:
        _check_words(session, event.post, event.comment, event.comment.body)


def on_visibility_changed(session: Session, event: VisibilityChanged) -> None:
    """What is shown for the first time is released, once."""
    post, comment = event.post, event.comment
    if (comment or post).moderation != "clear":
        return
    same = Hold.comment_id == comment.id if comment else Hold.comment_id.is_(None)
    shown = session.execute(
        update(Hold)
        .where(Hold.post_id == post.id, same, Hold.unseen)
        .values(unseen=False)
        .execution_options(synchronize_session=False)
    )
    if shown.rowcount:
        tell(session, Released(post, comment))


def hold(
    session: Session,
    post: Post,
    comment: Comment | None,
    why: str,
    words: str = "",
    *,
    unseen: bool = False,
) -> None:
    """Hold what is clear; what is held or hidden already stays as it is."""
    if hiding.change(session, post, comment, "clear", "held"):
        session.add(
            Hold(
                post_id=post.id,
                comment_id=comment.id if comment else None,
                why=why,
                words=words,
                unseen=unseen,
                at=clock.now(),
            )
        )


def _is_newcomer(session: Session, post: Post) -> bool:
    first = session.get_one(Division, post.code).hold_first_posts
    if not first:
        return False
    earlier = session.scalars(
        select(Post.id)
        .where(
            Post.author_id == post.author_id,
            Post.code == post.code,
            Post.id != post.id,
            Post.moderation == "clear",
            Post.deleted_at.is_(None),
        )
        .limit(first)
    ).all()
    return len(earlier) < first


def _check_words(
    session: Session, post: Post, comment: Comment | None, text: str, *, unseen: bool = False
) -> None:
    listed = tuple(row.word for row in ask(session, _LISTED, code=post.code))
    if listed and (found := sorted(set(_finder(listed).find_matches_as_strings(squeeze(text))))):
        hold(session, post, comment, "listed_word", "、".join(found), unseen=unseen)


_LISTED = select(ListedWord.word).where(ListedWord.code == bindparam("code")).order_by(ListedWord.word)


@lru_cache(maxsize=64)
def _finder(words: tuple[str, ...]) -> AhoCorasick:
    return AhoCorasick(words)
