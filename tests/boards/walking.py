"""Walks a board's life cycle as people do: opens the page, fills in the form that it shows, presses the button.

Nothing here knows a particular board, so a new one is walked the day it is added. What cannot be guessed from a
form (figures that must come to a result, the number of another post) stands in `hints.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import select, update
from tests.boards.hints import ANOTHER, BY_TURNS, FIRST, HINTS, PARTS_FIRST
from tests.cast import DISTRICT, HOME, LOGINS, STREET, number_of

from shequtong.core.ballots.models import Round
from shequtong.core.communities.standing import Standing
from shequtong.core.communities.visiting import find_actor, find_community
from shequtong.core.identity.actor import VISITOR
from shequtong.core.identity.models import SignIn
from shequtong.core.posts import queries
from shequtong.core.posts.asking import kinds_of
from shequtong.core.posts.board import Board
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case, allows
from shequtong.core.posts.rooms import is_open
from shequtong.lib import clock
from shequtong.lib.policy import nobody
from shequtong.lib.workflow import Transition
from shequtong.main import ROUNDS

MORE_THAN_ASKED = {"state": "archived", "author_id": "1", "audience": "public", "moderation": "removed"}
"""Fields that no form has. They come with every form that is sent here, and must do nothing (A4)."""

WRITERS = ("resident", "clerk", *LOGINS)
"""Who writes, the first who may."""

NEAREST = ("resident", "neighbor", "clerk")
"""Who takes a part where few are enough."""

WAITS = (timedelta(), timedelta(days=1), timedelta(days=9))
"""How long a walker waits for a fact that time brings."""


# Forms as a page shows them ---------------------------------------------------------------------------


@dataclass
class Control:
    """One control of a form: what it is called, what stands in it, what it lets one choose."""

    kind: str
    required: bool = False
    value: str = ""
    options: list[str] = field(default_factory=list)
    minimum: str = ""

    def filled(self, attempt: int) -> str:
        """Something a person could write here; another thing at another attempt, where there is one."""
        if self.value and not attempt:
            return self.value
        if self.options:
            return self.options[attempt % len(self.options)]
        if self.kind == "date":
            return (clock.today() + timedelta(days=8)).isoformat()
        if self.kind == "datetime-local":
            return clock.local(clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
        if self.kind in ("number", "decimal"):
            return self.minimum or "1"
        return "021-56780000" if self.kind == "tel" else "照实写几句话"


@dataclass
class Sheet:
    """A form of a page."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    controls: dict[str, Control] = field(default_factory=dict)

    def filled(self, whole: bool, attempts: dict[str, int | None]) -> dict[str, str]:
        """What somebody writes into it: what is required, or all of it if `whole`.

        `attempts` are the controls that were found wrong before: the how manyth attempt, None to leave it empty.
        """
        sent = dict(self.hidden)
        for name, control in self.controls.items():
            attempt = attempts.get(name, 0 if control.required or control.value or whole else None)
            if attempt is not None:
                sent[name] = control.filled(attempt)
        return sent

    def learn(self, sent: dict[str, str], wrong: list[str], attempts: dict[str, int | None]) -> None:
        """Do it differently next time: fill in what was empty, empty what need not be there, else choose anew."""
        for name in wrong:
            control = self.controls.get(name)
            if control is not None:
                need_not = name in sent and not control.required
                attempts[name] = (
                    None if need_not else 0 if name not in sent else (attempts.get(name) or 0) + 1
                )


class _Reader(HTMLParser):
    """Finds the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[Sheet] = []
        self._sheet: Sheet | None = None
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in found}
        if tag == "form":
            self._sheet = Sheet(given.get("action", ""))
            self.sheets.append(self._sheet)
        elif self._sheet is None:
            return
        elif tag == "input":
            self._input(self._sheet, given, "checked" in given)
        elif tag in ("select", "textarea"):
            self._sheet.controls[given["name"]] = Control(tag, "required" in given)
            self._select = given["name"] if tag == "select" else ""
            self._textarea = given["name"] if tag == "textarea" else ""
        elif tag == "option" and self._select and given.get("value"):
            control = self._sheet.controls[self._select]
            control.options.append(given["value"])
            if "selected" in given:
                control.value = given["value"]

    def _input(self, sheet: Sheet, given: dict[str, str], checked: bool) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if kind == "hidden":
            sheet.hidden[name] = given.get("value", "")
        elif kind == "radio":
            control = sheet.controls.setdefault(name, Control("radio", "required" in given))
            control.options.append(given["value"])
            control.value = given["value"] if checked else control.value
        elif kind == "checkbox":
            sheet.controls[name] = Control(kind, "required" in given, "", [given.get("value", "on")])
        elif kind not in ("file", "search") and name:
            kind = "decimal" if given.get("inputmode") == "decimal" else kind
            sheet.controls[name] = Control(
                kind, "required" in given, given.get("value", ""), [], given.get("min", "")
            )

    def handle_data(self, data: str) -> None:
        if self._textarea and self._sheet is not None:
            self._sheet.controls[self._textarea].value += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._sheet = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""


def sheets(html: str) -> list[Sheet]:
    reader = _Reader()
    reader.feed(html)
    return reader.sheets


def marked_wrong(html: str) -> list[str]:
    """The names of the controls that a page marks wrong."""
    return re.findall(r'id="f-(?:\w+-)?(\w+)-error"', html)


# A walk -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """What was done, by whom, on whose page, and when, counted from the beginning; the clock is nobody.

    `page` is the page of the post that the form belongs to.
    """

    login: str
    code: str
    name: str
    sent: tuple[tuple[str, str], ...]
    after: timedelta
    page: str = "transitions"


Steps = tuple[Step, ...]


@dataclass
class Map:
    """What a walk found: the way to each state of each kind, and which transitions were taken from where."""

    ways: dict[tuple[str, str], Steps] = field(default_factory=dict)
    by_people: set[tuple[str, str]] = field(default_factory=set)
    by_clock: set[tuple[str, str]] = field(default_factory=set)

    def way_to(self, state: str) -> Steps:
        return next(way for (_kind, reached), way in self.ways.items() if reached == state)


class Walk:
    """One board, walked by the cast in one town."""

    def __init__(self, app: Any, cast: Any, board: Board) -> None:
        self.database, self.cast, self.board = app.state.database, cast, board
        self.begin = clock.now()
        self.whole = False
        self.turn = 0
        tokens = {login: browser.cookies.get("session") for login, browser in cast.everyone().items()}
        with self.database.session(write=False) as session:
            towns = [find_community(session, code) for code in (HOME, STREET, DISTRICT)]
            self.actors = {k: find_actor(session, token) if token else VISITOR for k, token in tokens.items()}
        self.towns = {town.code: town for town in towns if is_open(board, town)}

    # The map ------------------------------------------------------------------------------------------

    def explore(self) -> Map:
        """Every way there is: with forms as short as possible, with all of every form, and as other writers."""
        found = Map()
        for whole, writers in ((False, WRITERS), (True, WRITERS), *((False, (login,)) for login in LOGINS)):
            if self.missing(found):
                self.whole = whole
                self._explore(found, writers)
                self.turn += 1
        return found

    def missing(self, found: Map) -> list[str]:
        """States nobody has reached and transitions nobody has taken."""
        workflow = self.board.workflow
        reached = {state for _kind, state in found.ways}
        left = [f"state {state.name}" for state in workflow.states if state.name not in reached]
        for transition in workflow.transitions:
            for source in transition.sources:
                if transition.by is not nobody and (source, transition.name) not in found.by_people:
                    left.append(f"{transition.name} from {source}")
            timed = {s for s in transition.sources if workflow.by_clock(s) is transition}
            past = {source for source, name in found.by_clock if name == transition.name}
            left += [
                f"{transition.name} from {s} by the clock" for s in timed - past if workflow.state(s).lasts
            ]
            if transition.clock and not past:
                left.append(f"{transition.name} by the clock")
        return left

    def _explore(self, found: Map, writers: Iterable[str]) -> None:
        ahead: list[tuple[str, str, Steps]] = []
        seen: set[tuple[str, str]] = set()

        def reached(kind: str, number: int, way: Steps) -> None:
            state = self.post(number).state
            if (kind, state) not in seen:
                seen.add((kind, state))
                ahead.append((kind, state, way))
                found.ways.setdefault((kind, state), way)

        for kind, _label in self.board.kinds or (("", ""),):
            for draft in ({}, {"draft": "1"}):
                with self.on_stage():
                    if written := self._write(kind, draft, writers):
                        step, number = written
                        reached(kind, number, (step,))
        while ahead:
            kind, state, way = ahead.pop(0)
            for transition in self.board.workflow.leaving(state):
                for taken, move in ((found.by_people, self._by_people), (found.by_clock, self._by_clock)):
                    known = (state, transition.name) in taken
                    if known and (not transition.target or (kind, transition.target) in seen):
                        continue
                    with self.on_stage():
                        number = self.replay(way)
                        steps = move(number, transition)
                        if steps:
                            taken.add((state, transition.name))
                            assert self.post(number).state == (transition.target or state)
                            reached(kind, number, way + steps)

    # Taking steps -------------------------------------------------------------------------------------

    @contextmanager
    def on_stage(self) -> Iterator[None]:
        """The clock stands at the beginning of the walk."""
        with clock.at(self.begin):
            yield

    def replay(self, way: Steps) -> int:
        """Take these steps once more with a new post; its number."""
        number = 0
        for step in way:
            self.wait_until(self.begin + step.after)
            if not step.login:
                self._move_due()
                continue
            room = f"/c/{step.code}/{self.board.slug}"
            action = f"{room}/{number}/{step.page}" if number else f"{room}/new"
            answer = self.submit(step.login, action, dict(step.sent))
            assert answer.status_code == 303, (step, answer.status_code)
            number = number or number_of(answer)
        return number

    def wait_until(self, moment: datetime) -> None:
        """Let time pass. Nobody is signed out by it."""
        if moment > clock.now():
            clock.advance(moment - clock.now())
            with self.database.writing() as session:
                session.execute(update(SignIn).values(created_at=clock.now(), seen_at=clock.now()))

    def submit(self, login: str, action: str, sent: dict[str, str]) -> Any:
        """Send a form. Where it names another post of this board, that is written first."""
        for key, value in sent.items():
            if value.startswith(ANOTHER):
                written = self._write(value.removeprefix(ANOTHER), {}, WRITERS)
                assert written, value
                sent = sent | {key: str(written[1])}
        return getattr(self.cast, login).insist(action, sent)

    def _write(self, kind: str, draft: dict[str, str], writers: Iterable[str]) -> tuple[Step, int] | None:
        """Write a post of a kind as the first of these who may."""
        for code, town in self.towns.items():
            for login in writers:
                case = self.case(login, town)
                if allows(case, "create") and (not kind or kind in dict(kinds_of(case))):
                    page = f"/c/{code}/{self.board.slug}/new"
                    chosen = draft | ({"kind": kind} if kind else {})
                    sent, answer = self._fill_in(login, f"{page}?kind={kind}", page, kind, chosen)
                    number = number_of(answer)
                    self._is_as_declared(self.post(number), self.actors[login].id)
                    return Step(login, code, "", sent, clock.now() - self.begin), number
        return None

    def _is_as_declared(self, post: Post, author_id: int | None) -> None:
        """A new post is its author's, in its first state or one step on, for the readers of that state."""
        workflow = self.board.workflow
        first = workflow.first_state(post.kind)
        onward = {t.target for t in workflow.leaving(first) if t.at_once}
        assert post.author_id == author_id and post.state in {first, *onward} and post.moderation == "clear"
        usual = workflow.state(post.state).audience or self.board.audience
        assert post.audience in {usual, "building", "parties"}

    def _by_people(self, number: int, transition: Transition) -> Steps:
        """Take a transition as the first of the cast who may, after what must come before; nothing if nobody may."""
        done: Steps = ()
        if not any(self.callers(number, transition, LOGINS)):
            return ()
        if (self.board.slug, transition.name) in PARTS_FIRST:
            done = tuple(self._parts(number, transition, NEAREST))
        for wait in WAITS:
            self.wait_until(clock.now() + wait)
            if step := self._press(number, transition):
                return (*done, step)
            for part in self._parts(number, transition):
                done = (*done, part)
                if step := self._press(number, transition):
                    return (*done, step)
        return ()

    def _parts(self, number: int, before: Transition, logins: Iterable[str] = LOGINS) -> Iterator[Step]:
        """These take the part in a post that they can, and note what they can, one after the other."""
        for part in self.board.workflow.leaving(self.post(number).state):
            if (part.takes_part or part.repeats) and part is not before:
                for login, _town, _case in self.callers(number, part, logins):
                    if step := self._press(number, part, [login]):
                        yield step

    def _press(self, number: int, transition: Transition, logins: Iterable[str] = LOGINS) -> Step | None:
        """Take a transition as the first of these who may."""
        name = transition.name
        for login, town in self.who_may(number, transition, logins):
            page = f"/c/{town.code}/{self.board.slug}/{number}"
            sent, answer = self._fill_in(login, page, f"{page}/transitions", name, {})
            if answer.status_code == 303:
                return Step(login, town.code, name, sent, clock.now() - self.begin)
        return None

    def _fill_in(
        self, login: str, page: str, action: str, name: str, chosen: dict[str, str]
    ) -> tuple[tuple[tuple[str, str], ...], Any]:
        """Fill in and send a form of a page, mending what is marked wrong: what was sent, and the answer."""
        hint = HINTS.get((self.board.slug, name), {})
        if turns := BY_TURNS.get((self.board.slug, name)):
            hint = hint | turns[min(self.turn, len(turns) - 1)]
        attempts: dict[str, int | None] = {}
        shown = getattr(self.cast, login).get(page)
        assert shown.status_code == 200, (login, page, shown.status_code)
        for _attempt in range(8):
            sheet = next(
                s for s in sheets(shown.text) if s.action == action and s.hidden.get("name", name) == name
            )
            sent = sheet.filled(self.whole, attempts) | hint | chosen | MORE_THAN_ASKED
            sent = {key: value for key, value in sent.items() if key not in ("csrf", "once", "seen")}
            answer = self.submit(login, action, sent)
            if answer.status_code in (303, 409):
                return tuple(sent.items()), answer
            assert answer.status_code == 422, (login, action, name, answer.status_code)
            sheet.learn(sent, marked_wrong(answer.text), attempts)
            shown = answer
        raise AssertionError(
            f"{login} cannot fill in {name or 'the form'} of {page}: {marked_wrong(shown.text)}"
        )

    def _by_clock(self, number: int, transition: Transition) -> Steps:
        """Let the clock take a transition, on time and not before; nothing when it never would."""
        post, due = self.post(number), self._due(number)
        if not transition.clock or due is None:
            return ()
        done = []
        for login, page, sent in FIRST.get((self.board.slug, transition.name), ()):
            answer = self.submit(login, f"/c/{post.code}/{self.board.slug}/{number}/{page}", sent)
            assert answer.status_code == 303, (login, page, answer.status_code)
            done.append(Step(login, post.code, "", tuple(sent.items()), clock.now() - self.begin, page))
        self.wait_until(due - timedelta(seconds=1))
        self._move_due()
        assert self.post(number).state == post.state, "the clock was early"
        self.wait_until(due + timedelta(seconds=1))
        self._move_due()
        if self.post(number).state != (transition.target or post.state):
            return ()
        return (*done, Step("", "", transition.name, (), clock.now() - self.begin))

    def _due(self, number: int) -> datetime | None:
        """When the clock does something with a post: by its state, or because ballots on it are counted."""
        with self.database.session(write=False) as session:
            open_round = select(Round.count_at).where(Round.post_id == number, Round.state == "open")
            return session.get_one(Post, number).due_at or session.scalar(open_round)

    def _move_due(self) -> None:
        for every in ROUNDS:
            with self.database.writing() as session:
                every.task(session)

    # What the tables say ------------------------------------------------------------------------------

    def post(self, number: int) -> Post:
        with self.database.session(write=False) as session:
            return session.get_one(Post, number)

    def case(self, login: str, town: Any) -> Case:
        """Somebody on this board of a town."""
        actor = self.actors[login]
        return Case(actor, Standing.of(actor, town.code), self.board, town)

    def seen(self, login: str, town: Any, number: int) -> Case | None:
        """Somebody before a post, on the page of a town; None when they do not see it there."""
        case = self.case(login, town)
        with self.database.session(write=False) as session:
            shown = queries.show(session, self.board, number, town.code, case.actor, case.here)
        return shown and replace(case, post=shown.post, detail=shown.detail, parts=shown.parts)

    def pages_of(self, number: int) -> list[Any]:
        """The towns whose pages show a post: where it was posted, and below."""
        code = self.post(number).code
        return [town for town in self.towns.values() if town.code.startswith(code)]

    def callers(
        self, number: int, transition: Transition, logins: Iterable[str]
    ) -> list[tuple[str, Any, Case]]:
        """Those of these people whose role allows a transition, whether or not it can be taken now."""
        with self.database.session(write=False) as session:
            post = session.get_one(Post, number)
            detail = session.get(self.board.detail, number) if self.board.detail else None
        pages = self.pages_of(number)
        judged = [
            (k, town, replace(self.case(k, town), post=post, detail=detail)) for town in pages for k in logins
        ]
        return [(k, town, case) for k, town, case in judged if case.actor.signed_in and transition.by(case)]

    def who_may(
        self, number: int, transition: Transition, logins: Iterable[str]
    ) -> Iterator[tuple[str, Any]]:
        """Those of these people who may take a transition now, and on the page of which town."""
        for login, town, _case in self.callers(number, transition, logins):
            case = self.seen(login, town, number)
            if case and self.board.offers(case, transition):
                yield login, town
