"""What is asked, and by whom: signed-in people of the largest community of a populated database."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from secrets import token_hex
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import delete, func, select, text
from sqlmodel import Session

from bench.stage import KEY
from shequtong.boards.matters.forms import CATEGORIES
from shequtong.core.communities.models import Appointment, Division, Membership
from shequtong.core.follows.models import Follow
from shequtong.core.identity.signing_in import open_session
from shequtong.core.posts.models import Post, Reaction, ReadMark
from shequtong.core.statistics.models import OpenTally, WeekTally
from shequtong.core.statistics.weighing import week_of
from shequtong.lib import bulk, clock, crypto
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.web import csrf_token
from shequtong.populate.town import DISTRICT, FIRST

PEOPLE = 40
BOARDS = ("talk", "goods", "matters")
COMMENTS = 10
FOLLOWED = 200
WORDS = (
    "电梯 路灯 水管 桂花 月季 馄饨 青团 粽子 轮椅 书桌 台灯 雨伞 吉他 邻居 志愿 押金 合同 预约 积水 停车 "
    "施工 防汛 楼道 花园 广场 食堂 居委 物业 天气 明细"
).split()


@dataclass
class Person:
    """Somebody with an open session."""

    id: int
    token: str

    @property
    def csrf(self) -> str:
        return csrf_token(KEY, crypto.digest(self.token))


@dataclass
class Workload:
    """A page or action: its letter, what it is, the requests one after another, and what an answer must hold."""

    letter: str
    about: str
    requests: Iterator[bytes]
    proof: Callable[[int, str], bool] = lambda status, body: status < 400

    def following(self) -> bytes:
        return next(self.requests)


class Scene:
    """The people, and the posts they look at."""

    def __init__(self, session: Session, rng: Random) -> None:
        self.rng = rng
        self.people = [self._sign_in(session, number) for number in self._residents(session)]
        self.secretary = self._sign_in(session, self._secretary(session))
        self.reader = self.people[0]
        self._follow_many(session)
        for slug in BOARDS:
            self._read_some(session, slug)
        self.talked = self._talked_about(session)
        self.officer = self._sign_in(session, self._officer(session))
        self._answer_everywhere(session)

    def workloads(self) -> list[Workload]:
        cards = '<article class="card'
        single = [
            Workload("A", "a board, 20 cards", self._boards(), lambda s, b: b.count(cards) >= 20),
            Workload(
                "B", "a post, 10 comments", self._posts(), lambda s, b: b.count('id="comment-') == COMMENTS
            ),
            Workload("C", "create a post", self._new_posts(), lambda s, b: s == 303),
            Workload("D", "add a comment", self._comments(), lambda s, b: s == 200 and "一楼也是" in b),
            Workload("E", "home feed, 200 followed", self._feed(), lambda s, b: b.count(cards) >= 20),
            Workload("F", "search, two characters", self._searches(), lambda s, b: b.count(cards) >= 20),
            Workload(
                "G", "desk of a busy committee", self._desk(), lambda s, b: f"/c/{FIRST}/desk/decisions" in b
            ),
            Workload(
                "H",
                "dashboard of a district",
                self._dashboard(),
                lambda s, b: b.count(f"/d/{DISTRICT}") >= 13,
            ),
        ]
        by_letter = {workload.letter: workload.requests for workload in single}
        return [*single, Workload("I", "mixed, 80 % A B E", self._mixed(by_letter))]

    # Requests ------------------------------------------------------------------------------------------

    def _boards(self) -> Iterator[bytes]:
        for slug in itertools.cycle(BOARDS):
            yield self._get(f"/c/{FIRST}/{slug}", self._somebody())

    def _posts(self) -> Iterator[bytes]:
        while True:
            number, slug = self.rng.choice(self.talked)
            yield self._get(f"/c/{FIRST}/{slug}/{number}", self._somebody())

    def _new_posts(self) -> Iterator[bytes]:
        for number in itertools.count():
            said = {
                "title": f"今天的第{number}件事",
                "body": "楼下的桂花开了，香味一直飘到三楼，大家有空来看看。" * 8,
                "topic": "life",
            }
            yield self._post(f"/c/{FIRST}/talk/new", self._somebody(), said, number)

    def _comments(self) -> Iterator[bytes]:
        for number in itertools.count():
            post, slug = self.rng.choice(self.quiet)
            said = {"body": f"一楼也是，第{number}次看到了。"}
            yield self._post(
                f"/c/{FIRST}/{slug}/{post}/comments", self._somebody(), said, number, fragment=True
            )

    def _feed(self) -> Iterator[bytes]:
        while True:
            yield self._get("/home", self.reader)

    def _searches(self) -> Iterator[bytes]:
        for word in itertools.cycle(WORDS):
            yield self._get(f"/search?q={quote(word)}", self._somebody())

    def _desk(self) -> Iterator[bytes]:
        while True:
            yield self._get(f"/c/{FIRST}/desk", self.secretary)

    def _dashboard(self) -> Iterator[bytes]:
        while True:
            yield self._get(f"/d/{DISTRICT}", self.officer)

    def _mixed(self, by_letter: dict[str, Iterator[bytes]]) -> Iterator[bytes]:
        shares = {"A": 30, "B": 30, "E": 20, "F": 8, "D": 6, "C": 2, "G": 4}
        while True:
            yield next(by_letter[self.rng.choices(list(shares), list(shares.values()))[0]])

    def _somebody(self) -> Person:
        return self.rng.choice(self.people)

    def _get(self, address: str, person: Person) -> bytes:
        return (f"GET {address} HTTP/1.1\r\n" + _headers(person) + "\r\n").encode()

    def _post(
        self, address: str, person: Person, said: dict[str, str], number: int, fragment: bool = False
    ) -> bytes:
        once = token_hex(8)
        body = urlencode({"csrf": person.csrf, "once": once, **said})
        more = "HX-Request: true\r\n" if fragment else ""
        return (
            f"POST {address} HTTP/1.1\r\n{_headers(person)}{more}Content-Type: application/x-www-form-urlencoded\r\n"
            f"Origin: http://127.0.0.1:8000\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    # Who and what ----------------------------------------------------------------------------------------

    def _residents(self, session: Session) -> list[int]:
        found = session.scalars(
            select(Membership.account_id)
            .where(Membership.code == FIRST, Membership.state == "approved")
            .distinct()
            .order_by(Membership.account_id)
            .limit(PEOPLE)
        )
        return list(found)

    def _secretary(self, session: Session) -> int:
        held = select(Appointment.account_id).where(
            Appointment.code == FIRST, Appointment.office == "secretary"
        )
        return int(session.scalars(held.limit(1)).one())

    def _officer(self, session: Session) -> int:
        """Somebody who watches the district."""
        watcher = self.people[-1].id
        session.add(Appointment(account_id=watcher, office="district", code=DISTRICT, since=clock.today()))
        session.flush()
        return watcher

    def _answer_everywhere(self, session: Session) -> None:
        """All committees of the district have answered for twelve weeks, and have something open."""
        session.execute(delete(WeekTally).where(WeekTally.code.startswith(DISTRICT)))
        session.execute(delete(OpenTally).where(OpenTally.code.startswith(DISTRICT)))
        codes = session.scalars(select(Division.code).where(Division.code.startswith(DISTRICT))).all()
        kinds = [("", ""), *(("matters", key) for key, _name in CATEGORIES)]
        weeks, days = [], []
        for code in codes:
            for board, category in kinds:
                whose = {"code": code, "board": board, "category": category}
                for past in range(12):
                    received = self.rng.randint(1, 9)
                    weeks.append(
                        {
                            **whose,
                            "week": week_of(clock.now()) - timedelta(weeks=past),
                            "received": received,
                            "replied_in_time": received,
                            "answered_in_time": received - received // 3,
                            "answered_late": received // 3,
                            "ratings": received // 2,
                            "rating_sum": 4 * (received // 2),
                        }
                    )
                days += [
                    {**whose, "due_on": clock.today() + timedelta(days=day), "posts": 1} for day in (-2, 1, 3)
                ]
        bulk.insert(session.connection(), WeekTally, weeks)
        bulk.insert(session.connection(), OpenTally, days)

    def _sign_in(self, session: Session, account_id: int) -> Person:
        return Person(account_id, open_session(session, account_id))

    def _follow_many(self, session: Session) -> None:
        """The reader of the feed follows many neighbours and three boards."""
        others = session.scalars(
            select(Membership.account_id)
            .where(Membership.code == FIRST, Membership.account_id != self.reader.id)
            .distinct()
            .order_by(Membership.account_id)
            .limit(FOLLOWED)
        )
        wanted = [("person", str(other)) for other in others] + [("board", f"{FIRST}/{b}") for b in BOARDS]
        for kind, target in wanted:
            insert_or_nothing(
                session, Follow, account_id=self.reader.id, kind=kind, target=target, at=clock.now()
            )

    def _read_some(self, session: Session, slug: str) -> None:
        """Everybody has read half of what stands on the first pages, some of it before it was answered."""
        newest = session.execute(
            select(Post.id, Post.activity_at)
            .where(Post.code == FIRST, Post.board == slug, Post.audience != "parties")
            .order_by(Post.activity_at.desc())
            .limit(40)
        ).all()
        for number, active in newest:
            for person in self.people:
                if self.rng.random() < 0.5:
                    at = active if self.rng.random() < 0.7 else active.replace(year=active.year - 1)
                    insert_or_nothing(session, ReadMark, account_id=person.id, post_id=number, at=at)
                if self.rng.random() < 0.08:
                    insert_or_nothing(
                        session, Reaction, account_id=person.id, post_id=number, kind="like", at=clock.now()
                    )
        session.execute(
            text(
                "UPDATE post SET reaction_count = (SELECT count(*) FROM reaction WHERE post_id = post.id)"
                " WHERE id IN (SELECT post_id FROM reaction WHERE at > :day)"
            ),
            {"day": clock.now().replace(hour=0, minute=0, second=0, microsecond=0)},
        )

    def _talked_about(self, session: Session) -> list[tuple[int, str]]:
        """Posts with ten comments, to read; and others, to answer."""
        seen = (
            Post.code == FIRST,
            Post.board.in_(BOARDS),
            Post.audience == "community",
            Post.moderation == "clear",
            Post.deleted_at.is_(None),
        )
        self.quiet = [tuple(row) for row in session.execute(
            select(Post.id, Post.board).where(*seen, Post.board == "talk", Post.state == "live")
            .order_by(Post.id.desc()).limit(400)
        )]  # fmt: skip
        away = [number for number, _slug in self.quiet]
        ten = select(Post.id, Post.board).where(*seen, Post.comment_count == COMMENTS, Post.id.not_in(away))
        return [tuple(row) for row in session.execute(ten.order_by(func.abs(Post.id)).limit(200))]


def _headers(person: Person) -> str:
    return (
        "Host: 127.0.0.1:8000\r\nUser-Agent: Mozilla/5.0 (bench)\r\nAccept: text/html\r\n"
        "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: zh-CN,zh;q=0.9\r\n"
        f"Cookie: session={person.token}\r\n"
    )


def budgets() -> dict[str, dict[str, float]]:
    """The least ratio to the ceiling, by kind of database and letter."""
    return {
        "sqlite": {"A": 0.12, "B": 0.12, "C": 0.025, "D": 0.04, "E": 0.11, "F": 0.06, "G": 0.05, "H": 0.03},
        "postgresql": {"A": 0.055, "B": 0.045, "C": 0.02, "D": 0.025, "E": 0.05, "F": 0.015},
    }


GROWTH = {"A": 1.3, "B": 1.3, "E": 1.3, "F": 3.0}
"""How much dearer a page may become when there are ten times as many posts."""


def ask(port: int, request: bytes) -> tuple[int, str]:
    """One request by itself: status and body, to prove that the right thing is measured."""
    import http.client

    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, address, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    headers.pop("Accept-Encoding", None)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, address, body or None, headers)
    answer: Any = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    return answer.status, said
