"""Claims to dwellings: asked for, decided, given back; and what happens when two decide at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select
from tests.cast import HOME

from shequtong.core.communities import events, joining
from shequtong.core.communities.models import Building, Division, Dwelling, Household, Membership
from shequtong.core.communities.models import MembershipTransition as Step
from shequtong.core.communities.visiting import find_actor
from shequtong.core.identity.models import Account
from shequtong.core.identity.signing_in import open_session
from shequtong.lib.errors import Conflict, Forbidden
from shequtong.lib.events import subscribe


class Town:
    """Short words for what these tests do again and again, each in a transaction of its own."""

    def __init__(self, database):
        self.database = database

    def actor(self, login):
        with self.database.writing() as session:
            account = session.exec(select(Account.id).where(Account.login == login)).one()
            token = open_session(session, account)
            session.flush()
            return find_actor(session, token)

    def dwelling(self, login):
        with self.database.reading() as session:
            return session.exec(
                select(Dwelling)
                .join(Membership, Membership.dwelling_id == Dwelling.id)
                .join(Account, Account.id == Membership.account_id)
                .where(Account.login == login)
            ).one()

    def empty_dwelling(self):
        with self.database.writing() as session:
            building = session.exec(select(Building).where(Building.code == HOME)).first()
            dwelling = Dwelling(building_id=building.id, code=HOME, room="909", room_index="909")
            session.add(dwelling)
            session.flush()
            return dwelling

    def apply(self, login, dwelling, kind="owner"):
        actor = self.actor(login)
        with self.database.writing() as session:
            return joining.apply(session, actor.id, dwelling, kind).id

    def do(self, act, claim_id, login, *more):
        actor = self.actor(login)
        with self.database.writing() as session:
            return act(session, session.get(Membership, claim_id), actor, *more)

    def claim(self, claim_id):
        with self.database.reading() as session:
            return session.get(Membership, claim_id)

    def claim_of(self, login):
        with self.database.reading() as session:
            return session.exec(
                select(Membership)
                .join(Account, Account.id == Membership.account_id)
                .where(Account.login == login)
            ).first()

    def residents(self):
        with self.database.reading() as session:
            return session.get(Division, HOME).residents

    def steps(self, claim_id):
        with self.database.reading() as session:
            found = session.exec(select(Step).where(Step.membership_id == claim_id).order_by(Step.id)).all()
            return [(s.name, s.source, s.target) for s in found]


@pytest.fixture
def town(app):
    return Town(app.state.database)


@pytest.fixture
def told():
    """The events of this test, as their names."""
    heard = []
    kinds = (events.Applied, events.Joined, events.Refused, events.Left, events.Represents)
    subscribe({kind: [lambda session, event: heard.append(type(event).__name__)] for kind in kinds})
    yield heard
    subscribe({})


def test_a_claim_is_approved_counted_recorded_and_told(town, told):
    dwelling = town.empty_dwelling()
    claim = town.apply("outsider", dwelling, "tenant")
    assert town.claim(claim).state == "applied" and town.residents() == 0
    town.do(joining.approve, claim, "clerk")
    approved = town.claim(claim)
    assert approved.state == "approved" and approved.representative and approved.household_id
    assert town.residents() == 7
    assert town.steps(claim) == [("apply", None, "applied"), ("approve", "applied", "approved")]
    assert told == ["Applied", "Joined"]


def test_a_refusal_gives_its_reason_and_one_may_ask_again(town, told):
    dwelling = town.empty_dwelling()
    claim = town.apply("outsider", dwelling)
    town.do(joining.refuse, claim, "clerk", "请先到居委会登记")
    assert (town.claim(claim).state, town.claim(claim).decision) == ("refused", "请先到居委会登记")
    assert told == ["Applied", "Refused"]
    assert town.claim(town.apply("outsider", dwelling)).state == "applied"


def test_one_asks_once_at_a_time(town):
    dwelling = town.empty_dwelling()
    town.apply("outsider", dwelling)
    with pytest.raises(Conflict):
        town.apply("outsider", dwelling, "family")
    with pytest.raises(Conflict):
        town.apply("resident", town.dwelling("resident"), "owner")


def test_one_has_few_requests_waiting_at_a_time(town):
    homes = [town.dwelling(login) for login in ("resident", "neighbor", "owner", "tenant", "elder", "lead")]
    for home in homes[:5]:
        town.apply("doctor", home, "family")
    with pytest.raises(Conflict):
        town.apply("doctor", homes[5], "family")


def test_a_second_owner_is_a_conflict_that_only_the_committee_settles(town):
    dwelling = town.dwelling("resident")
    claim = town.apply("outsider", dwelling)
    assert town.claim(claim).state == "conflict"
    with pytest.raises(Forbidden):
        town.do(joining.approve, claim, "resident")
    with pytest.raises(Forbidden):
        town.do(joining.approve_as_co_owner, claim, "resident")
    assert town.do(joining.approve, claim, "clerk").state == "conflict"
    town.do(joining.approve_as_co_owner, claim, "clerk")
    settled = town.claim(claim)
    assert settled.state == "approved" and settled.co_owner and not settled.representative


def test_a_conflict_can_be_refused_and_the_owner_stays(town):
    claim = town.apply("outsider", town.dwelling("resident"))
    town.do(joining.refuse, claim, "secretary", "产证上没有您的名字")
    assert town.claim_of("resident").state == "approved"


def test_who_claims_to_own_what_another_has_claimed_is_in_conflict_at_once(town):
    dwelling = town.empty_dwelling()
    first, second = town.apply("outsider", dwelling), town.apply("doctor", dwelling)
    assert (town.claim(first).state, town.claim(second).state) == ("applied", "conflict")


def test_when_the_owner_has_gone_the_other_may_follow_as_owner(town):
    claim = town.apply("outsider", town.dwelling("resident"))
    town.do(joining.end, town.claim_of("resident").id, "clerk", "房子已卖")
    assert town.do(joining.approve, claim, "clerk").state == "approved"
    assert not town.claim(claim).co_owner


def test_a_co_owner_who_stays_is_an_owner_too(town):
    claim = town.apply("outsider", town.dwelling("resident"))
    town.do(joining.approve_as_co_owner, claim, "clerk")
    town.do(joining.leave, town.claim_of("resident").id, "resident")
    third = town.apply("doctor", town.dwelling("resident"))
    assert town.claim(third).state == "conflict"
    assert town.do(joining.approve, third, "clerk").state == "conflict"


def test_the_representative_lets_family_and_tenants_in_but_no_owner(town):
    dwelling = town.dwelling("tenant")
    family, owner = town.apply("outsider", dwelling, "family"), town.apply("doctor", dwelling, "owner")
    town.do(joining.approve, family, "tenant")
    assert town.claim(family).state == "approved" and not town.claim(family).representative
    with pytest.raises(Forbidden):
        town.do(joining.approve, owner, "tenant")


@pytest.mark.parametrize(
    "login", ["neighbor", "lead", "outsecretary", "street", "district", "admin", "police"]
)
def test_nobody_else_decides(town, login):
    claim = town.apply("outsider", town.dwelling("tenant"), "family")
    for act, more in ((joining.approve, ()), (joining.refuse, ("x",)), (joining.approve_as_co_owner, ())):
        with pytest.raises(Forbidden):
            town.do(act, claim, login, *more)
    with pytest.raises(Forbidden):
        town.do(joining.end, town.claim_of("tenant").id, login, "x")


def test_a5_nobody_decides_their_own_claim(town):
    claim = town.apply("clerk", town.empty_dwelling())
    with pytest.raises(Forbidden):
        town.do(joining.approve, claim, "clerk")
    with pytest.raises(Forbidden):
        town.do(joining.refuse, claim, "clerk", "x")
    assert town.do(joining.approve, claim, "clerk2").state == "approved"
    with pytest.raises(Forbidden):
        town.do(joining.end, claim, "clerk", "x")


def test_a_claim_nobody_decided_can_be_taken_back(town, told):
    claim = town.apply("outsider", town.empty_dwelling())
    town.do(joining.leave, claim, "outsider")
    assert town.claim(claim).state == "left" and told == ["Applied", "Left"]


def test_who_leaves_gives_the_household_to_the_next_and_the_last_closes_it(town, told):
    dwelling = town.dwelling("resident")
    family = town.apply("outsider", dwelling, "family")
    town.do(joining.approve, family, "resident")
    first = town.claim_of("resident")
    town.do(joining.leave, first.id, "resident")
    assert town.claim(family).representative and "Represents" in told
    town.do(joining.leave, family, "outsider")
    with town.database.reading() as session:
        assert session.get(Household, first.household_id).until is not None
    assert town.residents() == 5


def test_the_representative_hands_over_to_another_of_the_household(town):
    family = town.apply("outsider", town.dwelling("resident"), "family")
    town.do(joining.approve, family, "clerk")
    with pytest.raises(Forbidden):
        town.do(joining.make_representative, family, "outsider")
    town.do(joining.make_representative, family, "resident")
    assert town.claim(family).representative and not town.claim_of("resident").representative
    town.do(joining.make_representative, town.claim_of("resident").id, "clerk")
    assert town.claim_of("resident").representative


def test_one_person_with_two_dwellings_is_one_resident(town):
    claim = town.apply("resident", town.empty_dwelling())
    town.do(joining.approve, claim, "clerk")
    assert town.residents() == 6
    town.do(joining.leave, claim, "resident")
    assert town.residents() == 6


def at_once(town, *tries):
    """What became of acts that begin at the same moment: the state, or the name of the refusal."""

    def run(attempt):
        act, claim, actor, more = attempt
        try:
            with town.database.writing() as session:
                return act(session, session.get(Membership, claim), actor, *more).state
        except (Conflict, Forbidden) as refused:
            return type(refused).__name__

    with ThreadPoolExecutor(len(tries)) as threads:
        return list(threads.map(run, tries))


def test_two_clerks_at_once_make_one_decision(town):
    actors = [town.actor("clerk"), town.actor("clerk2")]
    dwelling = town.empty_dwelling()
    for _round in range(10):
        claim = town.apply("outsider", dwelling, "tenant")
        came = at_once(
            town,
            (joining.approve, claim, actors[0], ()),
            (joining.refuse, claim, actors[1], ("不符",)),
            (joining.approve, claim, actors[1], ()),
            (joining.refuse, claim, actors[0], ("不符",)),
        )
        assert came.count("Conflict") == 3, came
        decided = [s for s in town.steps(claim) if s[1] == "applied"]
        assert len(decided) == 1
        if town.claim(claim).state == "approved":
            town.do(joining.end, claim, "clerk", "再来一次")


def test_two_owners_approved_at_once_are_one_owner_and_one_conflict(town, app):
    actors = [town.actor("clerk"), town.actor("clerk2")]
    for number in range(5):
        with app.state.database.writing() as session:
            building = session.exec(select(Building).where(Building.code == HOME)).first()
            dwelling = Dwelling(building_id=building.id, code=HOME, room="x", room_index=f"r{number}")
            session.add(dwelling)
            session.flush()
            claims = [
                joining.apply(session, actors[0].id, dwelling, "owner"),
                joining.apply(session, actors[1].id, dwelling, "owner"),
            ]
            claims[1].state = "applied"
            ids = [claim.id for claim in claims]
        came = at_once(
            town, (joining.approve, ids[0], actors[1], ()), (joining.approve, ids[1], actors[0], ())
        )
        assert sorted(came) == ["approved", "conflict"]


def test_two_who_ask_at_once_for_one_flat_are_a_claim_and_a_conflict(town):
    dwelling = town.empty_dwelling()
    ids = [town.actor(login).id for login in ("outsider", "doctor", "lawyer", "police")]

    def ask(account_id):
        with town.database.writing() as session:
            return joining.apply(session, account_id, dwelling, "owner").state

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(ask, ids)) == ["applied", "conflict", "conflict", "conflict"]


def test_the_first_of_a_flat_approved_at_once_are_one_household_with_one_representative(town):
    dwelling = town.empty_dwelling()
    logins = ("outsider", "doctor", "lawyer", "police")
    clerk = town.actor("clerk")
    claims = [town.apply(login, dwelling, "family") for login in logins]
    before = town.residents()
    assert at_once(town, *((joining.approve, claim, clerk, ()) for claim in claims)) == ["approved"] * 4
    found = [town.claim(claim) for claim in claims]
    assert len({claim.household_id for claim in found}) == 1
    assert sum(claim.representative for claim in found) == 1
    assert town.residents() == before + 10  # the six of the cast are counted with the first
