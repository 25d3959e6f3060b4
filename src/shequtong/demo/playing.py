"""The play: every act of the story at its moment, one transaction for each hour, and the clock's work in between."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import count
from typing import Any
from zlib import crc32

from sqlalchemy import func, select
from sqlmodel import Session

from shequtong.core.communities import joining
from shequtong.core.communities.models import Division, Membership
from shequtong.core.duties import home_visits
from shequtong.core.follows import following, muting
from shequtong.core.posts.models import Post as Row
from shequtong.demo import (
    cascading,
    discussing,
    founding,
    handbook,
    polling,
    registering,
    rehearsing,
    signing,
    voting,
)
from shequtong.demo.acting import Company, told
from shequtong.demo.people import People
from shequtong.demo.telling import Tell
from shequtong.lib import clock, i18n
from shequtong.lib.db import Database
from shequtong.lib.jobs import Every, Job, Task, Worker
from shequtong.town import Post, Request, StoryError, Town, Visit
from shequtong.town.reading import HOME

BEFORE = timedelta(days=90)
"""The community was founded so long before the first post."""
END = timedelta(days=1)
"""The story ends with its last day; days and hours count from the beginning of that day."""
HANDBOOK = timedelta(days=24)
"""So long ago the committee sent its handbook as a table: before most of the story, and not yet due for review."""
LATER = timedelta(hours=5)
"""When somebody comes back who found a post held."""
HOUR = timedelta(hours=1)
GRACE = timedelta(minutes=10)
"""The clock goes round once a minute; so much later it must have done what the story expects of it."""

Act = Callable[[], None]


@dataclass(order=True)
class Scene:
    """One act at its moment. `patient` acts wait until their post can be read."""

    at: datetime
    number: int
    act: Act = field(compare=False)
    patient: bool = field(compare=False, default=False)


class Play:
    """A town on its way into a database."""

    def __init__(
        self,
        database: Database,
        town: Town,
        tasks: Mapping[str, Task],
        rounds: Iterable[Every],
        last_day: date,
    ) -> None:
        self.database = database
        self.town = town
        self.walks = rehearsing.rehearse(town)
        self.people = People()
        self.company = Company(town, self.walks, self.people, last_day)
        self.midnight = datetime.combine(last_day, time(), clock.LOCAL)
        self.tasks, self.rounds = tasks, tuple(rounds)
        self.scenes: list[Scene] = []
        self._numbers = count()
        self._claims: dict[str, int] = {}

    def play(self, tell: Tell) -> None:
        """Everything from the founding to the end of the last day."""
        i18n.set_locale("zh-Hans")
        founded = self.moment(min(post.at for post in self.town.posts)) - BEFORE
        with clock.at(founded):
            tell("the tree of the district, the houses and the offices", 0)
            with self.database.writing() as session:
                self.homes = founding.found(session, self.town, self.people)
            self.chores = Chores(self.database, self.tasks, self.rounds)
        for at, person in founding.arrivals(self.town, founded):
            self.add(at, partial(self._move_in, person))
        self._schedule()
        whole = len(self.scenes)
        heapq.heapify(self.scenes)
        while self.scenes:
            at = self._hour()
            tell(f"{clock.local(at):%Y-%m-%d}", 1 - len(self.scenes) / whole)
        self.chores.until(self.moment(END))
        self._compare()

    def moment(self, at: timedelta) -> datetime:
        return self.midnight + at

    def add(self, at: datetime, act: Act, patient: bool = False) -> None:
        heapq.heappush(self.scenes, Scene(at, next(self._numbers), act, patient))

    # The programme ----------------------------------------------------------------------------------

    def _schedule(self) -> None:
        for place in self.town.communities.values():
            if place.holds_first_posts_from is not None:
                at = self.moment(place.holds_first_posts_from)
                self.add(at, partial(self._hold_first_posts, place.code))
        for request in self.town.requests:
            self.add(self.moment(request.at), partial(self._apply, request))
            if request.by:
                self.add(self.moment(request.at + request.after), partial(self._decide, request))
        for visit in self.town.duties.visits:
            self.add(self.moment(visit.at), partial(self._visit, visit))
        for at, act in self._follows():
            self.add(at, act)
        for day, what, entry in registering.story():
            self.add(self.moment(day), partial(self._keep_registry, what, entry))
        self.add(self.moment(-HANDBOOK), self._bring_handbook)
        for post in self.town.posts:
            for after, what, act in self._acts(post):
                self.add(self.moment(post.at + after), _told(post, what, act))
            for after, act in self._echoes(post):
                self.add(self.moment(after), _told(post, "an echo", act), patient=True)

    def _acts(self, post: Post) -> Iterator[tuple[timedelta, str, Act]]:
        company = self.company
        begun = rehearsing.opening(self.walks[post.key].board, post) is not None
        yield timedelta(), "writing", partial(company.write, post)
        for key in post.grew_from:
            yield timedelta(), f"growing from {key}", partial(self._link, post, key)
        if post.pinned:
            yield self.walks[post.key].shown_after or timedelta(), "pinning", partial(company.pin, post)
        for step in post.steps[begun:]:
            after = step.after + (GRACE if step.by == "clock" else timedelta())
            yield after, f"{step.do} by {step.by}", partial(company.step, post, step)
        for ballot in voting.cast(self.town, post):
            yield ballot.after, f"ballot by {ballot.by}", partial(self._vote, post, ballot)
        for statement in post.statements:
            yield statement.after, f"{statement.by} states", partial(company.state_idea, post, statement)
        for sitting in discussing.sittings(self.town, post):
            yield sitting.after, f"{sitting.by} answers statements", partial(company.sit, post, sitting)
        for argument in post.arguments:
            yield argument.after, f"{argument.by} argues", partial(company.argue, post, argument)
        for after, login, argument in discussing.convinced(self.town, post):
            yield after, f"{login} is convinced", partial(company.be_convinced, post, login, argument)
        for amendment in post.amendments:
            yield amendment.after, f"{amendment.by} amends", partial(company.amend, post, amendment)
            for reply in amendment.answers:
                act = partial(company.answer_amendment, post, amendment, reply)
                yield reply.after, f"{reply.by} answers a change", act
        for objection in post.objections:
            yield objection.after, f"{objection.by} objects", partial(company.object_to, post, objection)
            for reply in objection.answers:
                act = partial(company.reply, post, objection, reply)
                yield reply.after, f"{reply.by} answers an objection", act
        for after, login in signing.signers(self.town, post):
            yield after, f"{login} signs", partial(company.sign, post, login)
        for paper in post.papers:
            yield paper.after, f"paper noted by {paper.by}", partial(company.note_paper, post, paper)
        for after, login, stars in signing.judges(self.town, post):
            yield after, f"{login} judges", partial(company.judge, post, login, stars)
        for entry in post.books:
            yield entry.after, f"entry of {entry.by}", partial(company.keep_books, post, entry)
            if entry.reached is not None:
                yield entry.reached, f"{entry.what} is reached", partial(company.reach, post, entry)
        if post.counted:
            after, login = post.counted
            yield after, f"count by {login}", partial(company.count, post, login)
        if post.gathering:
            yield post.gathering.after, "planning it", partial(company.plan, post, post.gathering)
            for one in post.gathering.sign_ups:
                yield one.after, f"{one.by} signs up", partial(company.sign_up, post, one)
        if post.poll:
            yield post.poll.after, "asking", partial(company.ask, post, post.poll)
            for sheet in polling.sheets(self.town, post):
                yield sheet.after, f"{sheet.by} answers the poll", partial(company.answer_poll, post, sheet)
        for after, login in cascading.acts(self.people, post):
            yield after, f"{login} passes it on", partial(company.pass_on, post, login)
        for said in post.comments:
            yield said.after, f"{said.by} says", partial(company.say, post, said, None)
            for answer in said.answers:
                yield answer.after, f"{answer.by} answers", partial(company.say, post, answer, said)
        for report in post.reports:
            yield report.after, f"report of {report.by}", partial(company.report, post, report)
        for made in post.moderation:
            yield made.after, f"{made.do} by {made.by}", partial(company.decide, post, made)

    def _echoes(self, post: Post) -> Iterator[tuple[timedelta, Act]]:
        """Reactions and followers come while a post is new. The story does not say when; it is always the same."""
        since = self.walks[post.key].shown_after
        for kind, logins in post.reactions.items():
            for login in logins:
                yield self._when(post, since, kind, login), partial(self.company.react, post, login, kind)
        for login in post.followers:
            yield self._when(post, since, "follow", login), partial(self.company.follow, post, login)

    def _bring_handbook(self) -> None:
        """The secretary sends the table that comes with the house, a clerk checks it."""
        handbook.bring(self.company.session, self.people, HOME)

    def _when(self, post: Post, since: timedelta | None, what: str, login: str) -> timedelta:
        if since is None:
            raise StoryError(f"{rehearsing.where(post)}: nobody can read it, so {login} cannot {what}")
        begin = max(post.at + since, self.town.arrivals.get(login, post.at))
        chance = crc32(f"{post.key}|{what}|{login}".encode()) % 1000 / 1000
        spread = min(timedelta(days=2.5), END - begin)
        return _awake(begin + spread * (0.02 + 0.9 * chance**2))

    def _follows(self) -> Iterator[tuple[datetime, Act]]:
        start = self.moment(timedelta(days=-21, hours=8))
        for login, follow in self.town.follows.items():
            home = self.town.people[login].code
            targets = [("person", name) for name in follow.people]
            targets += [("board", f"{home}/{slug}") for slug in follow.boards]
            targets += [("building", name) for name in follow.buildings]
            for number, (kind, target) in enumerate(targets):
                at = start + timedelta(minutes=7 * number + crc32(login.encode()) % 500)
                yield at, partial(self._follow, login, kind, target)
            for name in follow.mutes:
                yield start, partial(self._silence, muting.mute, login, name)
            for name in follow.blocks:
                yield start, partial(self._silence, muting.block, login, name)

    # Acts that belong to no post --------------------------------------------------------------------

    def _move_in(self, person: Any) -> None:
        founding.move_in(self.company.session, self.town, self.people, self.homes, person)

    def _hold_first_posts(self, code: str) -> None:
        self.company.session.get_one(Division, code).hold_first_posts = 1

    def _apply(self, request: Request) -> None:
        """Somebody knocks at the door."""
        session, person = self.company.session, self.town.people[request.login]
        self.people.register(session, person)
        home = self.homes[person.code, person.building, person.room]
        claim = joining.apply(session, self.people.ids[person.login], home, person.relation, request.note)
        self._claims[request.login] = claim.id
        expected = "conflict" if request.outcome == "conflict" else "applied"
        if claim.state != expected:
            raise StoryError(f"joining.toml, {request.login}: it is {claim.state}, not {expected}")

    def _decide(self, request: Request) -> None:
        session = self.company.session
        claim = session.get_one(Membership, self._claims[request.login])
        by = self.people.actor(session, request.by)
        if request.outcome == "refused":
            joining.refuse(session, claim, by, request.reason)
        else:
            joining.approve(session, claim, by)
        self.people.changed(request.login)
        if claim.state != request.outcome:
            raise StoryError(f"joining.toml, {request.login}: it is {claim.state}, not {request.outcome}")

    def _visit(self, visit: Visit) -> None:
        """Somebody of the committee is at a door."""
        session = self.company.session
        door = self.homes[self.town.duties.code, visit.building, visit.room]
        again = self.moment(visit.again).date() if visit.again is not None else None
        by = self.people.actor(session, visit.by)
        home_visits.record(session, door, by, clock.today(), visit.note, again)

    def _keep_registry(self, what: str, entry: dict[str, Any]) -> None:
        """The committee writes a neighbour down, reads what is hidden of one, or goes to see them."""
        building, room = entry["home"].split("-")
        home = self.homes[HOME, f"{building}号楼", room]
        registering.ACTS[what](self.company.session, self.people, home, entry)

    def _follow(self, login: str, kind: str, target: str) -> None:
        session, person = self.company.session, self.town.people[login]
        aim: object = target
        if kind == "person":
            aim = self.people.ids[target]
        elif kind == "building":
            aim = next(
                h.building_id
                for (code, name, _), h in self.homes.items()
                if (code, name) == (person.code, target)
            )
        following.follow_by_choice(session, self.people.ids[login], kind, aim)

    def _silence(self, how: Callable[[Session, int, int], None], login: str, other: str) -> None:
        how(self.company.session, self.people.ids[login], self.people.ids[other])

    def _vote(self, post: Post, ballot: voting.Cast) -> None:
        home = self.homes[post.code, ballot.home.building, ballot.home.room]
        self.company.vote(post, ballot, home.id)

    def _link(self, post: Post, key: str) -> None:
        parent = next(other for other in self.town.posts if other.key == key)
        staff = [
            p.login
            for p in self.town.people.values()
            if p.code == post.code and p.office in ("clerk", "secretary")
        ]
        self.company.link(post, parent, (post.author, *staff))

    # An hour ----------------------------------------------------------------------------------------

    def _hour(self) -> datetime:
        """Play what happens within one hour; the moment of its last act."""
        begin = self.scenes[0].at
        self.chores.until(begin)
        end = min(begin + HOUR, self.chores.next_due() or begin + HOUR)
        at = begin
        with self.database.writing() as session, self.company.at_work(session):
            while self.scenes and self.scenes[0].at < max(end, begin + timedelta(microseconds=1)):
                scene = heapq.heappop(self.scenes)
                at = scene.at
                with clock.at(at):
                    self._play(session, scene)
        return at

    def _play(self, session: Session, scene: Scene) -> None:
        if not scene.patient:
            scene.act()
            session.flush()
            return
        try:
            scene.act()
        except StoryError:
            if scene.at + LATER >= self.moment(END):
                raise
            self.add(scene.at + LATER, scene.act, patient=True)

    def _compare(self) -> None:
        """Every post rests where the story says."""
        with self.database.reading() as session, self.company.at_work(session):
            for post in self.town.posts:
                found, expected = self.company.state(post), self.walks[post.key].rests
                if found != expected:
                    raise StoryError(f"{rehearsing.where(post)}: it rests in {found!r}, not in {expected!r}")


class Chores:
    """What the worker does: the jobs that wait and the rounds that come, at their moments, and never failing."""

    def __init__(self, database: Database, tasks: Mapping[str, Task], rounds: tuple[Every, ...]) -> None:
        self.database = database
        self.worker = Worker(database, tasks)
        self.rounds = {every: clock.now() for every in rounds}

    def next_due(self) -> datetime | None:
        """When the clock next moves a post."""
        with self.database.reading() as session:
            return session.scalar(
                select(func.min(Row.due_at)).where(Row.due_at.is_not(None), Row.deleted_at.is_(None))
            )

    def until(self, moment: datetime) -> None:
        """Do what falls due up to this moment, each at its time."""
        last = None
        while (due := self.next_due()) is not None and due <= moment:
            if due == last:
                raise StoryError(f"what is due at {due} stays due")
            last = due
            self._go_round(due + timedelta(minutes=1))
        self._go_round(moment)

    def _go_round(self, moment: datetime) -> None:
        with clock.at(moment):
            for every, due in self.rounds.items():
                if due <= moment:
                    self.rounds[every] = moment + every.period
                    with self.database.writing() as session:
                        every.task(session)
            self.worker.run_waiting()
        with self.database.reading() as session:
            if failed := session.scalar(select(Job.name).where(Job.error.is_not(None)).limit(1)):
                raise StoryError(f"the job {failed} failed")


def _told(post: Post, what: str, act: Act) -> Act:
    def acted() -> None:
        with told(post, what):
            act()

    return acted


def _awake(at: timedelta) -> timedelta:
    """Later the same morning, when it is deep in the night."""
    night = at % timedelta(days=1)
    return at - night + timedelta(hours=7) + night / 4 if night < timedelta(hours=6.5) else at
