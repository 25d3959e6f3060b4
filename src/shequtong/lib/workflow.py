"""A life cycle as data: states, and the named transitions between them.

Nothing here knows what moves; the caller writes the state and keeps the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from shequtong.lib.forms import BoundForm, Form
from shequtong.lib.policy import Rule, anyone

Tone = Literal["neutral", "info", "good", "warn", "bad"]


@dataclass(frozen=True)
class State:
    """Where a thing can rest.

    `audience` is who may read it there, when that differs from the usual. `is_open` says whether
    something is still expected to happen. `lasts` is the time after which the clock takes over, and `until`
    the words before that moment on the page. `draft` says that it is not yet good enough for readers; a state that
    a transition with `at_once` leaves is one without saying. What is `put_away` is left out of lists that do not ask
    for it, and to put it there is no news.
    """

    name: str
    label: Any
    tone: Tone = "neutral"
    is_open: bool = True
    audience: str | None = None
    lasts: timedelta | None = None
    until: Any = None
    draft: bool = False
    put_away: bool = False


@dataclass(frozen=True)
class Transition:
    """A named way from one state to another, open to those `by` allows `when` the facts allow it.

    A transition without a target leaves the state as it is: somebody takes part (confirms, co-signs,
    joins in), at most once for each person; with `per="dwelling"`, once for the first home of that person, and
    with `per="dwellings"` for each of them; if `undoable`, one may take one's part back.
    One that `repeats` does not count who takes it: something is done about the thing (a meeting is held) as often
    as need be, and every time is kept in the record.
    With `clock`, the clock takes it by itself when the time of the state is over.

    `tone` is how loud its button is: the first neutral one is the main one, `quiet` puts away, `bad` ends.

    `form` is what it asks, filled at first with `fill(case)`; `check(session, case, bound_form)` may refuse what
    only the caller can judge. `effect` is what else it changes; `undone` what changes when a part is taken back.
    Both are called with (session, case, form, record). `photos` is how many pictures it takes.

    With `at_once`, what was just made goes on by it, unless its maker keeps it as a draft: the first one that
    its maker may take. `says` are other words of its button for some kinds: ((kind, label), …). `discreet`
    keeps the name of who took it from those it does not concern. What is taken `as_seen` is taken for the very words
    that whoever takes it has read: not when they were changed meanwhile. Of what is `inward` readers hear
    nothing, now or from the record. `means` tells who hears of it what they can do now.
    """

    name: str
    sources: tuple[str, ...]
    target: str | None
    label: Any
    by: Rule
    when: Rule = anyone
    form: type[Form] | None = None
    reason: Literal["none", "optional", "required"] = "none"
    reasons: tuple[tuple[str, Any], ...] = ()
    fill: Callable[[Any], Mapping[str, Any]] | None = None
    check: Callable[[Any, Any, BoundForm[Any]], None] | None = None
    effect: Callable[..., None] | None = None
    undone: Callable[..., None] | None = None
    clock: bool = False
    at_once: bool = False
    tone: Literal["neutral", "quiet", "bad"] = "neutral"
    per: Literal["account", "dwelling", "dwellings", "community"] = "account"
    undoable: bool = True
    done: Any = None
    says: tuple[tuple[str, Any], ...] = ()
    discreet: bool = False
    repeats: bool = False
    photos: int = 0
    as_seen: bool = False
    inward: bool = False
    means: Any = ""

    @property
    def takes_part(self) -> bool:
        return self.target is None and not self.repeats

    def words(self, kind: str) -> Any:
        """What its button says on a thing of this kind."""
        return dict(self.says).get(kind, self.label)

    def reason_words(self, reason: str) -> Any:
        """A listed reason in words, any other as it was written."""
        return dict(self.reasons).get(reason, reason)


@dataclass(frozen=True)
class Workflow:
    """All states and transitions of one kind of thing; checked when it is declared."""

    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    start: str | dict[str, str] = ""
    _state: dict[str, State] = field(default_factory=dict, init=False, repr=False)
    _transition: dict[str, Transition] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self._state.update({s.name: s for s in self.states})
        self._transition.update({t.name: t for t in self.transitions})
        if len(self._state) != len(self.states) or len(self._transition) != len(self.transitions):
            raise ValueError("two states or two transitions of one workflow share a name")
        starts = (
            set(self.start.values()) if isinstance(self.start, dict) else {self.start or self.states[0].name}
        )
        named = starts | {s for t in self.transitions for s in t.sources}
        named |= {t.target for t in self.transitions if t.target}
        if unknown := named - set(self._state):
            raise ValueError(f"states used but not declared: {sorted(unknown)}")
        if lost := set(self._state) - self._reachable(starts):
            raise ValueError(f"states no transition leads to: {sorted(lost)}")
        if loud := [s.name for s in self.states if self.is_draft(s.name) and s.audience != "parties"]:
            raise ValueError(f"drafts that more than the parties read: {loud}")
        if moving := [t.name for t in self.transitions if t.repeats and t.target]:
            raise ValueError(f"transitions that repeat, but lead away: {moving}")
        if asking := [t.name for t in self.transitions if t.at_once and (t.form or t.reason == "required")]:
            raise ValueError(f"transitions that are taken at once but ask something: {asking}")

    def _reachable(self, starts: set[str]) -> set[str]:
        seen: set[str] = set()
        ahead = set(starts)
        while ahead:
            seen |= ahead
            ahead = {t.target for t in self.transitions if t.target and seen & set(t.sources)} - seen
        return seen

    def first_state(self, kind: str | None) -> str:
        """The state a new thing of this kind starts in."""
        if isinstance(self.start, dict):
            return self.start[kind or next(iter(self.start))]
        return self.start or self.states[0].name

    def state(self, name: str) -> State:
        return self._state[name]

    def knows(self, name: str) -> bool:
        """Is there a state of this name?"""
        return name in self._state

    def transition(self, name: str) -> Transition | None:
        return self._transition.get(name)

    def leaving(self, state: str) -> Iterator[Transition]:
        """Transitions that may be taken from this state, in the order they were declared."""
        return (t for t in self.transitions if state in t.sources)

    def is_draft(self, state: str) -> bool:
        """Does its maker keep a thing here until it is good enough?"""
        return self._state[state].draft or self.goes_on_at_once(state)

    def goes_on_at_once(self, state: str) -> bool:
        """Does what was just made leave this state by itself, unless its maker keeps it?"""
        return any(t.at_once for t in self.leaving(state))

    def by_clock(self, state: str) -> Transition | None:
        """What the clock does when the time of this state is over."""
        return next((t for t in self.leaving(state) if t.clock), None)
