"""What the people of a populated database wrote in a year, and what others said to it: many posts at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from sqlmodel import Session

from shequtong.core.follows.models import Follow
from shequtong.core.moderation.models import Hold, Report
from shequtong.core.posts import tallying
from shequtong.core.posts.models import Comment, Post, PostTransition, Reaction, ReadMark
from shequtong.core.posts.rooms import ROOMS
from shequtong.core.posts.writing import EXCERPT
from shequtong.core.search import indexing
from shequtong.lib import bulk
from shequtong.populate import words
from shequtong.populate.stories import Story, from_above, stories
from shequtong.populate.town import Community, Town, shares

AT_ONCE = 5_000
"""Posts of one transaction, with everything that hangs on them."""
YEAR = timedelta(days=365)
WEEK = timedelta(days=7)

BOARDS = {
    "talk": 24, "matters": 20, "goods": 14, "notices": 8, "aid": 8, "services": 7, "hall": 5, "guides": 5,
    "party": 4, "district": 2, "property": 2, "affairs": 2,
}  # fmt: skip
"""Of a hundred posts, how many are of which board."""
DRAFTS, PRIVATE, HELD, REPORTED, FROM_ABOVE = 0.02, 0.06, 0.004, 0.003, 0.5
"""Shares: of posts that are drafts, private where that can be, held or reported if young, proclaimed from above."""


class Life:
    """Tells the stories of a town, oldest first. Ids and counters are its own until they are written."""

    def __init__(self, session: Session, town: Town, rng: Random, until: datetime, posts: int, comments: int):
        self.town, self.rng, self.until = town, rng, until
        self.posts, self.per_post = posts, comments / max(posts, 1)
        connection = session.connection()
        self.next = {table: bulk.next_id(connection, table) for table in (Post, PostTransition, Comment)}
        self.told = 0
        self.weights = list(accumulate(shares(1_000_000, len(town.communities))))
        self.stories = {
            community.division.code: {
                slug: stories(board, community)
                for slug, board in ROOMS.items()
                if any(stories(board, community))
            }
            for community in town.communities
        }
        self.above = {
            (code, slug): told
            for code, division in town.divisions.items()
            for slug, board in ROOMS.items()
            if (told := from_above(board, division, division.level))
        }

    def tell(self, session: Session) -> int:
        """Write the next posts in one transaction; how many."""
        self.rows: dict[Any, list[dict[str, Any]]] = {}
        self.words: list[tuple[Any, list[str]]] = []
        self.said: list[tuple[int, str, str]] = []
        self.tallies: dict[tuple[str, str], list[Any]] = {}
        many = min(AT_ONCE, self.posts - self.told)
        for _ in range(many):
            self._tell_one()
        connection = session.connection()
        for table in sorted(self.rows, key=_parents_first):
            bulk.insert(connection, table, self.rows[table])
        bulk.number_on(connection, *self.next)
        indexing.index_posts(connection, self.words)
        indexing.index_comments(connection, self.said)
        for (code, board), (posts, open_posts, activity_at) in self.tallies.items():
            tallying.add(session, code, board, posts, open_posts, activity_at)
        return many

    # One post ------------------------------------------------------------------------------------------

    def _tell_one(self) -> None:
        rng = self.rng
        community = rng.choices(self.town.communities, cum_weights=self.weights)[0]
        age = YEAR * (1 - (self.told + rng.random()) / self.posts)
        self.told += 1
        created = self.until - age
        code, story, author = self._story(community, age)
        private = story.can_be_private and rng.random() < PRIVATE
        audience = story.audience(private)
        building = rng.choice(community.buildings) if rng.random() < 0.3 and code in self.stories else None
        young = age < timedelta(days=30)
        held = (
            young and not story.is_draft and not private and story.role == "resident" and rng.random() < HELD
        )
        body = words.body(rng, story.board.slug)
        number = self._number(Post)
        moved = self._moves(number, story, author, community, created)
        said = [] if story.is_draft or held else self._comments(number, code, community, moved, audience)
        active = max([moved, *(comment["created_at"] for comment in said)])
        thanked = 0 if story.is_draft else self._reactions(number, community, author, created)
        # What is scheduled has its moment, though the state itself has no end.
        lasts = story.board.workflow.state(story.state).lasts or (
            WEEK if story.state == "scheduled" else None
        )
        post = {
            "id": number,
            "code": code,
            "board": story.board.slug,
            "kind": story.kind,
            "state": story.state,
            "author_id": author,
            "author_role": story.author_role,
            "title": words.title(rng, story.board.slug),
            "body": body,
            "rendered": words.rendered(body),
            "excerpt": words.excerpt(body, EXCERPT),
            "building_id": building,
            "audience": audience,
            "moderation": "held" if held else "clear",
            "due_at": max(active + lasts, self.until + lasts * rng.random()) if lasts else None,
            "comment_count": len(said),
            "reaction_count": thanked,
            "version": 1 + len(story.way) + len(said) + thanked,
            "created_at": created,
            "activity_at": active,
        }
        self._add(Post, post)
        if story.board.detail:
            facts = story.detail(rng, created, community.buildings)
            self._add(story.board.detail, {"post_id": number, **facts})
        self._add(Follow, {"account_id": author, "kind": "post", "target": str(number), "at": created})
        self._readers(number, community, author, active)
        self._moderation(number, code, community, author, created, held, young)
        self._count(story, post)

    def _story(self, community: Community, age: timedelta) -> tuple[str, Story, int]:
        """(code it is posted at, the story, its author): most old ones are closed, most young ones open."""
        rng = self.rng
        boards = self.stories[community.division.code]
        slug = rng.choices(list(boards), [BOARDS.get(slug, 3) for slug in boards])[0]
        higher = community.division.code[: rng.choice((6, 9))]
        if (higher, slug) in self.above and rng.random() < FROM_ABOVE:
            return higher, rng.choice(self.above[higher, slug]), self.town.officers[higher]
        open_ones, closed = boards[slug]
        among = closed if rng.random() < (0.85 if age.days > 30 else 0.35) else open_ones
        among = [s for s in among or closed or open_ones if not s.is_draft or rng.random() < DRAFTS]
        story = rng.choice(among or [s for s in closed + open_ones if not s.is_draft])
        return community.division.code, story, community.somebody(rng, story.role)

    def _moves(
        self, post: int, story: Story, author: int, community: Community, created: datetime
    ) -> datetime:
        """The record of its way; the moment of the last step."""
        first = story.board.workflow.first_state(story.kind)
        now, source = created, first
        if not (story.way and story.way[0].at_once):
            self._add(PostTransition, self._move(post, "publish", None, first, author, created))
        for step in story.way:
            now = created if step.at_once else min(now + timedelta(hours=self.rng.uniform(1, 60)), self.until)
            by = (
                None
                if step.clock
                else author
                if step.at_once
                else self.rng.choice((author, self._clerk(community)))
            )
            self._add(PostTransition, self._move(post, step.name, source, step.target or source, by, now))
            source = step.target or source
        return now

    def _move(
        self, post: int, name: str, source: str | None, target: str, by: int | None, at: datetime
    ) -> dict[str, Any]:
        return {
            "id": self._number(PostTransition), "post_id": post, "name": name, "source": source, "target": target,
            "by_id": by, "facts": {}, "at": at,
        }  # fmt: skip

    # What others did -------------------------------------------------------------------------------------

    def _comments(
        self, post: int, code: str, community: Community, since: datetime, audience: str
    ) -> list[dict[str, Any]]:
        """Most posts have a few, some have many; of a private one only the committee speaks."""
        rng = self.rng
        private = audience == "parties"
        many = (
            min(int(rng.expovariate(1 / (self.per_post + 0.001)) + 0.5), 200)
            if not private
            else rng.randint(0, 2)
        )
        said: list[dict[str, Any]] = []
        at = since
        for _ in range(many):
            at = min(at + timedelta(minutes=rng.expovariate(1 / 300)), self.until)
            staff = private or rng.random() < 0.12
            body = words.comment(rng)
            number = self._number(Comment)
            before = rng.choice(said) if said and rng.random() < 0.2 else None
            said.append({
                "id": number,
                "post_id": post,
                "parent_id": (before["parent_id"] or before["id"]) if before else None,
                "author_id": self._clerk(community) if staff else rng.choice(community.residents),
                "author_role": "clerk" if staff else "",
                "body": body,
                "rendered": words.rendered(body),
                "created_at": at,
            })  # fmt: skip
            self.said.append((number, code, body))
        self.rows.setdefault(Comment, []).extend(said)
        return said

    def _reactions(self, post: int, community: Community, author: int, created: datetime) -> int:
        people = set(self._some(community, int(self.rng.expovariate(0.5)))) - {author}
        for person in sorted(people):
            kind = self.rng.choice(("like", "like", "thanks", "support"))
            self._add(Reaction, {"post_id": post, "account_id": person, "kind": kind, "at": created})
        return len(people)

    def _readers(self, post: int, community: Community, author: int, active: datetime) -> None:
        for person in sorted({author, *self._some(community, 3)}):
            at = active - timedelta(hours=self.rng.uniform(-6, 6))
            self._add(ReadMark, {"account_id": person, "post_id": post, "at": min(at, self.until)})

    def _moderation(
        self, post: int, code: str, community: Community, author: int, at: datetime, held: bool, young: bool
    ) -> None:
        if held:
            self._add(Hold, {"post_id": post, "comment_id": None, "why": "first_post", "at": at})
        elif young and code in self.stories and self.rng.random() < REPORTED:
            by = next((person for person in self._some(community, 2) if person != author), None)
            if by:
                self._add(Report, {
                    "code": code, "post_id": post, "comment_id": None, "by_id": by, "reason": "abuse", "at": at,
                })  # fmt: skip

    # Bookkeeping -----------------------------------------------------------------------------------------

    def _count(self, story: Story, post: dict[str, Any]) -> None:
        if not story.is_draft:
            self.words.append((_Row(post), []))
        if post["audience"] != "parties":
            tally = self.tallies.setdefault((post["code"], post["board"]), [0, 0, post["activity_at"]])
            tally[0] += 1
            tally[1] += story.is_open
            tally[2] = max(tally[2], post["activity_at"])

    def _some(self, community: Community, many: int) -> list[int]:
        return [self.rng.choice(community.residents) for _ in range(many)]

    def _clerk(self, community: Community) -> int:
        return self.rng.choice(community.officers["clerk"])

    def _number(self, table: Any) -> int:
        number = self.next[table]
        self.next[table] = number + 1
        return number

    def _add(self, table: Any, row: dict[str, Any]) -> None:
        self.rows.setdefault(table, []).append(row)


class _Row:
    """A post that is not in the database yet, for the index of words."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


def _parents_first(table: Any) -> int:
    return 0 if table is Post else 1


def befriend(session: Session, town: Town, rng: Random, at: datetime) -> None:
    """Whom people follow before anybody wrote: a few neighbours, and a board each."""
    bulk.insert(session.connection(), Follow, _follows(town, rng, at))


def _follows(town: Town, rng: Random, at: datetime) -> Iterator[dict[str, Any]]:
    for community in town.communities:
        slugs = [slug for slug in BOARDS if slug in ROOMS]
        for person in community.residents:
            others = {rng.choice(community.residents) for _ in range(6)} - {person}
            for other in sorted(others):
                yield {"account_id": person, "kind": "person", "target": str(other), "at": at}
            board = f"{community.division.code}/{rng.choice(slugs)}"
            yield {"account_id": person, "kind": "board", "target": board, "at": at}
