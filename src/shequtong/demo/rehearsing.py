"""The story read against the boards themselves, before anything is written: every step leads from where the post
is to where it goes next, and nothing is told that no form asks for.

Who may take a step, and whether the facts allow it, only the play can find out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shequtong.core.posts import asking
from shequtong.core.posts.board import Board
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib.forms import Form
from shequtong.lib.policy import nobody
from shequtong.lib.workflow import Transition
from shequtong.town import Post, Step, StoryError, Town

_OF_EVERY_POST = frozenset({"title", "body", "kind", "private"})


@dataclass(frozen=True)
class Walk:
    """How a post goes: the state after each of its steps, and since when others can read it."""

    board: Board
    states: tuple[str, ...]
    shown_after: timedelta | None

    @property
    def rests(self) -> str:
        return self.states[-1]


def rehearse(town: Town) -> dict[str, Walk]:
    """The walk of every post, by its key. Raises StoryError with the file and the post of the first mistake."""
    walks = {}
    for post in town.posts:
        try:
            walks[post.key] = _walk(post)
        except StoryError as wrong:
            raise StoryError(f"{where(post)}: {wrong}") from None
    for login, follow in town.follows.items():
        for slug in follow.boards:
            if slug not in ROOMS:
                raise StoryError(f"follows.toml, {login}: there is no board {slug!r}")
    return walks


def where(post: Post) -> str:
    """The file and the key of a post, for whoever writes the story."""
    return f"life/{post.board}.toml, {post.key}"


def unreached(walks: dict[str, Walk]) -> set[tuple[str, str]]:
    """(board, state) of every state in which no post of the story rests."""
    declared = {(board.slug, state.name) for board in ROOMS.values() for state in board.workflow.states}
    return declared - {(walk.board.slug, walk.rests) for walk in walks.values()}


def _walk(post: Post) -> Walk:
    board = ROOMS.get(post.board)
    if board is None:
        raise StoryError(f"there is no board {post.board!r}")
    if board.kinds and post.kind not in dict(board.kinds):
        raise StoryError(f"{post.board} has no kind {post.kind!r}, but {', '.join(dict(board.kinds))}")
    _fits(board.form_of(post.kind), post.fields, "its form")
    if post.private and "private" not in board.form_of(post.kind).model_fields:
        raise StoryError(f"nothing on {post.board} is private")
    states = tuple(_states(board, post))
    return Walk(board, states, None if post.private else _shown_after(board, post, states))


def _states(board: Board, post: Post) -> Iterator[str]:
    """Where the post is after it was written, and after each step."""
    state = board.workflow.first_state(post.kind)
    yield state
    for step in post.steps:
        transition = board.workflow.transition(step.do)
        if transition is None:
            raise StoryError(f"{step.do!r} is no transition of {post.board}")
        if state not in transition.sources:
            raise StoryError(f"{step.do!r} is not possible from {state!r}")
        if step.by == "clock" and not transition.clock:
            raise StoryError(f"the clock does not take {step.do!r}")
        if step.by != "clock" and transition.by is nobody:
            raise StoryError(f"only the clock takes {step.do!r}")
        asked = asking.form_of(transition) if step.by != "clock" else None
        if asked is not None:
            _fits(asked, asked_of(step), step.do, filled=transition.fill is not None)
        elif asked_of(step):
            raise StoryError(f"{step.do!r} asks nothing, not even {', '.join(asked_of(step))}")
        state = transition.target or state
        yield state


def asked_of(step: Step) -> dict[str, Any]:
    """What a step tells the form of its transition."""
    return step.fields | ({"reason": step.reason} if step.reason else {})


def _fits(form: type[Form], told: dict[str, Any], what: str, filled: bool = False) -> None:
    names = set(form.model_fields)
    if strangers := sorted(set(told) - names):
        raise StoryError(f"{what} does not ask for {', '.join(strangers)}, but for {', '.join(names)}")
    required = {name for name, info in form.model_fields.items() if info.is_required()}
    if not filled and (missing := sorted(required - set(told) - _OF_EVERY_POST)):
        raise StoryError(f"{what} asks for {', '.join(missing)} too")


def _shown_after(board: Board, post: Post, states: tuple[str, ...]) -> timedelta | None:
    """How long after it was written neighbours can read it; None when they never can."""
    hours = (timedelta(), *(step.after for step in post.steps))
    audience = board.audience
    for state, after in zip(states, hours, strict=True):
        audience = board.workflow.state(state).audience or audience
        if audience != "parties":
            return after
    return None


def opening(board: Board, post: Post) -> Transition | None:
    """The transition that a post takes at once when it is written, unless it is kept as a draft first."""
    first = next(iter(post.steps), None)
    if first is None or first.after or first.by != post.author:
        return None
    transition = board.workflow.transition(first.do)
    return transition if transition and transition.at_once else None
