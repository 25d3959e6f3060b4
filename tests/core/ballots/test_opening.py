"""Opening a round: a roll that stays as it was, terms that never change, and a clear word for every mistake."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError
from tests.core.ballots.conftest import give_areas, home_of

from shequtong.core.ballots import opening, recording
from shequtong.core.ballots.models import RollEntry, Round, RoundEvent, Voter
from shequtong.core.communities.models import Dwelling, Membership
from shequtong.core.identity.actor import Actor
from shequtong.core.posts.models import Post
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, Invalid


def test_v2_the_roll_stays_as_it_was_when_the_round_opened(vote, app, cast, db):
    opened = vote(rule="ordinary")
    home, tenant = home_of(db, cast.resident), cast.tenant
    with app.state.database.writing() as session:
        session.get_one(Dwelling, home).area = Decimal("300.00")
        session.execute(update(Membership).where(Membership.account_id == tenant.id).values(kind="owner"))
    entry = db.get_one(RollEntry, (opened.id, home))
    assert entry.area == 885_000
    assert opened.round().roll_heads == 7 and opened.round().roll_area == 7 * 885_000
    assert opened.cast_by("tenant").status_code == 403
    assert opened.cast_by("resident").status_code == 303


def test_the_numbers_of_the_roll_are_drawn_and_not_counted(vote, db):
    drawn = []
    for _round in range(3):
        opened = vote()
        db.rollback()
        rows = db.scalars(select(RollEntry).where(RollEntry.round_id == opened.id)).all()
        assert sorted(row.number for row in rows) == list(range(1, 8))
        drawn.append([row.number for row in sorted(rows, key=lambda row: row.dwelling_id)])
    assert len({tuple(numbers) for numbers in drawn}) > 1


def test_under_article_278_owners_vote_and_else_everybody_who_lives_there(vote, db):
    by_owners, by_all = vote(rule="ordinary"), vote(rule="majority")
    voters = {
        round_.id: db.scalar(select(func.count()).where(Voter.round_id == round_.id))
        for round_ in (by_owners, by_all)
    }
    assert voters == {by_owners.id: 5, by_all.id: 6}


def test_only_the_buildings_that_were_chosen_vote(vote, cast, db):
    building = db.get_one(Dwelling, home_of(db, cast.elder)).building_id
    opened = vote(buildings=(building,))
    assert opened.round().roll_heads == 2 and opened.round().scope == "3号楼"
    assert opened.cast_by("resident").status_code == 403
    assert opened.cast_by("elder").status_code == 303


@pytest.mark.parametrize(
    ("plan", "complaint"),
    [
        ({"closes_at": clock.now() - timedelta(minutes=1)}, "请选择一个还没到的时间"),
        ({"rule": "dice"}, "请从选项中选一个"),
        ({"rule": "ordinary", "options": ("甲", "乙")}, "这条规则只问同意还是反对"),
        ({"options": ("甲",)}, "请写两到 8 个不同的选项"),
        ({"options": ("甲", "甲")}, "请写两到 8 个不同的选项"),
        ({"secret": True, "papers": True, "place": "居委会"}, "无记名表决不收纸质票"),
        ({"papers": True}, "请写明纸质票交到哪里"),
        ({"buildings": (999_999,)}, "请从选项中选一个"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_a_clear_word(vote, plan, complaint):
    with pytest.raises(Invalid, match=complaint):
        vote(**plan)


def test_a_roll_without_areas_is_no_roll_under_article_278(vote, app):
    give_areas(app, elder=Decimal(0))
    with pytest.raises(Invalid, match="有 1 套房没有登记面积"):
        vote(rule="major")
    assert vote(rule="majority").round().roll_heads == 7


def test_v4_secrecy_options_times_and_roll_are_held_by_the_database(vote, app):
    opened = vote(secret=True)
    opened.cast_by("resident")
    changes = [
        update(Round).where(Round.id == opened.id).values(**change)
        for change in (
            {"secret": False},
            {"options": [["for", "同意"]]},
            {"closes_at": clock.now()},
            {"rule": "advisory"},
        )
    ]
    changes += [
        update(RollEntry).where(RollEntry.round_id == opened.id).values(area=1),
        delete(RollEntry).where(RollEntry.round_id == opened.id),
        delete(Voter).where(Voter.round_id == opened.id),
        update(RoundEvent).where(RoundEvent.round_id == opened.id).values(facts={}),
        delete(RoundEvent).where(RoundEvent.round_id == opened.id),
    ]
    for change in changes:
        with (
            pytest.raises(DBAPIError, match="keeps what was written"),
            app.state.database.writing() as session,
        ):
            session.execute(change)


def test_the_record_is_a_chain_and_names_no_ballot(vote, cast, db, stopped):
    opened = vote(secret=True)
    for login in ("resident", "neighbor", "owner"):
        opened.cast_by(login)
    opened.count()
    links = recording.chain(db, opened.id)
    assert [link.name for link in links] == ["opened", "roll_frozen", "closed", "counted"]
    previous = recording.BEGINNING
    for link in links:
        assert link.previous == previous and link.digest == recording.digest_of(recording.link(link))
        previous = link.digest
    assert links[0].by_id == cast.clerk.id and links[-1].by_id is None


def test_one_repeat_after_too_few_voted_and_no_third(vote, app, stopped):
    first = vote()
    again = opening.plan_again(first.round(), clock.now() + timedelta(days=20))

    def repeat():
        with app.state.database.writing() as session:
            return opening.open_round(session, session.get_one(Post, first.post_id), again, Actor(1)).id

    with pytest.raises(Conflict):
        repeat()
    assert first.count().result == "no_quorum"
    first.id = repeat()
    assert first.round().number == 2 and first.count().result == "no_quorum"
    again = opening.plan_again(first.round(), clock.now() + timedelta(days=20))
    with pytest.raises(Conflict):
        repeat()
