"""Pages of the registry: recorded, looked up, opened with a reason, and found by nobody without the duty."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from tests.cast import AWAY, HOME, stands_in
from tests.core.registry.conftest import NAME, PHONE
from tests.counting import counted

from shequtong.core.identity.models import Look
from shequtong.core.registry import keeping
from shequtong.core.registry.models import Change, Overlay, Person
from shequtong.lib import clock

HERE = f"/c/{HOME}/registry"
WANG = {
    "name": "王秀英",
    "phone": "13812340009",
    "birth_year": "1938",
    "relation": "head",
    "state": "lives",
    "source": "visit",
    "reason": "上门登记",
}
WHY = {"reason": "visit", "note": "送一份月饼"}
WITHOUT_DUTY = (
    "visitor",
    "applicant",
    "resident",
    "property",
    "police",
    "street",
    "district",
    "outsecretary",
)


def lead_to(registry, room):
    return f"{HERE}/dwellings/{registry.door(room).id}"


def named(db, *names):
    db.rollback()
    return [row for row in db.scalars(select(Person).order_by(Person.id)) if row.name in names]


def test_a_clerk_writes_a_household_down_and_finds_it_by_name_number_and_room(registry, db):
    clerk, door = registry.cast.clerk, lead_to(registry, "101")
    assert clerk.submit(f"{door}/new", WANG).headers["location"] == f"{door}?done=add"
    page = clerk.get(door).text
    assert "王*英" in page and "王秀英" not in page
    for typed in ("王秀英", "138 1234 0009", "101"):
        found = clerk.submit(f"{HERE}/look-ups", {"typed": typed, "reason": "urgent"})
        assert found.status_code == 200 and "138****0009" in found.text
        assert "王*英" in found.text and PHONE not in found.text
    assert clerk.submit(f"{HERE}/look-ups", {"typed": "王秀", "reason": "urgent"}).text.count("王*英") == 0
    assert clerk.submit(f"{HERE}/look-ups", {"typed": "王秀英"}).status_code == 422, "a reason is owed"
    person = named(db, "王秀英")[0]
    told = db.scalars(select(Look).where(Look.person_id == person.id)).all()
    assert [look.what for look in told] == ["found"] * 3
    record = clerk.get(f"{HERE}/record").text
    assert "查找过人" in record and "王秀英" not in record


def test_what_is_hidden_is_opened_for_a_reason_that_its_owner_reads(registry, db):
    person = registry.add()
    registry.act(keeping.tie, person, registry.cast.resident.id)
    clerk, where = registry.cast.clerk, f"{HERE}/people/{person}"
    page = clerk.get(where).text
    assert NAME not in page and not stands_in(PHONE, page) and "138****0001" in page
    assert clerk.submit(f"{where}/looks", {"what": "phone"}).status_code == 422
    opened = clerk.submit(f"{where}/looks", {"what": "phone", **WHY})
    assert opened.status_code == 200 and stands_in(PHONE, opened.text) and NAME not in opened.text
    told = registry.cast.resident.get("/me/access-log").text
    assert "上门看望：送一份月饼" in told and "社工小沈" in told
    assert NAME not in clerk.get(where).text, "the next page is masked again"


def test_the_same_person_under_two_spellings_is_asked_about_and_becomes_one(registry, db):
    registry.add("101", name="章晓华", birth_year=None)
    clerk, door = registry.cast.clerk, lead_to(registry, "101")
    typed = WANG | {"name": "張小華", "birth_year": "1941", "phone": ""}
    refused = clerk.submit(f"{door}/new", typed)
    assert refused.status_code == 422 and "是不是同一个人" in refused.text and "章*华" in refused.text
    assert "張小華" in refused.text, "what was typed is kept"
    known = re.search(r'name="same" value="(\d+)"', refused.text)[1]
    assert clerk.submit(f"{door}/new", typed | {"same": known}).status_code == 303
    db.rollback()
    (kept,) = db.scalars(select(Person)).all()
    assert (kept.name, kept.birth_year) == ("章晓华", 1941)
    assert clerk.submit(f"{door}/new", typed | {"birth_year": "1972"}).status_code == 303, "somebody else"
    typed["name"] = "张晓花"
    again = clerk.submit(f"{door}/new", typed)
    seen = re.search(r'name="seen" value="([\d ]+)"', again.text)[1]
    assert clerk.submit(f"{door}/new", typed | {"seen": seen}).status_code == 303
    db.rollback()
    assert len(db.scalars(select(Person)).all()) == 3


def test_two_entries_are_compared_and_put_together_with_lists_history_and_looks(registry, db):
    first, second = registry.add("101", birth_year=None), registry.add("301", name="张晓华", since=None)
    registry.act(keeping.tie, first, registry.cast.resident.id)
    registry.mark(first, "relief")
    registry.mark(second, "relief")
    registry.mark(second, "veteran")
    clerk, where = registry.cast.clerk, f"{HERE}/people/{first}/merge/{second}"
    assert f"/merge/{second}" in clerk.get(f"{HERE}/people/{first}").text
    clerk.submit(f"{HERE}/people/{second}/looks", {"what": "phone", **WHY})
    page = clerk.get(where)
    assert page.status_code == 200 and NAME not in page.text
    assert clerk.submit(where, {"kept": first}).status_code == 422
    assert clerk.submit(where, {"kept": first, "reason": "身份证看过"}).status_code == 303
    db.rollback()
    (kept,) = db.scalars(select(Person)).all()
    assert (kept.id, kept.birth_year) == (first, 1941)
    running = [row.kind for row in db.scalars(select(Overlay)) if row.ended_at is None]
    assert sorted(running) == ["relief", "veteran"]
    assert {row.person_id for row in db.scalars(select(Change))} == {first}
    assert "送一份月饼" in registry.cast.resident.get("/me/access-log").text


def test_entries_of_two_accounts_are_not_put_together(registry):
    first, second = registry.add("101"), registry.add("102", name="张晓华")
    registry.act(keeping.tie, first, registry.cast.resident.id)
    registry.act(keeping.tie, second, registry.cast.neighbor.id)
    where = f"{HERE}/people/{first}/merge/{second}"
    refused = registry.cast.clerk.submit(where, {"kept": first, "reason": "像"})
    assert refused.status_code == 422 and "不同的账号" in refused.text


def test_a_household_moves_and_two_become_one_by_the_form(registry):
    registry.add("101"), registry.add("102", name="李四", phone=None)
    clerk, door = registry.cast.clerk, lead_to(registry, "101")
    building = registry.door("102").building_id
    form = {"how": "move_household", "building_id": building, "room": "102", "reason": "父子并户"}
    refused = clerk.submit(f"{door}/moves", form)
    assert refused.status_code == 422 and "父子并户" in refused.text
    assert clerk.submit(f"{door}/moves", form | {"room": "999"}).status_code == 422
    moved = clerk.submit(f"{door}/moves", form | {"how": "merge_households"})
    assert moved.headers["location"] == f"{lead_to(registry, '102')}?done=merge_households"
    assert "张*华" in clerk.get(lead_to(registry, "102")).text and "张*华" not in clerk.get(door).text


def test_a_person_is_put_right_moved_and_leaves_and_each_step_stands_in_the_history(registry):
    person = registry.add()
    clerk, where = registry.cast.clerk, f"{HERE}/people/{person}"
    for what, form in (
        ("corrections", {"phone": "13812349999", "relation": "spouse"}),
        ("moves", {"building_id": registry.door("201").building_id, "room": "201"}),
        ("states", {"state": "moved_out"}),
    ):
        assert clerk.submit(f"{where}/{what}", form | {"reason": "本人来说的"}).status_code == 303, what
    assert clerk.submit(f"{where}/corrections", {"phone": "1", "reason": "改"}).status_code == 422
    assert clerk.submit(f"{where}/states", {"state": "moved_out", "reason": "改"}).status_code == 422
    page = clerk.get(where).text
    assert page.count("本人来说的") == 3 and "13812349999" not in page and "配偶" in page
    kept = registry.person(person)
    assert (kept.phone, kept.state) == ("+8613812349999", "moved_out")


def test_nobody_reads_or_changes_their_own_entry(registry):
    person = registry.add("103")
    with registry.database.writing() as session:
        session.get_one(Person, person).account_id = registry.cast.clerk.id
    clerk, where = registry.cast.clerk, f"{HERE}/people/{person}"
    assert "/looks" not in clerk.get(where).text
    for what in ("looks", "corrections", "states", "moves", "account", "lists"):
        assert clerk.submit(f"{where}/{what}", {"what": "phone", **WHY}).status_code == 403


def test_nobody_moves_their_own_household(registry):
    person = registry.add("103")
    with registry.database.writing() as session:
        session.get_one(Person, person).account_id = registry.cast.clerk.id
    to = {
        "how": "move_household",
        "building_id": registry.door("302").building_id,
        "room": "302",
        "reason": "搬",
    }
    assert registry.cast.clerk.submit(f"{lead_to(registry, '103')}/moves", to).status_code == 403
    assert registry.cast.clerk2.submit(f"{lead_to(registry, '103')}/moves", to).status_code == 303


def test_a_building_lead_sees_their_own_stairs_masked_and_nothing_more(registry):
    inside, outside = registry.add("101"), registry.add("201")
    registry.mark(inside, "relief")
    registry.mark(inside, "elder_alone")
    registry.mark(outside, "elder_alone")
    lead = registry.cast.lead
    assert "2号楼" not in lead.get(HERE).text
    page = lead.get(f"{HERE}/people/{inside}")
    assert page.status_code == 200 and NAME not in page.text
    assert "独居老人" in page.text and "社会救助" not in page.text
    for where in (f"{HERE}/people/{outside}", lead_to(registry, "201"), f"{HERE}/record"):
        assert lead.get(where).status_code == 404
    for where in (f"{HERE}/people/{inside}/looks", f"{HERE}/look-ups", f"{lead_to(registry, '101')}/new"):
        assert lead.submit(where, WANG | WHY | {"what": "phone", "typed": NAME}).status_code == 404
    listed = lead.get(f"{HERE}/lists/elder_alone").text
    assert f"/people/{inside}" in listed and f"/people/{outside}" not in listed
    opened = lead.submit(f"{HERE}/lists/elder_alone/looks", WHY).text
    assert NAME in opened and not stands_in(PHONE, opened)


@pytest.mark.parametrize("login", WITHOUT_DUTY)
def test_a_list_is_refused_to_who_has_no_duty_for_it(registry, login, db):
    person = registry.add()
    registry.mark(person, "relief")
    browser = getattr(registry.cast, login)
    for where in (HERE, f"{HERE}/people/{person}", lead_to(registry, "101"), f"{HERE}/lists/relief"):
        assert browser.get(where).status_code in (303, 403, 404), where
    answer = browser.get(f"{HERE}/lists/relief")
    db.rollback()
    refused = db.scalars(select(Change.overlay).where(Change.name == "refuse_list")).all()
    if login in ("resident", "property", "police"):
        assert answer.status_code == 403 and "这次查看请求已经记下" in answer.text
        assert refused == ["relief"], "once, however often it is reloaded"
        assert "没有这项职责却来要名单" in registry.cast.secretary.get(f"{HERE}/record").text
    else:
        assert refused == []


def test_a_lead_who_asks_for_relief_is_refused_and_it_is_written_down(registry, db):
    registry.mark(registry.add(), "relief")
    assert registry.cast.lead.get(f"{HERE}/lists/relief").status_code == 403
    db.rollback()
    by = db.scalars(select(Change.by_id).where(Change.name == "refuse_list")).all()
    assert by == [registry.cast.lead.id]


def test_a_list_is_kept_asked_about_again_and_opened_for_a_reason(registry, db):
    person = registry.add()
    clerk, where = registry.cast.clerk, f"{HERE}/people/{person}"
    form = {"kind": "elder_alone", "source": "visit", "since": "2026-01-01", "reason": "子女在外地"}
    assert clerk.submit(f"{where}/lists", form).status_code == 303
    assert clerk.submit(f"{where}/lists", form).status_code == 422, "once is enough"
    listed = clerk.get(f"{HERE}/lists/elder_alone").text
    assert "张*华" in listed and NAME not in listed
    opened = clerk.submit(f"{HERE}/lists/elder_alone/looks", WHY).text
    assert NAME in opened and stands_in(PHONE, opened)
    db.rollback()
    (look,) = db.scalars(select(Look)).all()
    assert look.what == "real_name phone room overlays" and look.person_id == person
    overlay = db.scalar(select(Overlay.id))
    later = {"review_on": clock.today().replace(year=clock.today().year + 1), "reason": "看过"}
    assert clerk.submit(f"{where}/lists/{overlay}", later).status_code == 303
    assert clerk.submit(f"{where}/lists/{overlay}", {"end": "1", "reason": "与子女同住"}).status_code == 303
    assert "名单上还没有人" in clerk.get(f"{HERE}/lists/elder_alone").text


def test_another_communitys_people_are_not_reached_through_this_one(registry):
    theirs = registry.add(code=AWAY)
    clerk = registry.cast.clerk
    assert clerk.get(f"{HERE}/people/{theirs}").status_code == 404
    assert clerk.submit(f"{HERE}/people/{theirs}/looks", {"what": "phone", **WHY}).status_code == 404
    mine = registry.add()
    assert clerk.get(f"{HERE}/people/{mine}/merge/{theirs}").status_code == 404


def test_pages_ask_no_more_for_many_people_than_for_few(app, registry):
    for number in range(2):
        registry.add("101", name=f"陈{'一二'[number]}", phone=None)
    clerk, pages = registry.cast.clerk, {}
    where = [HERE, f"{HERE}/buildings/{registry.door('101').building_id}", lead_to(registry, "101")]
    for _round in range(2):
        for address in where:
            clerk.get(address)
            with counted(app) as asked:
                assert clerk.get(address).status_code == 200
            pages.setdefault(address, []).append(len(asked))
        for number in range(8):
            registry.add("101", name=f"周{number}", phone=None)
    for address, (few, many) in pages.items():
        assert many <= few and many <= 8, (address, few, many)
