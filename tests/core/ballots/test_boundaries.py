"""Article 278 at its very edge, with dwellings, owners, ballots and paper as the databases keep them (V6).

Areas are square metres to the hundredth, as the register has them. Each row casts real ballots and counts them.
"""

from decimal import Decimal

import pytest
from sqlalchemy import select
from tests.cast import HOME
from tests.core.ballots.conftest import Vote

from shequtong.core.ballots import casting, entering
from shequtong.core.ballots.models import Turnout
from shequtong.core.communities.models import Building, Dwelling, Membership
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.lib import clock
from shequtong.lib.errors import Invalid

ROOM, HAIR = Decimal(60), Decimal("0.01")
"""A usual home, and the least by which one home can be larger than another."""
FOR, AGAINST, ABSTAIN, SILENT = "for", "against", "abstain", ""


class House:
    """A building of its own in which every home has these owners, and a vote of this building alone."""

    def __init__(self, app, areas, owners=1):
        self.app = app
        with app.state.database.writing() as session:
            first = session.scalars(select(Building).where(Building.code == HOME)).first()
            building = Building(compound_id=first.compound_id, code=HOME, name="界碑楼")
            session.add(building)
            session.flush()
            self.building = building.id
            self.homes = [self._home(session, number, area, owners) for number, area in enumerate(areas, 1)]

    def _home(self, session, number, area, owners):
        room = str(number)
        home = Dwelling(
            building_id=self.building, code=HOME, room=room, room_index=f"edge{number}", area=area
        )
        session.add(home)
        session.flush()
        people = []
        for place in range(owners):
            owner = Account(
                login=f"edge{number}-{place}", name=f"业{number}", password="", created_at=clock.now()
            )
            session.add(owner)
            session.flush()
            claim = {"kind": "owner", "state": "approved", "applied_at": clock.now(), "co_owner": place > 0}
            home_of = {"code": HOME, "building_id": self.building, "dwelling_id": home.id}
            session.add(Membership(account_id=owner.id, **home_of, **claim))
            people.append(owner.id)
        return home.id, people

    def vote(self, cast, rule, choices, **plan):
        """Everybody votes who does not stay silent; the round, counted."""
        opened = Vote(self.app, cast, rule=rule, buildings=(self.building,), **plan)
        for (home, people), choice in zip(self.homes, choices, strict=True):
            if choice:
                self.cast(opened, people[0], home, choice)
        return opened

    def cast(self, opened, owner, home, choice, version=0):
        with self.app.state.database.writing() as session:
            casting.cast(session, opened.id, Actor(owner), home, choice, version)


@pytest.mark.parametrize(
    ("rule", "ballots", "result"),
    [
        # two thirds take part, by heads and by area
        ("ordinary", [(ROOM, FOR), (ROOM, FOR), (ROOM, SILENT)], "adopted"),
        ("ordinary", [(ROOM, FOR), (ROOM, FOR), (ROOM + HAIR, SILENT)], "no_quorum"),
        ("ordinary", [(ROOM, FOR), (ROOM, SILENT), (ROOM, SILENT)], "no_quorum"),
        ("ordinary", [(ROOM * 9, FOR), (ROOM, SILENT), (ROOM, SILENT)], "no_quorum"),
        ("ordinary", [(ROOM, FOR), (ROOM, ABSTAIN), (ROOM, SILENT)], "rejected"),
        ("major", [(ROOM, FOR), (ROOM, FOR), (ROOM, SILENT)], "adopted"),
        ("major", [(ROOM, FOR), (ROOM, FOR), (ROOM + HAIR, SILENT)], "no_quorum"),
        # half is not more than half, by heads and by area
        ("ordinary", [(ROOM, FOR), (ROOM, AGAINST)], "rejected"),
        ("ordinary", [(ROOM + HAIR, FOR), (ROOM, AGAINST)], "rejected"),
        ("ordinary", [(ROOM, FOR), (ROOM, FOR), (ROOM * 2, AGAINST)], "rejected"),
        ("ordinary", [(ROOM, FOR), (ROOM + HAIR, FOR), (ROOM * 2, AGAINST)], "adopted"),
        # three quarters are enough, by heads and by area
        ("major", [(ROOM, FOR), (ROOM, FOR), (ROOM, FOR), (ROOM, AGAINST)], "adopted"),
        ("major", [(ROOM, FOR), (ROOM, FOR), (ROOM, FOR), (ROOM + HAIR, AGAINST)], "rejected"),
        ("major", [(ROOM * 9, FOR), (ROOM, FOR), (ROOM, AGAINST), (ROOM, AGAINST)], "rejected"),
        ("major", [(ROOM, FOR), (ROOM, FOR), (ROOM, FOR), (ROOM, ABSTAIN)], "adopted"),
    ],
)
@pytest.mark.parametrize("secret", [False, True], ids=["open", "secret"])
def test_v6_article_278_decides_at_its_very_edge(app, cast, stopped, rule, ballots, result, secret):
    house = House(app, [area for area, _choice in ballots])
    opened = house.vote(cast, rule, [choice for _area, choice in ballots], secret=secret)
    assert opened.count().result == result


@pytest.mark.parametrize("rule", ["ordinary", "major"])
def test_a_home_that_votes_online_and_on_paper_is_one_at_the_edge(app, cast, stopped, rule):
    """Two of three homes are a quorum; one home that voted twice is none."""
    house = House(app, [ROOM, ROOM, ROOM])
    opened = house.vote(cast, rule, [FOR, SILENT, SILENT], papers=True, place="居委会")
    home, _owners = house.homes[0]
    for reader in (cast.clerk, cast.clerk2):
        with app.state.database.writing() as session:
            entering.enter(session, opened.id, Actor(reader.id), home, AGAINST)
    round_ = opened.count()
    assert (round_.voted_heads, round_.voted_area) == (1, 600_000)
    assert (round_.result, round_.tally) == ("no_quorum", {FOR: [1, 600_000]})
    with app.state.database.reading() as session:
        assert session.get_one(Turnout, (opened.id, home)).twice


@pytest.mark.parametrize("rule", ["ordinary", "major"])
def test_several_owners_of_a_home_are_one_at_the_edge(app, cast, stopped, rule):
    house = House(app, [ROOM, ROOM, ROOM], owners=3)
    opened = house.vote(cast, rule, [FOR, FOR, SILENT])
    home, owners = house.homes[0]
    house.cast(opened, owners[1], home, AGAINST, version=1)
    house.cast(opened, owners[2], home, FOR, version=2)
    round_ = opened.count()
    assert (round_.result, round_.tally) == ("adopted", {FOR: [2, 1_200_000]})


@pytest.mark.parametrize("rule", ["ordinary", "major"])
@pytest.mark.parametrize("area", [Decimal(0), None], ids=["zero", "unknown"])
def test_a_home_without_area_keeps_a_vote_under_article_278_from_being_opened(app, cast, rule, area):
    house = House(app, [ROOM, ROOM, area])
    with pytest.raises(Invalid, match="有 1 套房没有登记面积"):
        house.vote(cast, rule, [SILENT] * 3)
