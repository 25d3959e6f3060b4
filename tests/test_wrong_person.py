"""Every address of a community, asked by everybody who has no business there, and found by somebody who has."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel
from tests.boards.guiding import a_guide
from tests.boards.test_hall_discussing import stated, under_discussion
from tests.cast import HOME, number_of
from tests.core.ballots.conftest import Vote
from tests.core.gatherings.conftest import form as plan
from tests.core.polls.conftest import Asked

from shequtong.boards.hall.models import Milestone, Proposal
from shequtong.boards.services.models import Desk
from shequtong.core.communities.models import Appointment, Building, Compound, Dwelling, Membership
from shequtong.core.covenants import enacting
from shequtong.core.duties.models import HomeVisit, ReplyTemplate
from shequtong.core.identity.actor import VISITOR
from shequtong.core.moderation.models import Decision
from shequtong.core.posts.models import Post
from shequtong.core.posts.rooms import ROOMS
from shequtong.core.registry.models import Person
from shequtong.lib import clock, web
from shequtong.lib.db import Table
from shequtong.main import ROUTERS

TALK = f"/c/{HOME}/talk"
MUST_READ = {"title": "停水", "kind": "must_read", "body": "周三上午", "until": "2099-01-01"}
WISH = {"kind": "wish", "title": "老花镜", "whose": "other", "person": "阿芳", "door": "102"}
STRANGERS = ("visitor", "applicant", "outsider", "outsecretary")
NEAR = ("resident", "neighbor", "clerk", "clerk2", "secretary")
FOR_ALL = ("anyone", "signed in, in a community", "board: list")
"""Permissions under which a stranger is answered: the public face of a community, and following it."""
ROUTES = [
    (method, route.path, "; ".join(sorted(web.permissions_of(route))))
    for router in ROUTERS
    for route in web.all_routes(router)
    for method in sorted(route.methods)
    if route.path.startswith("/c/{code}")
]
CLOSED = [(method, path, words) for method, path, words in ROUTES if not words.startswith(FOR_ALL)]


@pytest.fixture
def address(app, cast, db):
    """`address(path)`: the path with numbers of things that are there, none of them a stranger's."""
    post = number_of(cast.resident.submit(f"{TALK}/new", {"title": "今天天气", "body": "晴"}))
    said = cast.neighbor.submit(f"{TALK}/{post}/comments", {"body": "是啊"}).headers["location"]
    planned = cast.resident.submit(
        f"{TALK}/{post}/gathering/plan", plan(starts_at=clock.now() + timedelta(hours=1))
    )
    assert planned.status_code == 303, planned.text
    notice = number_of(cast.clerk.submit(f"/c/{HOME}/notices/new", MUST_READ))
    polled = Asked(app, cast)
    guide = number_of(a_guide(cast))
    party = f"/c/{HOME}/party"
    wish = number_of(cast.neighbor.submit(f"{party}/new", WISH))
    pledge = number_of(cast.clerk.submit(f"{party}/new", {"kind": "pledge", "title": "理发", "body": "每月"}))
    cast.resident.take(f"{party}/{pledge}", "claim")
    topic = under_discussion(cast)
    vote = Vote(app, cast, rule="ordinary", proxies=1, papers=True, place="居委会")
    number = said.rsplit("-", 1)[1]
    home = {"building_id": _first(db, Building).id, "room": "101"}
    decision = {"post_id": post, "comment_id": number, "action": "hide", "reason": "abuse", "seen": "clear"}
    for where, form in (
        (f"talk/{post}/comments/{number}/reports", {"reason": "abuse", "note": "骂人"}),
        ("visits", home | {"visited_on": clock.today() - timedelta(days=1), "note": "聊了聊"}),
        ("settings/desks", {"kind": "lawyer", "name": "律师在线", "monday": "09:00-11:30"}),
        ("desk/templates", {"title": "收到", "words": "收到了，马上去看。"}),
        ("desk/decisions", decision | {"note": "请改"}),
    ):
        person = cast.resident if "talk" in where else cast.clerk
        done = person.submit(f"/c/{HOME}/{where}", form)
        assert done.status_code == 303, (where, done.text)
    with app.state.database.writing() as session:
        words = enacting.Decision("长椅公约", "坐完擦一擦", 1, clock.today(), clock.today())
        enacting.enact(session, session.get_one(Post, number_of_address(topic)), words, VISITOR)
        session.get_one(Proposal, number_of_address(topic)).lead = "老周"
        session.add(Milestone(post_id=number_of_address(topic), title="椅子到货", due_on=clock.today()))
    db.rollback()
    people = [
        cast.clerk.submit(
            f"/c/{HOME}/registry/dwellings/{_first(db, Dwelling).id}/new",
            {"name": name, "relation": "other", "state": "lives", "source": "form", "reason": "登记"},
        ).status_code
        for name in ("李大妈", "王大爷")
    ]
    assert people == [303, 303]
    db.rollback()
    known_people = db.scalars(select(Person.id).order_by(Person.id)).all()
    applicant = select(Membership.id).where(Membership.account_id == cast.applicant.id)
    known = {
        "code": HOME, "board": "talk", "post_id": post, "comment_id": number, "number": 1, "milestone_id": 1,
        "size": "card", "photo_id": 1, "claim_id": db.scalar(applicant),
        "building_id": home["building_id"], "compound_id": _first(db, Compound).id,
        "dwelling_id": _first(db, Dwelling).id, "visit_id": _first(db, HomeVisit).id,
        "template_id": _first(db, ReplyTemplate).id, "decision_id": _first(db, Decision).id,
        "person_id": known_people[0], "other_id": known_people[1], "kind": "relief", "overlay_id": 1,
        "key_id": 1, "desk_id": _first(db, Desk).id,
        "appointment_id": db.scalar(select(Appointment.id).where(Appointment.code == HOME)),
    }  # fmt: skip
    discussed = {
        "board": "hall",
        "post_id": number_of_address(topic),
        "comment_id": stated(cast.resident, topic, "椅子要有靠背"),
    }

    def filled(path: str) -> str:
        own: dict[str, Any] = {}
        if re.search("/(statements|objections|consensus|project|ratings|options|text)", path):
            own = discussed
        elif "/poll" in path:
            own = {"post_id": polled.post_id}
        elif "/ballots" in path:
            own = {"post_id": vote.post_id}
        elif "/books" in path:
            own = {
                "board": "affairs",
                "year": 2026,
                "delivery_id": 1,
                "line": 2,
                "form": "csv",
            }
        elif path.endswith("/keeping") or re.search("{board}/(table|missed)", path):
            own = {"board": "guides", "delivery_id": 1, "missed_id": 1}
        elif "/duties/lists/" in path:
            own = {"office": "clerk"}
        elif path.endswith(("/wisher", "/membership")):
            own = {"board": "party", "post_id": wish if path.endswith("/wisher") else pledge}
        elif path.endswith("/bundle"):
            own = {"board": "hall"}
        elif path.endswith(("/doors", "/doors.csv", "/remind")):
            own = {"board": "notices", "post_id": notice}
        elif "/suggestions" in path:
            own = {"board": "services", "post_id": guide}
        elif path.endswith(("/similar", "/plan")) and "{post_id}" not in path:
            own = {"board": "matters"}
        return path.format(**known | own)

    return filled


def number_of_address(address: str) -> int:
    return int(address.rsplit("/", 1)[1])


def _first(db: Any, table: type[SQLModel]) -> Any:
    return db.scalars(select(table).order_by(table.id)).first()


def ask(cast: Any, visitor: Any, login: str, method: str, where: str) -> Any:
    if login == "visitor":
        return (
            visitor.get(where)
            if method == "GET"
            else visitor.post(where, headers={"Sec-Fetch-Site": "same-origin"})
        )
    person = getattr(cast, login)
    return person.get(where) if method == "GET" else person.submit(where, {})


@pytest.mark.parametrize("login", STRANGERS)
def test_a2_a_stranger_finds_nothing_of_a_community_but_its_public_face(cast, visitor, address, login):
    assert len(CLOSED) > 80
    let_in = []
    for method, path, words in CLOSED:
        answer = ask(cast, visitor, login, method, address(path))
        signed_out = answer.status_code == 303 and answer.headers["location"].startswith("/login")
        if answer.status_code not in (403, 404) and not (login == "visitor" and signed_out):
            let_in.append((method, path, words, answer.status_code))
    assert let_in == []


UNSEEN = {
    # what needs more than is there: a photo, a plan, a count, a notice, a text that is being written, a thing done;
    # and what is for an office above
    "/c/{code}/{board}/books/import/{delivery_id}",
    "/c/{code}/plans/{compound_id}/{size}",
    "/c/{code}/{board}/{post_id}/ratings",
    "/c/{code}/{board}/{post_id}/photos/{photo_id}/{size}",
    "/c/{code}/{board}/{post_id}/ballots/{number}/download",
    "/c/{code}/{board}/{post_id}/ballots/{number}/recount",
    "/c/{code}/{board}/{post_id}/ballots/{number}/sheet",
    "/c/{code}/{board}/{post_id}/paper",
    "/c/{code}/{board}/{post_id}/poster",
    "/c/{code}/{board}/{post_id}/relays",
    "/c/{code}/{board}/{post_id}/relays/progress",
    "/c/{code}/{board}/{post_id}/relays/table.csv",
    "/c/{code}/{board}/{post_id}/text/amendments/new",
    "/c/{code}/{board}/{post_id}/versions",
    "/c/{code}/{board}/table/{delivery_id}",
    "/c/{code}/{board}/missed/{missed_id}",
}


def test_somebody_of_the_community_finds_every_page_that_strangers_do_not(cast, visitor, address):
    """So that the test of strangers does not only try what is nowhere."""
    nowhere = [
        path
        for method, path, _words in CLOSED
        if method == "GET"
        and not any(ask(cast, visitor, login, "GET", address(path)).status_code == 200 for login in NEAR)
    ]
    assert set(nowhere) <= UNSEEN


WATCHING = ("/follow", "/read", "/ballots/receipt", "/transitions")
"""What an officer in observe mode does for themselves alone, or only looks up; transitions are named in the form, and
walked with everybody in `test_every_board`."""


@pytest.mark.parametrize("login", ["street", "district"])
def test_rule_4_an_officer_who_observes_changes_nothing(cast, visitor, address, login):
    done = []
    for method, path, words in CLOSED:
        if method == "POST" and not path.endswith(WATCHING):
            answer = ask(cast, visitor, login, method, address(path))
            if answer.status_code not in (403, 404):
                done.append((path, words, answer.status_code))
    assert done == []


THEIR_OWN = {"sign_in", "follow", "read_mark"}
"""Rows that an officer writes by looking: their own session, what they follow, how far they have read."""


def everything_written(app: Any) -> dict[str, list[Any]]:
    """All rows of all tables but those, to compare."""
    with app.state.database.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table)).all()))
            for table in Table.metadata.sorted_tables
            if table.name not in THEIR_OWN
        }


@pytest.mark.parametrize("login", ["street", "district"])
def test_rule_4_an_officer_who_observes_leaves_no_row_anywhere(app, cast, visitor, address, login):
    """Whatever form of whatever page they send, with every transition of every board by its name."""
    matter = cast.resident.submit(f"/c/{HOME}/matters/new", {"title": "灯不亮", "category": "light"})
    asked = cast.resident.submit(
        f"/c/{HOME}/services/new", {"kind": "question", "title": "问一问", "desk": "police"}
    )
    posts = [matter.headers["location"], asked.headers["location"], address("/c/{code}/{board}/{post_id}"),
             address("/c/{code}/{board}/{post_id}/consensus").removesuffix("/consensus")]  # fmt: skip
    officer = getattr(cast, login)
    before = everything_written(app)
    assert len(before) > 50 and before["post"]
    for method, path, _words in ROUTES:
        if method == "POST" and not path.endswith("/transitions"):
            officer.submit(address(path), {"body": "我来说一句", "title": "我来写一篇", "reason": "看一看"})
    for post in posts:
        board = ROOMS[post.split("/")[3]]
        for transition in board.workflow.transitions:
            answer = officer.take(post, transition.name, reason="看一看")
            assert answer.status_code in (403, 404, 409), (post, transition.name)
    assert everything_written(app) == before
