"""The played town, as those who try the demo meet it."""

import re
from collections import Counter
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlmodel import Session

from shequtong.boards import ALL
from shequtong.boards.district.models import Addressee
from shequtong.boards.guides import starting
from shequtong.boards.guides.models import Guide
from shequtong.core.books import questioning
from shequtong.core.communities.models import Division, Dwelling, Membership
from shequtong.core.gatherings.models import Gathering, SignUp
from shequtong.core.identity.models import Account, SignIn
from shequtong.core.media.models import Photo
from shequtong.core.moderation.models import Appeal
from shequtong.core.polls.models import Poll
from shequtong.core.posts.models import Comment, Link, Post, PostTransition, Reaction
from shequtong.demo import keeping, making, telling
from shequtong.demo.telling import PASSWORD
from shequtong.lib import clock, rosters
from shequtong.lib.jobs import Job
from shequtong.main import JOBS, ROUNDS
from shequtong.town import Town
from shequtong.town.reading import HOME

pytestmark = pytest.mark.slow

AWAY = "310113104004"
STAFF = ("clerk", "secretary")
OF_AWAY = ("outsider", "outsecretary")
ABOVE = {"street": "310113104", "district": "310113"}


@pytest.fixture
def signed_in(app):
    """`signed_in("clerk")`: the browser of somebody who signs in by the page."""

    def come(login: str) -> TestClient:
        browser = TestClient(app, base_url=app.state.settings.base_url, follow_redirects=False)
        browser.headers.update({"Origin": app.state.settings.base_url, "Accept-Language": "zh-CN"})
        form = browser.get("/login").text
        token = re.search(r'name="csrf" value="([^"]*)"', form)
        assert token
        answer = browser.post("/login", data={"csrf": token[1], "login": login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return browser

    return come


def home_of(login: str) -> str:
    return ABOVE.get(login) or (AWAY if login in OF_AWAY else HOME)


def count(db: Session, table: type, *where: object) -> int:
    return db.scalar(select(func.count()).select_from(table).where(*where)) or 0


def test_the_town_is_as_large_as_promised(db: Session) -> None:
    assert count(db, Division, Division.level == "street") == 13
    assert count(db, Division, Division.level == "committee") == 567
    assert db.get_one(Division, "310113").name == "宝山区"
    assert count(db, Dwelling, Dwelling.code == HOME) >= 260
    assert count(db, Dwelling, Dwelling.area <= 0) == 0
    assert db.get_one(Division, HOME).residents >= 300
    assert count(db, Membership, Membership.state == "conflict") == 1
    assert count(db, Membership, Membership.code == HOME, Membership.state == "applied") >= 3


def test_every_state_of_every_board_is_there(db: Session) -> None:
    there = {tuple(row) for row in db.execute(select(Post.board, Post.state).distinct())}
    declared = {(board.slug, state.name) for board in ALL for state in board.workflow.states}
    assert declared - there == set()


def test_everything_the_story_tells_has_happened(db: Session, town: Town) -> None:
    answers = count(db, Post, Post.kind == "answer")
    passed_on = count(db, Addressee, Addressee.notice_id.is_not(None))
    assert passed_on >= sum(step.do == "relay" for post in town.posts for step in post.steps)
    assert count(db, Post) == len(town.posts) + answers + passed_on + starting.MANY
    of_books = Comment.kind.in_((questioning.QUESTION, questioning.ANSWER))
    asked = [s for post in town.posts if post.board in ("property", "affairs") for s in post.steps]
    assert count(db, Comment, of_books) == sum(step.do in ("question", "answer") for step in asked)
    assert count(db, Comment, ~of_books) == sum(post.said for post in town.posts)
    assert count(db, Reaction) == sum(len(who) for post in town.posts for who in post.reactions.values())
    assert count(db, Link) >= sum(len(post.grew_from) for post in town.posts)
    assert db.scalars(select(Appeal.state)).all() == ["upheld"]
    assert count(db, Post, Post.pinned) == sum(post.pinned for post in town.posts)


def test_the_handbook_holds_125_guides_in_eight_classes(db: Session) -> None:
    here = select(Guide.category, func.count()).join(Post, Post.id == Guide.post_id).group_by(Guide.category)
    found = dict(db.execute(here.where(Post.kind == "item", Post.state == "live")).all())
    assert len(found) == 8 and min(found.values()) >= 12 and sum(found.values()) >= 125, found


def test_a_bulletin_is_on_its_way_through_the_district(db: Session) -> None:
    bulletin = db.scalars(select(Post).where(Post.board == "district", Post.kind == "must_read")).one()
    done = Counter(db.scalars(select(Addressee.state).where(Addressee.post_id == bulletin.id)))
    assert sum(done.values()) == 567 and done["waiting"] == 0
    assert done["relayed"] > 10 and done["not_applicable"] > 3 and done["told"] > 500


def test_what_happened_has_its_author_and_its_hour_and_no_state_was_written_by_hand(db: Session) -> None:
    posts = {post.id: post for post in db.scalars(select(Post))}
    cycles = {board.slug: board.workflow for board in ALL}
    where = {post.id: cycles[post.board].first_state(post.kind) for post in posts.values()}
    for step in db.scalars(select(PostTransition).order_by(PostTransition.post_id, PostTransition.id)):
        assert posts[step.post_id].created_at <= step.at <= clock.now()
        assert step.source in (None, where[step.post_id])
        where[step.post_id] = step.target
    assert where == {post.id: post.state for post in posts.values()}


def test_the_pictures_are_cleaned_and_no_work_is_left_lying(db: Session, settings) -> None:
    assert count(db, Photo, Photo.state != "ready") == 0
    assert count(db, Photo, Photo.alt == "") == 0
    assert count(db, Job, Job.error.is_not(None)) == 0
    folder = Path(settings.media_url.removeprefix("file://"))
    assert all((folder / key / "card.webp").exists() for key in db.scalars(select(Photo.key)))


def test_one_password_hash_is_shared_and_nobody_is_still_signed_in(db: Session) -> None:
    assert len(set(db.scalars(select(Account.password)))) == 1
    assert count(db, SignIn) == 0


@pytest.mark.parametrize("login", telling.LOGINS)
def test_everybody_signs_in_and_opens_their_main_pages(signed_in, login: str) -> None:
    browser, home = signed_in(login), home_of(login)
    front = browser.get("/", follow_redirects=True)
    assert front.status_code == 200 and "演示" in front.text
    ahead = [f"/c/{home}"] + ([f"/c/{home}/desk"] if login in (*STAFF, "outsecretary") else [])
    seen: Counter[str] = Counter()
    for address in ahead:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        for link in doors(answer.text, home):
            seen[link] += 1
    lists = [link for link in seen if link.count("/") == 3]
    posts: dict[str, None] = {}
    for address in lists:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        board = [link for link in doors(answer.text, home) if re.fullmatch(r"/c/\d+/\w+/\d+", link)]
        posts.update(dict.fromkeys(board[:3]))
    assert lists and (posts or home in ABOVE.values())
    for address in posts:
        assert browser.get(address).status_code == 200, address


def test_one_gathering_has_room_and_one_is_full_with_a_queue(db: Session, signed_in) -> None:
    roomy, full = db.scalars(select(Gathering).order_by(Gathering.starts_at)).all()
    assert full.taken == full.places and roomy.taken < roomy.places
    queue = select(SignUp.number).where(SignUp.post_id == full.post_id, SignUp.state == "waiting")
    assert len(db.scalars(queue).all()) == 3
    page = signed_in("resident").get(f"/c/{HOME}/talk/{full.post_id}/gathering").text
    assert "您排在候补第1位" in page
    events = signed_in("resident").get(f"/c/{HOME}/events").text
    assert "只坐得下八个人" in events and "冬至包饺子" in events


def test_a_poll_is_open_for_those_who_try_the_town_and_many_have_answered(db: Session, signed_in) -> None:
    poll = db.scalars(select(Poll)).one()
    assert poll.state == "open" and poll.answered >= 100
    page = f"/c/{HOME}/talk/{poll.post_id}/poll"
    browser = signed_in("resident")
    assert "您答过以后就能看到结果" in browser.get(page).text


def doors(page: str, home: str) -> list[str]:
    """The addresses inside a community that a page leads to."""
    found = (unescape(link).split("?")[0].split("#")[0] for link in re.findall(r'href="(/[^"]*)"', page))
    return sorted({link for link in found if link.startswith(f"/c/{home}/")})


def test_each_sees_what_is_theirs(signed_in) -> None:
    resident, applicant, outsider = (signed_in(login) for login in ("resident", "applicant", "outsider"))
    assert "实木婴儿床" in resident.get(f"/c/{HOME}/goods").text
    for stranger in (applicant, outsider):
        assert "实木婴儿床" not in stranger.get(f"/c/{HOME}/goods").text
    assert "流感疫苗" in outsider.get(f"/c/{AWAY}/district").text
    desk = signed_in("clerk").get(f"/c/{HOME}/desk").text
    assert "十四号楼新邻居报到" in desk


def test_each_level_has_something_to_do_today(signed_in, town: Town) -> None:
    desk = signed_in("clerk").get(f"/c/{HOME}/desk").text
    late, today, rest = (desk.partition(f'id="{name}"')[2] for name in ("overdue", "today", "visits"))
    assert "data-row" in late.partition('id="today"')[0]
    assert "旧冰箱" in today.partition('id="visits"')[0], "the day that was promised is today"
    assert "想装扶手" in rest.partition("</section>")[0]
    assert "今天之内到期" in signed_in("secretary").get("/home").text
    assert "收到，马上去看" in signed_in("clerk").get(f"/c/{HOME}/desk/templates").text
    worked = rosters.read(town.duties.roster).between(clock.now() - timedelta(days=4), clock.now())
    if worked > timedelta(hours=22):  # in the days after a festival nothing is so late yet
        assert "三百一十二件民生小事" in signed_in("street").get(f"/c/{ABOVE['street']}/duties").text
        assert "提级到您这里" in signed_in("street").get("/home").text


def test_the_demo_says_that_it_is_one_to_visitors_too(visitor) -> None:
    for address in ("/login", f"/c/{HOME}"):
        assert 'class="banner"' in visitor.get(address, headers={"Accept-Language": "zh-CN"}).text


def test_a_second_start_keeps_what_was_written(app, signed_in, db: Session) -> None:
    before = count(db, Post)
    browser = signed_in("resident")
    token = re.search(r'name="csrf" value="([^"]*)"', browser.get(f"/c/{HOME}/talk/new").text)
    assert token
    sent = {"csrf": token[1], "title": "我来过", "kind": "everyday", "body": "试一试"}
    assert browser.post(f"/c/{HOME}/talk/new", data=sent).status_code == 303
    database = app.state.database
    assert making.ready(database, JOBS, ROUNDS, lambda doing, done: None) is False
    assert keeping.owner(database) == "demo"
    db.rollback()
    assert count(db, Post) == before + 1


def test_the_committee_knows_who_lives_alone_and_韩老师_reads_who_looked(signed_in):
    clerk, here = signed_in("clerk"), f"/c/{HOME}/registry"
    listed = clerk.get(f"{here}/lists/elder_alone").text
    assert "韩*贞" in listed and "顾*宝" in listed and "韩淑贞" not in listed
    assert "起已过期" in clerk.get(f"{here}/visits").text, "韩老师 has not been visited yet"
    assert "打电话问问家里暖不暖" in signed_in("elder").get("/me/access-log").text
