"""A vote on a post of a board that knows nothing of votes, opened as any board may open one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session
from tests.cast import HOME, number_of

from shequtong.core.ballots import counting, opening
from shequtong.core.ballots.models import Round
from shequtong.core.communities.models import Dwelling, Membership
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Post
from shequtong.lib import clock

TALK = f"/c/{HOME}/talk"


class Vote:
    """A round on a post: where its pages are, and what the clock does."""

    def __init__(self, app: Any, cast: Any, **plan: Any) -> None:
        self.app, self.cast = app, cast
        written = cast.resident.submit(
            f"{TALK}/new", {"title": "装长椅吗", "kind": "everyday", "body": "议一议"}
        )
        self.post_id = number_of(written)
        self.page = f"{TALK}/{self.post_id}/ballots"
        usual = {"question": "装长椅吗", "rule": "majority", "closes_at": clock.now() + timedelta(days=7)}
        clerk = Actor(cast.clerk.id)
        with app.state.database.writing() as session:
            post = session.get_one(Post, self.post_id)
            round_ = opening.open_round(session, post, opening.Plan(**usual | plan), clerk)
            self.id = round_.id

    def cast_by(self, login: str, choice: str = "for", **fields: Any) -> Any:
        return getattr(self.cast, login).submit(self.page, {"choice": choice, **fields})

    def round(self) -> Round:
        with self.app.state.database.session(write=False) as session:
            return session.get_one(Round, self.id)

    def count(self) -> Round:
        """Let time pass, and the clock count. Only while the clock is stopped."""
        clock.advance(self.round().count_at - clock.now() + timedelta(seconds=1))
        with self.app.state.database.writing() as session:
            counting.count_due_rounds(session)
        return self.round()


@pytest.fixture
def vote(app, cast):
    """`vote(rule="ordinary", secret=True)` opens a round on a new post."""
    return lambda **plan: Vote(app, cast, **plan)


@pytest.fixture
def stopped():
    """The clock stands still, and may be moved."""
    with clock.at(clock.now()):
        yield


def home_of(db: Session, browser: Any) -> int:
    """The dwelling somebody lives in."""
    return db.scalars(select(Membership.dwelling_id).where(Membership.account_id == browser.id)).one()


def give_areas(app: Any, **areas: Any) -> None:
    """Other floor areas, in square metres, for the homes of these people."""
    with app.state.database.writing() as session:
        for login, area in areas.items():
            mine = (
                select(Membership.dwelling_id)
                .join(Account, Account.id == Membership.account_id)
                .where(Account.login == login)
            )
            session.get_one(Dwelling, session.scalars(mine).one()).area = area
