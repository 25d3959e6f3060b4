"""People, households and lists of the registry: written with who, why and when, and nowhere in clear."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.cast import AWAY, HOME
from tests.core.registry.conftest import NAME, PHONE

from shequtong.core.communities import households, joining
from shequtong.core.communities.models import Household, Membership
from shequtong.core.communities.standing import Standing
from shequtong.core.communities.visiting import find_person
from shequtong.core.identity import looking
from shequtong.core.identity.queries import looks
from shequtong.core.privacy import retaining
from shequtong.core.registry import finding, keeping, overlays
from shequtong.core.registry.models import Change, Overlay, Person
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, NotFound


def look_up(registry, typed, **where):
    with registry.database.reading() as session:
        return [row.id for row in finding.look_up(session, HOME, typed, **where)]


def history(registry, person_id):
    with registry.database.reading() as session:
        told = select(Change.name).where(Change.person_id == person_id).order_by(Change.id)
        return list(session.scalars(told))


@pytest.mark.parametrize(
    "typed", [NAME, "張小華", " 张 小 华 ", "张·小华", PHONE, "+86 138 1234 0001", "１０１", "101室"]
)
def test_somebody_is_found_however_name_phone_and_room_are_typed(registry, typed):
    person = registry.add()
    registry.add("201", name="李四", phone="+8613812340002")
    registry.add(code=AWAY)
    assert look_up(registry, typed) == [person]
    assert look_up(registry, typed, building_ids=[registry.door("201").building_id]) == []


@pytest.mark.databases("sqlite")
def test_p1_names_phones_and_what_was_changed_stand_nowhere_in_the_database_file(registry, settings):
    person = registry.add(name="独一无二的名字")
    registry.act(lambda s, p, by, why: keeping.correct(s, p, {"phone": "+8613899990000"}, by, why), person)
    file = Path(registry.database.url.database)
    content = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    assert "上门登记".encode() in content, "this is where it would be"
    for canary in ("独一无二的名字", "13899990000", PHONE):
        assert canary.encode() not in content


def test_a_household_lives_on_without_accounts_and_ends_when_the_last_one_has_gone(registry, db):
    person = registry.add()
    with registry.database.writing() as session:
        claim = session.scalar(select(Membership).where(Membership.account_id == registry.cast.resident.id))
        joining.leave(session, claim, find_person(session, registry.cast.resident.id))
    home = registry.door("101").id
    assert households.present(db, home) is not None
    db.rollback()
    registry.act(
        lambda s, p, by, why: keeping.change_state(s, p, "moved_out", date(2026, 5, 1), by, why), person
    )
    assert households.present(db, home) is None
    kept = registry.person(person)
    assert (kept.state, kept.left_on, kept.household_id) == ("moved_out", date(2026, 5, 1), None)


def test_a_household_moves_and_its_way_can_be_read_at_both_doors(registry, db):
    first, second = registry.add("302"), registry.add("302", name="李四", phone="", relation="spouse")
    old, new = registry.door("302"), registry.door("202")
    with registry.database.writing() as session:
        by = find_person(session, registry.cast.clerk.id)
        with pytest.raises(Conflict):
            keeping.merge_households(session, old, new, by, "搬家")
        assert keeping.move_household(session, old, new, by, "搬家") == 2
    assert {registry.person(one).dwelling_id for one in (first, second)} == {new.id}
    assert history(registry, first) == ["add", "move_household"]
    told = db.scalars(
        select(Change).where(Change.dwelling_id == old.id, Change.name == "move_household")
    ).one()
    assert "2号楼 202" in told.facts and told.reason == "搬家" and told.by_id == registry.cast.clerk.id
    assert db.scalar(select(Household.until).where(Household.dwelling_id == old.id)) == clock.today()


def test_two_households_become_one_with_one_head(registry):
    host, guest = registry.add("301"), registry.add("302", name="李四", phone="")
    with registry.database.writing() as session:
        by = find_person(session, registry.cast.clerk.id)
        with pytest.raises(Conflict):
            keeping.move_household(session, registry.door("302"), registry.door("301"), by, "并户")
        keeping.merge_households(session, registry.door("302"), registry.door("301"), by, "并户")
    one, other = registry.person(host), registry.person(guest)
    assert one.household_id == other.household_id and (one.relation, other.relation) == ("head", "kin")
    assert history(registry, guest)[-1] == "merge_households"


def test_an_overlay_holds_until_its_day_and_ends_when_somebody_goes(registry, db):
    person = registry.add()
    registry.mark(person, "elder_alone")
    with pytest.raises(Conflict):
        registry.mark(person, "elder_alone")
    registry.mark(person, "relief")
    registry.act(lambda s, p, by, why: keeping.change_state(s, p, "died", None, by, why), person)
    assert all(one.ended_at for one in db.scalars(select(Overlay)))
    assert history(registry, person)[-2:] == ["end_overlay", "end_overlay"]


def test_an_office_sees_what_its_duty_needs_and_nothing_else():
    lead = Standing(frozenset({"resident", "lead"}), frozenset({1, 2}), frozenset({1}))
    assert overlays.seen_by(lead, 1) == ("elder_alone",) and overlays.seen_by(lead, 2) == ()
    for office in (
        "property",
        "owners_committee",
        "police",
        "doctor",
        "street",
        "district",
        "admin",
        "resident",
    ):
        assert overlays.seen_by(Standing(frozenset({office}), frozenset({1})), 1) == ()
    assert not overlays.sees(Standing(frozenset({"secretary"})), "nothing_declared", 1)


def test_who_gets_an_account_reads_what_was_looked_at_before(registry):
    person = registry.add()
    resident = registry.cast.resident.id
    with registry.database.writing() as session:
        looking.look_at_person(session, person, None, registry.cast.clerk.id, ["phone"], "打电话问平安")
        assert looks(session, resident, None)[0] == []
    registry.act(keeping.tie, person, resident)
    with registry.database.writing() as session:
        assert [row.reason for row in looks(session, resident, None)[0]] == ["打电话问平安"]
    registry.act(keeping.untie, person)
    with registry.database.writing() as session:
        assert looks(session, resident, None)[0] == [], "it was somebody else's row"


def test_an_account_of_elsewhere_or_ones_own_is_not_tied(registry):
    person = registry.add()
    for account, no in ((registry.cast.outsider.id, NotFound), (registry.cast.clerk.id, Conflict)):
        with pytest.raises(no):
            registry.act(keeping.tie, person, account)


def test_who_left_three_years_ago_is_forgotten_with_all_that_hangs_on_them(registry, db):
    person, stays = registry.add(), registry.add("201", name="李四")
    registry.mark(person, "relief")
    gone_on = clock.today() - timedelta(days=3 * 365 + 1)
    registry.act(lambda s, p, by, why: keeping.change_state(s, p, "moved_out", gone_on, by, why), person)
    with registry.database.writing() as session:
        looking.look_at_person(session, person, None, registry.cast.clerk.id, ["phone"], "查一下")
        retaining.forget_some(session)
    assert [one.id for one in db.scalars(select(Person))] == [stays]
    assert not db.scalars(select(Overlay)).all()
    assert {one.person_id for one in db.scalars(select(Change))} == {stays}


def test_p4_the_export_holds_the_registry_and_an_erased_account_leaves_the_committees_row(registry, db):
    from tests.core.identity.test_own_data import archive, close

    person, resident = registry.add(), registry.cast.resident.id
    registry.mark(person, "relief")
    registry.act(keeping.tie, person, resident)
    data = archive(registry.cast.resident).read("data.json").decode()
    for words in (NAME, PHONE, "registry_overlay", "relief", "上门登记"):
        assert words in data
    assert "name_index" not in data
    assert NAME not in archive(registry.cast.neighbor).read("data.json").decode()
    assert close(registry.cast.resident).status_code == 303
    kept = registry.person(person)
    assert kept.account_id is None and kept.name == NAME
