"""Duties by the clock: a Monday morning in November, and hours that pass at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.cast import HOME

from shequtong.core.duties.models import Duty
from shequtong.core.identity.models import SignIn
from shequtong.lib import clock

MATTERS = f"/c/{HOME}/matters"
DESK = f"/c/{HOME}/desk"


def moment(text: str) -> datetime:
    """A moment on the wall clock of the community."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """Nine o'clock on Monday, 23 November 2026, an ordinary working day."""
    with clock.at(moment("2026-11-23 09:00")):
        yield


@pytest.fixture
def until(app) -> Callable[[str], None]:
    """Let time pass until a moment; nobody has to sign in again for it."""

    def pass_until(text: str) -> None:
        clock.advance(moment(text) - clock.now())
        with app.state.database.writing() as session:
            session.execute(update(SignIn).values(created_at=clock.now(), seen_at=clock.now()))

    return pass_until


@pytest.fixture
def go_round(app, settings) -> Callable[[], None]:
    """A worker that has just been started does what is due now."""

    def go() -> None:
        from shequtong.main import create_worker

        create_worker(settings, app.state.database).run_waiting()

    return go


@pytest.fixture
def duties(app) -> Callable[..., dict[str, Any]]:
    """The duties of the post at an address by kind, the newest of each."""

    def find(address: str) -> dict[str, Any]:
        with app.state.database.reading() as session:
            of_post = select(Duty).where(Duty.post_id == int(address.rsplit("/", 1)[1])).order_by(Duty.id)
            return {duty.kind: duty for duty in session.scalars(of_post)}

    return find


def report(browser: Any, **fields: Any) -> str:
    """Report something that nobody declared to be quicker than usual; its address."""
    answer = browser.insist(f"{MATTERS}/new", {"title": "花坛缺一块砖", "category": "road"} | fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def hours(number: float) -> timedelta:
    return timedelta(hours=number)
