"""What groups of neighbours agree on: owners and tenants, buildings, and camps of opinion.

Worked out in the background and kept in words, so that a page reads one row. No figure under five people is kept,
and none that leads to one: groups are told in words only, whole numbers only of five or more, and the figures
are renewed only when five more people have answered, and once more when the discussion is over.
`docs/consensus.md` is the same for readers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import prod
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from shequtong.boards.hall.models import Answer, Consensus, Remark
from shequtong.boards.hall.opinions import FEW, groups
from shequtong.core.communities.models import Building, Membership
from shequtong.core.posts.events import PostMoved
from shequtong.core.posts.models import Comment, Post
from shequtong.lib import clock
from shequtong.lib.jobs import enqueue

PAUSE = timedelta(minutes=10)
LISTED = 10
"""So many statements at most that all agree on, and as many on which groups differ."""
TELLING = 3
"""Statements that say best what a camp thinks."""

Answers = Mapping[int, Mapping[int, int]]
"""What each person (by account) answered to each statement (by comment): 1, 0 or -1."""


@dataclass(frozen=True)
class Home:
    """Where somebody who answered lives, and as what."""

    kind: str
    building: str


@dataclass(frozen=True)
class Tally:
    """How a group answered one statement."""

    agree: int = 0
    disagree: int = 0
    passed: int = 0

    @property
    def all(self) -> int:
        return self.agree + self.disagree + self.passed

    @property
    def word(self) -> str:
        """agree or disagree when two thirds or more do, else mixed; nothing for fewer than five people."""
        if self.all < FEW:
            return ""
        if self.agree * 3 >= self.all * 2:
            return "agree"
        return "disagree" if self.disagree * 3 >= self.all * 2 else "mixed"

    def rate(self, side: str) -> float:
        """How likely somebody of the group is on this side, few answers counting as little known (Laplace)."""
        return ((self.agree if side == "agree" else self.disagree) + 1) / (self.all + 2)

    def shown(self) -> list[int | None]:
        """Who agrees, disagrees and passes; None for fewer than five people, nobody included."""
        return [n if n >= FEW else None for n in (self.agree, self.disagree, self.passed)]


class Sheets:
    """Every answer to every statement. A group of people is one long number with a bit for each of them."""

    def __init__(self, answers: Answers) -> None:
        self._place = {person: place for place, person in enumerate(answers)}
        self.statements = sorted({statement for given in answers.values() for statement in given})
        self._by_choice = {choice: dict.fromkeys(self.statements, 0) for choice in (1, -1, 0)}
        for place, given in enumerate(answers.values()):
            for statement, choice in given.items():
                self._by_choice[choice][statement] |= 1 << place

    def group(self, people: Iterable[int]) -> int:
        """These people, as one number."""
        return sum(1 << self._place[person] for person in people)

    def tally(self, statement: int, group: int) -> Tally:
        """How these people answered a statement."""
        return Tally(*((self._by_choice[choice][statement] & group).bit_count() for choice in (1, -1, 0)))


def at_least(people: Collection[int]) -> int:
    """A number of people that no other number can be taken from to find a few: rounded down to fives."""
    return len(people) // FEW * FEW


def work_out(answers: Answers, homes: Mapping[int, Home]) -> dict[str, Any]:
    """What the page tells, as JSON: names of groups, numbers of statements, words; people in fives."""
    answers = {person: answers[person] for person in sorted(answers) if person in homes}
    if len(answers) < FEW:
        return {}
    sheets, camps = Sheets(answers), groups(answers)
    everybody = sheets.group(answers)
    crowds = [sheets.group(camp) for camp in camps]
    circles = _circles(sheets, answers, homes, crowds)
    told = [_tell(sheets, statement, everybody, circles, crowds) for statement in sheets.statements]
    shared = [one for one in told if one["side"] in ("agree", "disagree")]
    split = [one for one in told if one["side"] == "split"]
    return {
        "people": at_least(answers),
        "shared": _best(shared),
        "split": _best(split),
        "camps": [
            _portray(sheets, at_least(camp), crowd, everybody & ~crowd)
            for camp, crowd in zip(camps, crowds, strict=True)
        ],
    }


def _circles(
    sheets: Sheets, answers: Answers, homes: Mapping[int, Home], camps: list[int]
) -> dict[str, dict[str, int]]:
    """Everybody who answered, in groups of three sorts: by tenure, by building, by opinion."""
    circles: dict[str, dict[str, int]] = {"tenure": defaultdict(int), "building": defaultdict(int)}
    for person in answers:
        one = sheets.group([person])
        circles["tenure"][homes[person].kind] |= one
        circles["building"][homes[person].building] |= one
    circles["camp"] = {str(number): camp for number, camp in enumerate(camps, 1)}
    return circles


def _tell(
    sheets: Sheets,
    statement: int,
    everybody: int,
    circles: Mapping[str, Mapping[str, int]],
    camps: list[int],
) -> dict[str, Any]:
    """One statement: which side all groups are on, or that they differ, and the word of each group."""
    whole = sheets.tally(statement, everybody)
    words = {
        sort: {name: word for name, people in named.items() if (word := sheets.tally(statement, people).word)}
        for sort, named in circles.items()
    }
    said = {word for named in words.values() for word in named.values()} | {whole.word}
    side = ""
    if len(said) == 1 and whole.word != "mixed":
        side = whole.word
    elif any({"agree", "disagree"} <= set(named.values()) for named in words.values()):
        side = "split"
    tallies = [sheets.tally(statement, camp) for camp in camps] or [whole]
    score = (
        prod(t.rate(side) for t in tallies)
        if side != "split"
        else max(t.rate("agree") for t in tallies) - min(t.rate("agree") for t in tallies)
    )
    listed = [
        [sort, name, word]
        for sort, named in words.items()
        for name, word in sorted(named.items(), key=_in_order)
    ]
    return {"id": statement, "side": side, "counts": whole.shown(), "groups": listed, "score": score}


def _in_order(named: tuple[str, str]) -> tuple[int, str]:
    """Building 2 comes before building 10."""
    return len(named[0]), named[0]


def _best(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The clearest ones. The score stays behind: it would give the figures away."""
    told = sorted(told, key=lambda one: (-one["score"], one["id"]))[:LISTED]
    return [{name: value for name, value in one.items() if name != "score"} for one in told]


def _portray(sheets: Sheets, people: int, camp: int, others: int) -> dict[str, Any]:
    """A camp: in fives, how many `people`, and the statements on which it differs most from all others."""
    telling: list[tuple[float, int, str]] = []
    for statement in sheets.statements:
        mine, theirs = sheets.tally(statement, camp), sheets.tally(statement, others)
        side = mine.word
        if side in ("agree", "disagree") and theirs.all >= FEW and theirs.word != side:
            telling.append((theirs.rate(side) - mine.rate(side), statement, side))
    best = sorted(telling)[:TELLING]
    return {"people": people, "telling": [[statement, side] for _gap, statement, side in best]}


# In the background ----------------------------------------------------------------------------------


def renew_all(session: Session) -> None:
    """Work out anew where five more people have answered since the last time."""
    waiting = session.scalars(select(Consensus).where(Consensus.answers > Consensus.counted)).all()
    for kept in waiting:
        if kept.at is not None and clock.now() - kept.at < PAUSE:
            continue
        since = [Answer.at > kept.at] if kept.at is not None else []
        moved = (
            select(func.count(Answer.account_id.distinct()))
            .join(Comment, Comment.id == Answer.comment_id)
            .where(Answer.post_id == kept.post_id, Comment.kind == "statement", *since)
        )
        if (session.scalar(moved) or 0) >= FEW:
            renew(session, kept)


def on_post_moved(session: Session, event: PostMoved) -> None:
    """When a discussion ends, leave the work to count its last answers too."""
    if event.post.board == "hall" and event.transition.source == "discussing" != event.post.state:
        enqueue(session, "count_last_answers", {"post_id": event.post.id})


def count_last_answers(session: Session, payload: dict[str, Any]) -> None:
    """Work it out from every answer of a discussion that is over, also when few have answered since the last time."""
    kept = session.get(Consensus, payload["post_id"])
    if kept is not None and kept.answers > kept.counted:
        renew(session, kept)


def renew(session: Session, kept: Consensus) -> None:
    """Work it out from the answers to what stands, of those who live here. What comes meanwhile counts next time."""
    counted, at = kept.answers, clock.now()
    kept.found = work_out(_answers(session, kept.post_id), _homes(session, kept.post_id))
    kept.counted, kept.at = counted, at


def _answers(session: Session, post_id: int) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for account, statement, choice in session.execute(
        select(Answer.account_id, Answer.comment_id, Answer.choice)
        .join(Comment, Comment.id == Answer.comment_id)
        .join(Remark, Remark.comment_id == Answer.comment_id)
        .where(
            Answer.post_id == post_id,
            Comment.kind == "statement",
            Comment.moderation == "clear",
            Comment.deleted_at.is_(None),
            Remark.reply_id.is_(None),
        )
    ):
        found[account][statement] = choice
    return found


def _homes(session: Session, post_id: int) -> dict[int, Home]:
    """The home of each resident; of several, the one that was registered first."""
    homes: dict[int, Home] = {}
    for account, kind, building in session.execute(
        select(Membership.account_id, Membership.kind, Building.name)
        .join(Post, Post.code == Membership.code)
        .join(Building, Building.id == Membership.building_id)
        .where(Post.id == post_id, Membership.state == "approved")
        .order_by(Membership.dwelling_id)
    ):
        homes.setdefault(account, Home(kind, building))
    return homes
