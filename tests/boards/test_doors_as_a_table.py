"""The doors that have not confirmed, as a table: for staff, without names, and never a formula."""

import csv
import io

import pytest
from sqlalchemy import select
from tests.boards.test_notices import in_days, written
from tests.boards.test_reaching_doors import building, door
from tests.cast import HOME

from shequtong.core.communities.models import Building


@pytest.fixture
def asked(cast):
    return written(cast.clerk, kind="must_read", until=in_days(3))


def rows(answer):
    assert answer.content.startswith(b"\xef\xbb\xbf"), "Excel reads Chinese by this mark"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_doors_that_are_left_stand_in_a_table(app, cast, asked):
    cast.resident.take(asked, "confirm")
    cast.clerk.submit(f"{asked}/doors", {"building": building(app, 1), "door": door(app, "102")})
    answer = cast.clerk.get(f"{asked}/doors.csv")
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    found = rows(answer)
    assert found[0] == ["楼栋", "室号"]
    assert ["1号楼", "103"] in found and ["2号楼", "201"] in found
    assert ["1号楼", "101"] not in found and ["1号楼", "102"] not in found
    assert "老徐" not in answer.text
    assert f"{asked}/doors.csv" in cast.clerk.get(f"{asked}/doors").text


def test_no_name_of_a_building_becomes_a_formula(app, cast, asked):
    with app.state.database.writing() as session:
        first = session.scalar(select(Building).where(Building.code == HOME, Building.name == "1号楼"))
        first.name = "=HYPERLINK(1)"
    assert rows(cast.clerk.get(f"{asked}/doors.csv"))[1][0] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("login", ["lead", "resident", "property", "street", "applicant", "outsecretary"])
def test_nobody_else_takes_the_table_away(cast, asked, login):
    assert getattr(cast, login).get(f"{asked}/doors.csv").status_code in (403, 404)
