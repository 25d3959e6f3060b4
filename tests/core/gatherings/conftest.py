"""A gathering on a post of a board that knows nothing of gatherings, planned on its page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.cast import HOME, number_of

from shequtong.core.communities.models import Dwelling, Household, Membership
from shequtong.core.gatherings.models import Gathering, SignUp
from shequtong.core.identity.models import Account
from shequtong.lib import clock

TALK = f"/c/{HOME}/talk"
NOTICES = f"/c/{HOME}/notices"


def typed(moment: Any) -> str:
    """A moment as a browser sends it."""
    return clock.local(moment).strftime("%Y-%m-%dT%H:%M")


class Meeting:
    """A gathering: its page, and what is known of it."""

    def __init__(self, app: Any, cast: Any, host: str = "resident", **plan: Any) -> None:
        self.app, self.cast = app, cast
        self.host = getattr(cast, host)
        written = self.host.submit(f"{TALK}/new", {"title": "下棋", "kind": "sport", "body": "带茶杯"})
        self.post_id = number_of(written)
        self.post = f"{TALK}/{self.post_id}"
        self.page = f"{self.post}/gathering"
        self.plan = form(**plan)
        answer = self.host.submit(f"{self.page}/plan", self.plan)
        assert answer.status_code == 303, answer.text

    def change(self, **plan: Any) -> Any:
        return self.host.submit(f"{self.page}/plan", self.plan | form(**plan))

    def sign_up(self, login: str, **fields: Any) -> Any:
        return getattr(self.cast, login).submit(self.page, fields)

    def leave(self, login: str) -> Any:
        return getattr(self.cast, login).submit(f"{self.page}/leave")

    def row(self) -> Gathering:
        with self.app.state.database.session(write=False) as session:
            return session.get_one(Gathering, self.post_id)

    def of(self, login: str) -> SignUp | None:
        with self.app.state.database.session(write=False) as session:
            return session.get(SignUp, (self.post_id, getattr(self.cast, login).id))

    def states(self, *logins: str) -> list[str | None]:
        found = [self.of(login) for login in logins]
        return [one and one.state for one in found]


def form(**plan: Any) -> dict[str, Any]:
    """What a host fills in, with what a test wants otherwise; moments as a browser sends them."""
    now = clock.now()
    usual = {"starts_at": now + timedelta(days=3), "ends_at": now + timedelta(days=3, hours=2)}
    asked = {**usual, "place": "中心花园", "places": "2", **plan}
    return {name: typed(told) if hasattr(told, "tzinfo") else told for name, told in asked.items()}


def invite(app: Any, names: list[str]) -> list[int]:
    """So many more neighbours of the resident's home; their account numbers."""
    with app.state.database.writing() as session:
        home = session.query(Dwelling).filter_by(code=HOME).order_by(Dwelling.id).first()
        household = session.query(Household).filter_by(dwelling_id=home.id).first()
        ids = []
        for name in names:
            account = Account(login=name, name=name, password="", created_at=clock.now())
            session.add(account)
            session.flush()
            session.add(
                Membership(
                    account_id=account.id,
                    code=HOME,
                    building_id=home.building_id,
                    dwelling_id=home.id,
                    household_id=household.id,
                    kind="family",
                    state="approved",
                    applied_at=clock.now(),
                )
            )
            ids.append(account.id)
        return ids


@pytest.fixture
def meeting(app, cast):
    """`meeting(places="5", guests="2")` plans a gathering on a new post."""
    return lambda **plan: Meeting(app, cast, **plan)


@pytest.fixture
def stopped():
    """The clock stands still, and may be moved."""
    with clock.at(clock.now().replace(second=0, microsecond=0)):
        yield
