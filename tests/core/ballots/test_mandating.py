"""Mandates: given by who may vote for a home, within the limit, and used once."""

from datetime import timedelta

from sqlalchemy import select
from tests.core.ballots.conftest import home_of

from shequtong.core.ballots.models import Ballot, Turnout
from shequtong.core.communities.models import Dwelling
from shequtong.lib import clock


def give(opened, db, giver, holder, **more):
    browser = getattr(opened.cast, giver)
    sent = {"dwelling": str(home_of(db, browser)), "holder": holder, **more}
    return browser.submit(f"{opened.page}/mandates", sent)


def test_a_neighbour_votes_for_a_home_that_gave_a_mandate(vote, cast, db):
    opened = vote(rule="ordinary", proxies=2)
    home = str(home_of(db, cast.resident))
    assert opened.cast_by("elder", dwelling=home).status_code == 403
    assert give(opened, db, "resident", "王阿婆").status_code == 303
    assert "王阿婆 可以替您家投票" in cast.resident.get(opened.page).text
    assert "您代投的票：小陈" in cast.elder.get(opened.page).text
    assert opened.cast_by("elder", dwelling=home).status_code == 303
    assert opened.cast_by("resident").status_code == 409
    db.rollback()
    ballot = db.scalars(select(Ballot).where(Ballot.round_id == opened.id)).one()
    turnout = db.scalars(select(Turnout).where(Turnout.round_id == opened.id)).one()
    assert (ballot.by_id, turnout.way) == (cast.elder.id, "proxy")


def test_one_person_votes_for_no_more_homes_than_was_settled(vote, cast, db):
    opened = vote(proxies=1)
    assert give(opened, db, "resident", "王阿婆").status_code == 303
    full = give(opened, db, "neighbor", "王阿婆")
    assert full.status_code == 409 and "代投的户数已经满了" in full.text
    assert give(opened, db, "resident", "老周").status_code == 409
    assert give(opened, db, "resident", "", undo="1").status_code == 303
    assert opened.cast_by("elder", dwelling=str(home_of(db, cast.resident))).status_code == 403
    assert give(opened, db, "neighbor", "王阿婆").status_code == 303


def test_a_mandate_needs_a_neighbour_a_right_and_time(vote, cast, db, stopped):
    opened = vote(rule="ordinary", proxies=3)
    for holder, words in (
        ("查无此人", "没有找到叫这个名字的邻居"),
        ("四村小赵", "没有找到叫这个名字的邻居"),
        ("小陈", "本来就可以替这一户投票"),
    ):
        answer = give(opened, db, "resident", holder)
        assert answer.status_code == 422 and words in answer.text, holder
    assert give(opened, db, "tenant", "王阿婆").status_code == 403
    stolen = {"dwelling": str(home_of(db, cast.resident)), "holder": "阿芳"}
    assert cast.neighbor.submit(f"{opened.page}/mandates", stolen).status_code == 403
    assert cast.neighbor.submit(f"{opened.page}/mandates", stolen | {"undo": "1"}).status_code == 403
    clock.advance(timedelta(days=8))
    assert give(opened, db, "resident", "王阿婆").status_code == 409


def test_no_mandate_where_none_was_settled(vote, db):
    opened = vote()
    assert give(opened, db, "resident", "王阿婆").status_code == 409


def test_staff_record_a_mandate_that_is_signed_on_paper(vote, cast, db):
    opened = vote(rule="ordinary", proxies=1)
    home = db.get_one(Dwelling, home_of(db, cast.owner))
    sent = {"building_id": str(home.building_id), "room": "201", "holder": "王阿婆"}
    page = f"{opened.page}/papers/mandates"
    assert cast.resident.submit(page, sent).status_code == 403
    assert cast.clerk.submit(page, sent | {"holder": "谁呀"}).status_code == 422
    assert cast.clerk.submit(page, sent).status_code == 303
    assert "王阿婆 替他们投" in cast.clerk.get(f"{opened.page}/papers").text
    undo = {"dwelling": str(home.id), "undo": "1"}
    assert cast.resident.submit(page, undo).status_code == 403
    assert cast.clerk.submit(page, undo).status_code == 303
    assert opened.cast_by("elder", dwelling=str(home.id)).status_code == 403
    assert cast.clerk.submit(page, sent).status_code == 303
    assert "您代投的票：2号楼" in cast.elder.get(opened.page).text
    assert opened.cast_by("elder", dwelling=str(home.id)).status_code == 303


def test_a_home_that_votes_itself_ends_the_mandate_and_may_change_what_was_cast_for_it(vote, cast, db):
    """Who gave a power takes it back by acting (Civil Code, art. 173): the holder changes nothing after that."""
    opened = vote(rule="ordinary", proxies=2)
    home = {"dwelling": str(home_of(db, cast.resident))}
    assert give(opened, db, "resident", "王阿婆").status_code == 303
    assert opened.cast_by("elder", "for", **home).status_code == 303
    assert opened.cast_by("elder", "against", version="1", **home).status_code == 303
    assert opened.cast_by("resident", "for", version="2").status_code == 303
    assert "您代投的票" not in cast.elder.get(opened.page).text
    answer = opened.cast_by("elder", "against", version="3", **home)
    assert answer.status_code == 409 and "这一户已经自己投了票" in answer.text
    db.rollback()
    ballot = db.scalars(select(Ballot).where(Ballot.round_id == opened.id)).one()
    assert (ballot.by_id, ballot.choice, ballot.version) == (cast.resident.id, "for", 3)
