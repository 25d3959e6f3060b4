"""The handbook that comes with the house, brought into the town as committees do: one sends it, another checks."""

from __future__ import annotations

from sqlmodel import Session

from shequtong.boards.guides import delivering, starting
from shequtong.core.communities import visiting
from shequtong.core.communities.standing import Standing
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS
from shequtong.demo.people import People
from shequtong.lib import clock, spreadsheets
from shequtong.town import StoryError


def bring(session: Session, people: People, code: str) -> None:
    """All guides of the table, out for everybody. Raises StoryError for a row that the product would refuse."""
    sender, checker = (_case(session, people, login, code) for login in ("secretary", "clerk"))
    content = spreadsheets.as_xlsx([starting.sheet(clock.today())], figures=False)
    delivery = delivering.receive(session, sender, content, "办事指南.xlsx")
    rows = delivering.plan(session, delivery)
    if wrong := [(row.line, row.mistakes) for row in rows if row.what != "new"]:
        raise StoryError(f"{starting.FILE.name}: {wrong}")
    delivering.write(session, checker, delivery, rows)


def _case(session: Session, people: People, login: str, code: str) -> Case:
    actor = people.actor(session, login)
    community = visiting.find_community(session, code)
    return Case(actor, Standing.of(actor, code), ROOMS["guides"], community)
