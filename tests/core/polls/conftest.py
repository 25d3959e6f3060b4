"""A poll on a post of neighbours' talk, written and opened on its pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.cast import HOME, number_of
from tests.core.gatherings.conftest import typed

from shequtong.core.polls.closing import close_due
from shequtong.core.polls.models import Poll, Sheet
from shequtong.lib import clock

TALK = f"/c/{HOME}/talk"
QUESTIONS = (
    {"words": "长椅朝哪边？", "kind": "single", "options": "朝东\n朝南\n朝西"},
    {"words": "还缺什么？", "kind": "several", "options": "路灯\n垃圾桶\n花"},
    {"words": "先做哪样？", "kind": "ranked", "options": "长椅\n路灯\n花\n雨棚"},
    {"words": "还想说什么？", "kind": "text", "options": ""},
)
ANSWER = {"q1": "0", "q2": ["0", "2"], "q3_1": "1", "q3_2": "0", "q4": "谢谢"}


class Asked:
    """A poll: its page, and what is known of it."""

    def __init__(self, app: Any, cast: Any, questions: Any = QUESTIONS, **opening: Any) -> None:
        self.app, self.cast = app, cast
        written = cast.resident.submit(f"{TALK}/new", {"title": "长椅的事", "body": "大家说说"})
        self.post_id = number_of(written)
        self.post = f"{TALK}/{self.post_id}"
        self.page = f"{self.post}/poll"
        for question in questions:
            assert cast.resident.submit(f"{self.page}/plan", question).status_code == 303
        self.opening = {
            "unit": "person",
            "shows": "closed",
            "closes_at": typed(clock.now() + timedelta(days=3)),
        } | opening
        if questions and opening.get("unit") != "draft":
            answer = cast.resident.submit(f"{self.page}/open", self.opening)
            assert answer.status_code == 303, answer.text

    def answer(self, login: str, **fields: Any) -> Any:
        return getattr(self.cast, login).submit(self.page, ANSWER | fields)

    def row(self) -> Poll:
        with self.app.state.database.session(write=False) as session:
            return session.get_one(Poll, self.post_id)

    def sheets(self) -> list[Sheet]:
        with self.app.state.database.session(write=False) as session:
            return session.query(Sheet).filter_by(post_id=self.post_id).order_by(Sheet.unit).all()

    def close(self) -> None:
        """Let time pass, and the clock close it. Only while the clock is stopped."""
        clock.advance(timedelta(days=3, minutes=1))
        with self.app.state.database.writing() as session:
            close_due(session)


@pytest.fixture
def asked(app, cast):
    """`asked(unit="household")` opens a poll on a new post."""
    return lambda **opening: Asked(app, cast, **opening)


@pytest.fixture
def stopped():
    """The clock stands still, and may be moved."""
    with clock.at(clock.now().replace(second=0, microsecond=0)):
        yield
