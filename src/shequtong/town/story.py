"""What the story is made of: posts with all that came of them, requests to join, follows, and the town they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from shequtong.town.homes import Community, Person
from shequtong.town.script import Comment


@dataclass(frozen=True)
class Step:
    """A transition of the post's board, taken by somebody or by the clock; `fields` are its form's.

    `pictures` are hung where the transition takes some.
    """

    do: str
    by: str
    after: timedelta
    reason: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """A reader's report of a post, or of the comment of `comment_by`."""

    by: str
    after: timedelta
    reason: str
    note: str = ""
    comment_by: str = ""


@dataclass(frozen=True)
class Decision:
    """What the desk decided about a post (approve, hide, remove, warn, suspend), an appeal, or its outcome.

    With `comment_by` it is about that person's comment.
    """

    do: str
    by: str
    after: timedelta
    reason: str = ""
    note: str = ""
    comment_by: str = ""


@dataclass(frozen=True)
class SignUp:
    """Somebody signs up for a gathering, with so many guests."""

    by: str
    after: timedelta
    guests: int = 0


@dataclass(frozen=True)
class Gathering:
    """Day and place of a post, set by its author; `fields` are those of the plan's form."""

    by: str
    after: timedelta
    fields: dict[str, Any]
    sign_ups: tuple[SignUp, ...] = ()


@dataclass(frozen=True)
class Paper:
    """So many doors of a building confirmed a notice on paper, as `by` noted."""

    by: str
    building: str
    doors: int
    after: timedelta


@dataclass(frozen=True)
class Entry:
    """A line in the books of a project: money with `amount` in yuan, negative when it came back; else a milestone.

    A milestone is due on the day `due`, counted from day 0, and may be `reached` so long after the post was written.
    """

    by: str
    after: timedelta
    what: str
    amount: str = ""
    due: float = 0
    reached: timedelta | None = None


@dataclass(frozen=True)
class Poll:
    """Questions on a post, asked by its author; `fields` open it, so many neighbours answer within `over`."""

    by: str
    after: timedelta
    questions: tuple[dict[str, Any], ...]
    fields: dict[str, Any]
    answering: int
    over: timedelta


@dataclass(frozen=True)
class Post:
    """Something written on a board, and all that came of it. `at` counts from the start of day 0.

    `ballots` are how many homes chose each option, cast within `voting_takes` of the opening; `counted` is when and
    by whom the vote was counted, where that is told. So many residents are `answering` the `statements` of a
    discussion; its `arguments` begin with the option's number and `+` for it or `-` against it. An amendment is
    `paragraph | how it should read | why`; the committee's answer to it begins with `+` or `-`. What hangs below
    one of the `objections` is the committee's answer to it. So many homes give their `signatures` to the covenant
    within `signing_takes`, and so many each of the `ratings` within `rating_takes`. `books` is what is entered in a
    project.
    """

    key: str
    code: str
    board: str
    kind: str
    author: str
    at: timedelta
    title: str
    body: str
    fields: dict[str, Any]
    private: bool
    pinned: bool
    held: str
    pictures: tuple[str, ...]
    comments: tuple[Comment, ...]
    steps: tuple[Step, ...]
    reactions: dict[str, tuple[str, ...]]
    followers: tuple[str, ...]
    grew_from: tuple[str, ...]
    reports: tuple[Report, ...]
    moderation: tuple[Decision, ...]
    ballots: dict[str, int] = field(default_factory=dict)
    voting_takes: timedelta = timedelta()
    counted: tuple[timedelta, str] | None = None
    statements: tuple[Comment, ...] = ()
    answering: int = 0
    objections: tuple[Comment, ...] = ()
    signatures: int = 0
    signing_takes: timedelta = timedelta()
    gathering: Gathering | None = None
    papers: tuple[Paper, ...] = ()
    ratings: dict[str, int] = field(default_factory=dict)
    rating_takes: timedelta = timedelta()
    books: tuple[Entry, ...] = ()
    poll: Poll | None = None
    arguments: tuple[Comment, ...] = ()
    amendments: tuple[Comment, ...] = ()

    @property
    def said(self) -> int:
        """How many comments, remarks in the hall and answers there are."""
        return sum(1 + len(comment.answers) for comment in self.spoken)

    @property
    def spoken(self) -> tuple[Comment, ...]:
        """Everything that is said about it, each with its answers."""
        return (*self.comments, *self.statements, *self.arguments, *self.amendments, *self.objections)


@dataclass(frozen=True)
class Request:
    """Somebody asked to join; `outcome` is approved, refused, waiting or conflict."""

    login: str
    at: timedelta
    note: str
    outcome: str
    by: str = ""
    after: timedelta = timedelta()
    reason: str = ""


@dataclass(frozen=True)
class Follow:
    """What one person follows, and whom they do not want to read."""

    people: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    mutes: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Visit:
    """Somebody of the committee was at a door, and wants to come back on `again`, if ever."""

    by: str
    building: str
    room: str
    at: timedelta
    note: str
    again: timedelta | None


@dataclass(frozen=True)
class ServiceDesk:
    """A desk at which residents ask: what it is called (`told`, by the fields of its form), when it is open, and who
    answers there, first or as back-up."""

    told: dict[str, str]
    hours: str
    first: str
    backup: str


@dataclass(frozen=True)
class Duties:
    """When the committee `code` is on duty, its reply templates by title, its visits at doors, and its desks."""

    code: str
    roster: str
    templates: dict[str, str]
    visits: tuple[Visit, ...]
    desks: tuple[ServiceDesk, ...] = ()


@dataclass(frozen=True)
class Town:
    """The whole demo: communities, people by login, posts in the order they were written."""

    communities: dict[str, Community]
    people: dict[str, Person]
    posts: tuple[Post, ...]
    requests: tuple[Request, ...]
    follows: dict[str, Follow]
    pictures: dict[str, str]
    duties: Duties

    @cached_property
    def arrivals(self) -> dict[str, timedelta]:
        """When those who joined during the story were let in."""
        return {r.login: r.at + r.after for r in self.requests if r.outcome == "approved"}

    def belongs(self, login: str, code: str) -> bool:
        """Does this person live or serve in the division, above it or within it?"""
        person = self.people[login]
        return person.standing and (code.startswith(person.code) or person.code.startswith(code))
