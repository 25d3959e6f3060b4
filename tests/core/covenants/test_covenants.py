"""The covenant: articles that households voted on, each with its past, signed by homes, looked at again in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select
from tests.boards.test_hall import at_the_vote, ballots, days_pass
from tests.cast import HOME, PASSWORD
from tests.counting import counted

from shequtong.core.communities.models import Building
from shequtong.core.covenants.models import Article, Signature, Version
from shequtong.core.identity import exporting
from shequtong.lib import clock

COVENANT = f"/c/{HOME}/covenant"
EVERYBODY = {"resident": "for", "neighbor": "for", "owner": "for", "tenant": "for"}


@pytest.fixture(autouse=True)
def stopped_clock():
    with clock.at(clock.now()):
        yield


def adopted(cast, worker):
    address = at_the_vote(cast, "majority", outcome="covenant")
    ballots(cast, address, **EVERYBODY)
    days_pass(worker)
    return address


def enacted(cast, worker, again=365, **fields):
    """A topic whose text is in the covenant."""
    address = adopted(cast, worker)
    asked = {"article_title": "长椅公约", "in_force_on": day(0), "review_on": day(again)}
    answer = cast.clerk.take(address, "enact", **asked | fields)
    assert answer.status_code == 303, answer.text
    return address


def day(days):
    return (clock.today() + timedelta(days=days)).isoformat()


def read_versions(browser):
    return [part.split('"')[0] for part in browser.get(COVENANT).text.split('name="read" value="')[1:]]


def sign(browser):
    return browser.submit(f"{COVENANT}/signatures", {"read": read_versions(browser)})


def test_what_was_voted_on_becomes_an_article_that_says_where_it_came_from(cast, worker):
    address = enacted(cast, worker)
    page = cast.resident.get(COVENANT).text
    assert "第1条 长椅公约" in page and "在银杏树下装六张长椅" in page and f'href="{address}"' in page
    assert f"{address}/ballots" in page
    assert "公约第1条" in cast.resident.get(address).text


def test_only_staff_write_it_and_only_for_a_topic_that_named_this_outcome(cast, worker):
    address = adopted(cast, worker)
    form = {"article_title": "长椅公约", "in_force_on": day(0), "review_on": day(365)}
    assert cast.resident.take(address, "enact", **form).status_code == 403
    assert cast.clerk.take(address, "execute", lead="老周").status_code == 409


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"review_on": "2020-01-01"}, "请选择今天或以后的日期"),
        ({"changes": "7"}, "公约里没有这一条"),
        ({"ends": "1"}, "请写明废止的是第几条"),
        ({"article_title": ""}, "请填写"),
    ],
)
def test_an_article_that_cannot_be_written_says_why(cast, worker, fields, words):
    address = adopted(cast, worker)
    form = {"article_title": "长椅公约", "in_force_on": day(0), "review_on": day(365)}
    answer = cast.clerk.take(address, "enact", **form | fields)
    assert answer.status_code == 422 and words in answer.text


def test_a_home_signs_once_and_can_take_it_back(cast, worker, db):
    enacted(cast, worker)
    assert sign(cast.resident).status_code == 303
    assert "您家已经全部签署" in cast.resident.get(COVENANT).text
    sign(cast.resident)
    db.rollback()
    assert len(db.exec(select(Signature)).all()) == 1 == db.exec(select(Version)).one().signatures
    assert "1 / 7" in cast.neighbor.get(COVENANT).text
    assert cast.resident.submit(f"{COVENANT}/signatures", {"undo": "1"}).status_code == 303
    db.rollback()
    assert db.exec(select(Signature)).all() == [] and db.exec(select(Version)).one().signatures == 0


def test_nobody_signs_what_they_have_not_read(cast, worker):
    enacted(cast, worker)
    read = read_versions(cast.resident)
    enacted(cast, worker, article_title="第二张长椅")
    assert cast.resident.submit(f"{COVENANT}/signatures", {"read": read}).status_code == 409


def test_a_change_shows_what_was_taken_out_and_asks_for_a_new_signature(cast, worker):
    enacted(cast, worker)
    sign(cast.resident)
    enacted(cast, worker, changes="1", article_title="长椅公约（修订）")
    page = cast.resident.get(COVENANT).text
    assert "第2条" not in page and "长椅公约（修订）" in page and "为我家签署" in page
    past = cast.resident.get(f"{COVENANT}/1").text
    assert "第2版" in past and "第1版" in past and "有 1 户签署" in past


def test_an_article_that_ends_is_listed_with_its_past_and_signed_no_more(cast, worker):
    enacted(cast, worker)
    enacted(cast, worker, changes="1", ends="1")
    page = cast.resident.get(COVENANT).text
    assert "已不再执行" in page and "为我家签署" not in page
    assert "住户表决废止了这一条" in cast.resident.get(f"{COVENANT}/1").text
    again = adopted(cast, worker)
    form = {"article_title": "长椅", "in_force_on": day(0), "review_on": day(9), "changes": "1"}
    assert cast.clerk.take(again, "enact", **form).status_code == 422
    assert cast.clerk.submit(f"{COVENANT}/1/reviews", {"review_on": day(30)}).status_code == 409


def test_a_signature_on_paper_is_entered_by_staff_once(cast, worker, db):
    enacted(cast, worker)
    home = {"building_id": first_building(db), "room": "101室"}
    assert cast.resident.submit(f"{COVENANT}/papers", home).status_code == 404
    assert cast.clerk.submit(f"{COVENANT}/papers", home).status_code == 303
    assert "这一户已经签过了" in cast.clerk.submit(f"{COVENANT}/papers", home).text
    assert cast.clerk.submit(f"{COVENANT}/papers", home | {"room": "909"}).status_code == 422
    assert "您家已经全部签署" in cast.resident.get(COVENANT).text


def first_building(db):
    return db.exec(select(Building.id).where(Building.code == HOME).order_by(Building.id)).first()


def test_every_home_hears_of_it_and_the_committee_of_the_day_to_look_at_it_again(cast, worker, db):
    enacted(cast, worker, again=5)
    assert "公约有变化" in cast.elder.get("/inbox").text
    assert "公约有变化" not in cast.outsider.get("/inbox").text
    days_pass(worker, days=6)
    days_pass(worker, days=1)
    told = cast.secretary.get("/inbox").text
    assert told.count("该回看公约第1条了") == 1 and "该回看公约" not in cast.resident.get("/inbox").text
    assert cast.resident.submit(f"{COVENANT}/1/reviews", {"review_on": day(90)}).status_code == 404
    assert cast.secretary.submit(f"{COVENANT}/1/reviews", {"review_on": day(90)}).status_code == 303
    db.rollback()
    assert db.exec(select(Article)).one().reminded is False


@pytest.mark.parametrize("login", ["visitor", "applicant", "outsider", "outsecretary"])
def test_it_is_for_members(cast, visitor, worker, login):
    enacted(cast, worker)
    browser = visitor if login == "visitor" else getattr(cast, login)
    for page in ("", "/1", "/paper"):
        answer = browser.get(COVENANT + page)
        assert answer.status_code == (303 if login == "visitor" else 404)
        assert "长椅" not in answer.text
    assert cast.street.get(COVENANT).status_code == 200
    assert cast.street.submit(f"{COVENANT}/signatures", {"read": "1"}).status_code == 404


def test_the_paper_holds_every_article_and_lines_to_sign_on(cast, worker):
    enacted(cast, worker)
    page = cast.resident.get(f"{COVENANT}/paper").text
    assert "在银杏树下装六张长椅" in page and "签名" in page and "宝月尚园居委会" in page


def test_an_empty_covenant_says_how_it_begins(cast):
    assert "还没有条款" in cast.resident.get(COVENANT).text
    assert cast.resident.get(f"{COVENANT}/1").status_code == 404


def test_a_home_keeps_its_signature_when_who_gave_it_is_forgotten(cast, worker, db):
    enacted(cast, worker)
    sign(cast.resident)
    assert "covenant_signature" in dict(exporting.everything_of(db, cast.resident.id))
    assert cast.resident.submit("/me/erase", {"password": PASSWORD, "sure": "1"}).status_code == 303
    db.rollback()
    assert db.exec(select(Signature)).one().account_id is None
    assert db.exec(select(Version)).one().signatures == 1


def test_the_page_asks_no_more_for_many_articles_than_for_one(app, cast, worker):
    enacted(cast, worker)
    asked = []
    for more in (0, 3):
        for number in range(more):
            enacted(cast, worker, article_title=f"又一条{number}")
        cast.resident.get(COVENANT)
        with counted(app) as queries:
            cast.resident.get(COVENANT)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 3, asked
