"""What households decided becomes an article, a new version of one, or the end of one; and is looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlmodel import Session

from shequtong.core.communities.models import Division
from shequtong.core.covenants.events import ArticleChanged, ReviewDue
from shequtong.core.covenants.models import Article, Version
from shequtong.core.identity.actor import Actor
from shequtong.core.posts.models import Post
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, NotFound
from shequtong.lib.events import publish as tell
from shequtong.lib.i18n import gettext as _

AT_ONCE = 200


@dataclass(frozen=True)
class Decision:
    """What a vote decided: the words of an article. `changes` is the number of the one they take the place of.

    `ends` says that the article `changes` is no rule any more.
    """

    title: str
    words: str
    round_number: int
    in_force_on: date
    review_on: date
    changes: int | None = None
    ends: bool = False


def find(session: Session, code: str, number: int) -> Article | None:
    """The article of this number in a committee's covenant."""
    return session.scalars(select(Article).where(Article.code == code, Article.number == number)).first()


def enact(session: Session, post: Post, decision: Decision, actor: Actor) -> Article:
    """Write what was decided in a topic into the covenant of its committee. NotFound for an article there is not.

    The committee's row is locked, so that two articles never get one number.
    """
    session.scalars(select(Division.code).where(Division.code == post.code).with_for_update()).one()
    if decision.changes is None:
        article = _begin(session, post.code, decision)
    else:
        article = _renew(session, post.code, decision.changes, decision)
    session.add(
        Version(
            article_id=article.id,
            number=article.version,
            title=article.title,
            words="" if decision.ends else decision.words,
            post_id=post.id,
            round_number=decision.round_number,
            in_force_on=decision.in_force_on,
            at=clock.now(),
        )
    )
    session.flush()
    tell(session, ArticleChanged(article, actor.id))
    return article


def _begin(session: Session, code: str, decision: Decision) -> Article:
    last = session.scalar(select(func.max(Article.number)).where(Article.code == code)) or 0
    article = Article(code=code, number=last + 1, title=decision.title, review_on=decision.review_on)
    session.add(article)
    session.flush()
    return article


def _renew(session: Session, code: str, number: int, decision: Decision) -> Article:
    article = find(session, code, number)
    if article is None:
        raise NotFound
    if article.ended_on is not None:
        raise Conflict(_("This article is no rule any more."))
    article.version += 1
    article.title, article.review_on, article.reminded = decision.title, decision.review_on, False
    if decision.ends:
        article.ended_on = decision.in_force_on
    return article


def keep_as_it_is(session: Session, article: Article, review_on: date) -> None:
    """The committee has looked at an article and leaves it until another day."""
    if article.ended_on is not None:
        raise Conflict(_("This article is no rule any more."))
    article.reviewed_on, article.review_on, article.reminded = clock.today(), review_on, False


def remind(session: Session) -> None:
    """Tell once of every article whose day to be looked at has come."""
    due = session.scalars(
        select(Article)
        .where(Article.review_on <= clock.today(), Article.ended_on.is_(None), ~Article.reminded)
        .order_by(Article.review_on)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for article in due:
        told = update(Article).where(Article.id == article.id, ~Article.reminded).values(reminded=True)
        if session.execute(told).rowcount == 1:
            tell(session, ReviewDue(article))
