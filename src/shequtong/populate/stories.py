"""How posts of each board can have gone: who writes which kind, which way led to which state, what the forms said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any

from shequtong.core.communities.models import OFFICES
from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import Actor, Role
from shequtong.core.posts.board import Board, office_of
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case, allows
from shequtong.core.posts.rooms import is_open
from shequtong.lib import bulk, clock
from shequtong.lib.forms import Form, widget_of
from shequtong.lib.workflow import Transition
from shequtong.populate import words
from shequtong.populate.town import Community

_EVERYBODY = Standing(frozenset({"resident", "owner", "tenant", "representative", *OFFICES}))


@dataclass(frozen=True)
class Story:
    """A kind of post that somebody of a role may write, and the transitions it has been through."""

    board: Board
    kind: str
    role: str
    author_role: str
    way: tuple[Transition, ...]

    @property
    def state(self) -> str:
        last = self.way[-1].target if self.way else None
        return last or self.board.workflow.first_state(self.kind)

    @property
    def is_draft(self) -> bool:
        return self.board.workflow.is_draft(self.state)

    @property
    def is_open(self) -> bool:
        return self.board.workflow.state(self.state).is_open

    def audience(self, private: bool) -> str:
        """Who may read it now: each state on the way may have changed that."""
        workflow = self.board.workflow
        reach = workflow.state(workflow.first_state(self.kind)).audience or self.board.audience
        reach = "parties" if private else reach
        for transition in self.way:
            reach = workflow.state(transition.target or "").audience or reach
        return reach

    @property
    def can_be_private(self) -> bool:
        return "private" in self.board.form_of(self.kind).model_fields

    def detail(self, rng: Random, moment: datetime, buildings: list[int]) -> dict[str, Any]:
        """What the forms on the way put into the room's own table. What has no choices here keeps its usual value."""
        assert self.board.detail is not None
        values = {k: v for k, v in bulk.defaults_of(self.board.detail).items() if k != "post_id"}
        forms = [self.board.form_of(self.kind), *(t.form for t in self.way if t.form)]
        for form in forms:
            for name in self.board.detail_fields & set(form.model_fields):
                if (said := _said(rng, form, name, self, moment, buildings)) is not None:
                    values[name] = said
        return values


def stories(board: Board, community: Community) -> tuple[list[Story], list[Story]]:
    """(open ones, closed ones) that can be told on this board of this community; each state of each kind once."""
    found: list[Story] = []
    if is_open(board, community.division):
        for kind, role, case in _writers(board, community):
            ways = _ways(board, kind)
            found += [Story(board, kind, role, office_of(case), way) for way in ways]
    return [s for s in found if s.is_open], [s for s in found if not s.is_open]


def from_above(board: Board, division: Any, role: str) -> list[Story]:
    """What an officer of a street or district can write there for all below to read."""
    if not board.from_above or not is_open(board, division):
        return []
    actor = Actor(1, "", (Role(role, division.code),))
    case = Case(actor, Standing.of(actor, division.code), board, division)
    if not allows(case, "create"):
        return []
    kinds = [kind for kind, _label in board.kinds if board.may_post_kind(case, kind)] or [""]
    told = [Story(board, kind, role, office_of(case), way) for kind in kinds for way in _ways(board, kind)]
    return [story for story in told if story.audience(private=False) == "public"]


def _writers(board: Board, community: Community) -> Iterator[tuple[str, str, Case]]:
    """Each kind with the first role that may write it, and the case of somebody who does."""
    for kind in [kind for kind, _label in board.kinds] or [""]:
        for role in community.roles():
            actor, here = community.actor(role)
            case = Case(actor, here, board, community.division)
            if allows(case, "create") and (not kind or board.may_post_kind(case, kind)):
                yield kind, role, case
                break


@lru_cache(maxsize=256)
def _ways(board: Board, kind: str) -> tuple[tuple[Transition, ...], ...]:
    """The shortest way to each state that this kind can come to."""
    start = board.workflow.first_state(kind)
    found: dict[str, tuple[Transition, ...]] = {start: ()}
    ahead = [start]
    while ahead:
        state = ahead.pop(0)
        for transition in board.workflow.leaving(state):
            if (
                transition.target
                and transition.target not in found
                and _is_for(board, kind, state, transition)
            ):
                found[transition.target] = (*found[state], transition)
                ahead.append(transition.target)
    return tuple(found.values())


def _is_for(board: Board, kind: str, state: str, transition: Transition) -> bool:
    """May this kind go this way at all? Other conditions, of time or of facts, count as met."""
    if not any("kind " in rule.words for rule in (transition.by, transition.when)):
        return True
    now = clock.now()
    for author_id in (1, 2):
        post = Post(
            kind=kind,
            state=state,
            author_id=author_id,
            board=board.slug,
            code="",
            title="",
            created_at=now,
            activity_at=now,
        )
        case = Case(Actor(1), _EVERYBODY, board, None, post)
        try:
            if transition.by(case) and transition.when(case):
                return True
        except (AttributeError, TypeError):  # it asks for facts, which such a post does not have
            return True
    return False


def _said(
    rng: Random, form: type[Form], name: str, story: Story, moment: datetime, buildings: list[int]
) -> Any:
    """What somebody may have answered to a field."""
    info = form.model_fields[name]
    widget = widget_of(info)
    match widget.kind:
        case "select" | "radio":
            key = _chosen(rng, widget.options, name, story, buildings)
            wanted = info.annotation
            return int(key) if wanted in (int, int | None) and str(key).isdigit() else key
        case "checkboxes":
            options = [key for key, _label in widget.options] if isinstance(widget.options, tuple) else []
            return rng.sample(options, min(2, len(options)))
        case "checkbox":
            return False
        case "integer":
            return rng.randint(1, 30)
        case "money":
            return Decimal(rng.randint(5, 500))
        case "date":
            return clock.local(moment).date() + timedelta(days=rng.randint(8, 60))
        case "datetime":
            return moment + timedelta(days=rng.randint(2, 30))
    if info.annotation in (Decimal, Decimal | None):
        return Decimal(rng.randint(100, 9000)) / 100
    limit = next((m.max_length for m in info.metadata if hasattr(m, "max_length")), 200)
    return words.sentence(rng, story.board.slug)[:limit]


def _chosen(rng: Random, options: Any, name: str, story: Story, buildings: list[int]) -> Any:
    if name == "kind":
        return story.kind
    if options == "buildings":
        return rng.choice(buildings)
    return rng.choice([key for key, _label in options]) if isinstance(options, tuple) and options else None
