"""Visits to those who live alone: planned, due, written once, and for nobody without the duty."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.cast import HOME, stands_in
from tests.core.registry.conftest import NAME, PHONE

from shequtong.core.registry import keeping, merging
from shequtong.core.registry.models import Person, PersonVisit, VisitPlan
from shequtong.lib import clock

HERE = f"/c/{HOME}/registry"
WEEK = f"{HERE}/visits"
WELL = {"outcome": "well", "note": "精神很好，腌了咸菜"}


@pytest.fixture
def alone(registry):
    """Somebody of 101 who lives alone and is visited each week, from today on."""
    person = registry.add()
    registry.mark(person, "elder_alone")
    assert plan(registry, person).status_code == 303
    return person


def plan(registry, person, **fields):
    form = {
        "every_days": 7,
        "who_id": registry.cast.lead.id,
        "next_on": clock.today(),
        "reason": "子女不在身边",
    }
    return registry.cast.clerk.submit(f"{HERE}/people/{person}/plan", form | fields)


def visit(browser, person, **fields):
    form = {"visited_on": clock.today(), **WELL, **fields}
    return browser.submit(f"{HERE}/people/{person}/visits", form)


def next_on(registry):
    with registry.database.reading() as session:
        return session.scalars(select(VisitPlan.next_on).where(VisitPlan.ended_at.is_(None))).one()


def test_the_round_is_masked_until_it_is_opened_and_each_reads_that(registry, alone):
    registry.act(keeping.tie, alone, registry.cast.resident.id)
    clerk = registry.cast.clerk
    page = clerk.get(WEEK).text
    assert "张*华" in page and NAME not in page and "楼组长老徐" in page
    opened = clerk.submit(f"{WEEK}/looks").text
    assert NAME in opened and stands_in(PHONE, opened) and stands_in("101", opened)
    assert "上门看望：本周走访" in registry.cast.resident.get("/me/access-log").text
    led = registry.cast.lead.submit(f"{WEEK}/looks").text
    assert NAME in led and not stands_in(PHONE, led), "a lead knocks and needs no number"


@pytest.mark.parametrize(("outcome", "days"), [("well", 7), ("needs", 3), ("absent", 1)])
def test_a_visit_says_when_the_next_one_is_due(registry, alone, outcome, days):
    assert visit(registry.cast.lead, alone, outcome=outcome).headers["location"] == f"{WEEK}?done=visit"
    assert next_on(registry) == clock.today() + timedelta(days=days)


def test_the_same_form_sent_again_is_written_once(registry, alone, db):
    answers = [visit(registry.cast.lead, alone, once="from-the-phone").status_code for _again in range(3)]
    assert answers == [303] * 3
    db.rollback()
    (kept,) = db.scalars(select(PersonVisit)).all()
    assert (kept.note, kept.by_id) == (WELL["note"], registry.cast.lead.id)


def test_what_is_overdue_lies_on_the_desk_and_first_in_the_round(registry, alone, db):
    desk = f"/c/{HOME}/desk"
    assert "次走访已过期" not in registry.cast.clerk.get(desk).text
    with registry.database.writing() as session:
        session.scalars(select(VisitPlan)).one().next_on = clock.today() - timedelta(days=2)
    assert "1次走访已过期" in registry.cast.clerk.get(desk).text
    assert "起已过期" in registry.cast.clerk.get(WEEK).text
    registry.act(keeping.change_state, alone, "moved_out", None)
    assert "次走访已过期" not in registry.cast.clerk.get(desk).text, "nobody is visited who has gone"


def test_wrong_visits_and_plans_come_back_with_what_was_typed(registry, alone):
    clerk, tomorrow = registry.cast.clerk, clock.today() + timedelta(days=1)
    for wrong in (visit(clerk, alone, visited_on=tomorrow), visit(clerk, alone, outcome="asleep")):
        assert wrong.status_code == 422 and WELL["note"] in wrong.text
    for fields in ({"every_days": 2}, {"who_id": registry.cast.outsider.id}, {"reason": ""}):
        assert plan(registry, alone, **fields).status_code == 422


@pytest.mark.databases("sqlite")
def test_p1_what_was_heard_on_a_visit_stands_nowhere_in_the_database_file(registry, alone):
    visit(registry.cast.clerk, alone)
    file = Path(registry.database.url.database)
    content = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    assert b"registry_visit" in content and WELL["note"].encode() not in content


def test_notes_are_for_the_staff_and_for_whoever_wrote_them(registry, alone):
    visit(registry.cast.clerk, alone)
    where = f"{HERE}/people/{alone}"
    assert WELL["note"] in registry.cast.secretary.get(where).text
    assert WELL["note"] not in registry.cast.lead.get(where).text


def test_only_the_offices_that_visit_see_the_round_and_only_those_alone_are_visited(registry, alone):
    other = registry.add("201", name="李四", phone=None)
    for login in ("resident", "property", "doctor", "street", "district", "outsecretary", "applicant"):
        browser = getattr(registry.cast, login)
        assert browser.get(WEEK).status_code == 404
        assert browser.submit(f"{WEEK}/looks").status_code == 404
        assert visit(browser, alone).status_code == 404
    assert visit(registry.cast.clerk, other).status_code == 404, "they do not live alone"
    registry.mark(other, "elder_alone")
    assert visit(registry.cast.lead, other).status_code == 404, "another stair"
    unplanned = {"end": "1", "reason": "不用了"}
    assert registry.cast.lead.submit(f"{HERE}/people/{alone}/plan", unplanned).status_code == 404
    assert registry.cast.clerk.submit(f"{HERE}/people/{alone}/plan", unplanned).status_code == 303
    assert "本周没有要走访的人" in registry.cast.clerk.get(WEEK).text


def test_plans_and_visits_go_along_when_two_entries_become_one_and_with_an_export(registry, alone, db):
    from tests.core.identity.test_own_data import archive

    twin = registry.add("301", name="张晓华")
    registry.mark(twin, "elder_alone")
    assert plan(registry, twin, who_id=registry.cast.clerk.id).status_code == 303
    visit(registry.cast.clerk, twin)
    other = registry.person(twin)
    registry.act(lambda s, p, by, why: merging.merge(s, p, s.get_one(Person, other.id), by, why), alone)
    db.rollback()
    assert {row.person_id for row in db.scalars(select(PersonVisit))} == {alone}
    assert [row.person_id for row in db.scalars(select(VisitPlan)) if row.ended_at is None] == [alone]
    registry.act(keeping.tie, alone, registry.cast.resident.id)
    data = archive(registry.cast.resident).read("data.json").decode()
    assert WELL["note"] in data and "registry_visit_plan" in data
