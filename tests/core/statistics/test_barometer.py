"""The barometer: words that are hotter than usual, buildings that are silent, and nobody behind either."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from tests.cast import AWAY, DISTRICT, HOME, STREET

from shequtong.core.communities.models import Building, Dwelling, Membership
from shequtong.core.identity.models import Account
from shequtong.core.statistics import barometer, hot_words
from shequtong.core.statistics.models import Barometer
from shequtong.lib import clock
from shequtong.lib.keywords import keywords

MONDAY = datetime(2026, 11, 23, 9, tzinfo=clock.LOCAL)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


def read(app: Any) -> None:
    """Let rounds go by until everything was read."""
    for _round in range(4):
        with app.state.database.writing() as session:
            barometer.read_some(session)


def read_of(db: Any, code: str) -> Barometer:
    db.rollback()
    return db.scalar(select(Barometer).where(Barometer.code == code))


def say(browser: Any, body: str, code: str = HOME) -> None:
    answer = browser.submit(f"/c/{code}/talk/new", {"title": "说一句", "topic": "life", "body": body})
    assert answer.status_code == 303, answer.text


@pytest.fixture
def neighbours(app, cast) -> list[int]:
    """Five more residents of building 3, who are silent."""
    made = []
    with app.state.database.writing() as session:
        building = session.scalar(select(Building).where(Building.code == HOME, Building.name == "3号楼"))
        dwelling = session.scalar(select(Dwelling).where(Dwelling.building_id == building.id))
        for number in range(5):
            account = Account(
                login=f"quiet{number}", name=f"静静{number}", password="-", created_at=clock.now()
            )
            session.add(account)
            session.flush()
            session.add(
                Membership(account_id=account.id, code=HOME, building_id=building.id, dwelling_id=dwelling.id,
                           kind="family", state="approved", applied_at=clock.now())
            )  # fmt: skip
            made.append(account.id)
    return made


def test_the_words_of_a_text_are_what_it_is_about_and_no_names():
    first, thanks, name = keywords(
        ["今天小区電梯又坏了，停车位被占用，不能修？", "谢谢大家\n", "王建国回来了"]
    )
    assert first >= {"电梯", "停车位", "占用"} and "不能" not in first
    assert thanks == name == set()
    assert keywords([]) == []


def test_a_word_of_five_people_that_was_not_said_before_is_hot(app, cast, db):
    people = (cast.resident, cast.neighbor, cast.owner, cast.tenant)
    for person in people:
        say(person, "电梯又停了")
    say(cast.resident, "电梯还是停着")
    cast.clerk.submit(f"/c/{HOME}/talk/1/comments", {"body": "电梯已经报修"})
    read(app)
    assert read_of(db, HOME).told["hot"] == [], "four people, and one of the committee"
    say(cast.elder, "电梯停了，上不去楼")
    clock.advance(timedelta(days=1))
    read(app)
    for code in (HOME, STREET, DISTRICT):
        hot = {word: people for word, people, _heat in read_of(db, code).told["hot"]}
        assert hot["电梯"] == 5, code
    assert read_of(db, AWAY).told["hot"] == []


def test_heat_is_what_the_page_says_it_is():
    assert hot_words.heat(10, 0) == 6
    assert hot_words.heat(10, 40) == 1
    assert hot_words.hottest({"灯": [4, 0], "桂花": [5, 0], "快递": [9, 40]}) == [("桂花", 5, 3.5)]


def test_private_words_are_in_no_barometer(app, cast, db):
    for person in (cast.resident, cast.neighbor, cast.owner, cast.tenant, cast.elder, cast.lead):
        sent = {"title": "家里漏水", "category": "water", "body": "卫生间漏水", "private": "on"}
        assert person.submit(f"/c/{HOME}/matters/new", sent).status_code == 303
    read(app)
    assert "漏水" not in read_of(db, HOME).words and read_of(db, STREET).told["hot"] == []


def test_somebody_of_two_communities_counts_in_one(app, cast, db):
    both = cast.resident.id
    with app.state.database.writing() as session:
        dwelling = session.scalar(select(Dwelling).where(Dwelling.code == AWAY))
        session.add(
            Membership(account_id=both, code=AWAY, building_id=dwelling.building_id,
                       dwelling_id=dwelling.id, kind="tenant", state="approved", applied_at=clock.now())
        )  # fmt: skip
    say(cast.resident, "电梯停了")
    say(cast.resident, "电梯停了", AWAY)
    read(app)
    assert read_of(db, STREET).words["电梯"] == [1, 0]


def test_only_a_building_of_five_is_called_silent(app, cast, db, neighbours):
    read(app)
    assert (read_of(db, HOME).buildings, read_of(db, HOME).silent) == (1, 1)
    assert read_of(db, HOME).told["silent"] == ["3号楼"]
    assert (read_of(db, STREET).silent, read_of(db, STREET).told["silent"]) == (1, [])
    page = cast.street.get(f"/d/{HOME}").text
    assert "<li>3号楼</li>" in page and "<li>1号楼</li>" not in page
    say(cast.elder, "我来说一句")
    clock.advance(timedelta(days=1))
    read(app)
    assert read_of(db, HOME).silent == 0
    clock.advance(timedelta(weeks=4))
    read(app)
    assert read_of(db, HOME).silent == 1


def test_load_is_reckoned_by_homes_and_by_clerks(app, cast, db):
    read(app)
    home = read_of(db, HOME)
    assert (home.homes, home.staff) == (7, 3)
    assert read_of(db, DISTRICT).homes == home.homes + read_of(db, AWAY).homes
    for number in range(7):
        cast.resident.insist(f"/c/{HOME}/matters/new", {"title": f"缺砖{number}", "category": "road"})
    lines = cast.street.get(f"/d/{STREET}/figures.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].endswith("每百户收到,每名社工收到")
    assert lines[3].endswith(",100.0,2.3")
