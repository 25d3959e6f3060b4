"""A matter shown by a pin on the compound's plan: put there by who reports it, seen by who belongs there."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from tests.boards.test_every_board import counted
from tests.boards.test_matters import LAMP, MATTERS, number_of, reported, take
from tests.cast import AWAY, HOME
from tests.core.media.test_storing import picture

from shequtong.boards.matters import pins
from shequtong.boards.matters.models import Matter
from shequtong.core.communities.models import Compound

PLANS = f"/c/{HOME}/plans"


@pytest.fixture
def compound(db):
    return db.scalar(select(Compound.id).where(Compound.code == HOME))


def hung(cast, compound, **options):
    """A clerk hangs a plan."""
    files = {"plan": ("plan.png", picture(800, 600, "PNG"), "image/png")}
    return cast.clerk.submit(f"{PLANS}/{compound}", options, files=files)


def test_staff_hang_a_plan_and_members_see_it(cast, compound, worker):
    assert f'id="compound-{compound}"' in cast.clerk.get(PLANS).text
    assert hung(cast, compound).status_code == 303
    worker.run_waiting()
    answer = cast.neighbor.get(f"{PLANS}/{compound}/page")
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/webp"
    assert cast.clerk.submit(f"{PLANS}/{compound}", {"remove": "1"}).status_code == 303
    assert cast.neighbor.get(f"{PLANS}/{compound}/page").status_code == 404


def test_only_staff_hang_plans_and_no_stranger_sees_one(cast, visitor, compound):
    hung(cast, compound)
    for login in ("resident", "lead", "property", "street", "admin", "outsecretary", "applicant"):
        assert getattr(cast, login).get(PLANS).status_code == 404, login
        assert getattr(cast, login).submit(f"{PLANS}/{compound}", {"remove": "1"}).status_code == 404, login
    for login in ("outsider", "applicant", "outsecretary"):
        assert getattr(cast, login).get(f"{PLANS}/{compound}/page").status_code == 404, login
        assert getattr(cast, login).get(f"{MATTERS}/plan").status_code == 403, login
    assert visitor.get(f"{PLANS}/{compound}/page").status_code == 303
    assert visitor.get(f"{MATTERS}/plan").status_code == 303
    assert cast.outsecretary.submit(f"/c/{AWAY}/plans/{compound}", {"remove": "1"}).status_code == 404
    assert cast.outsecretary.get(f"/c/{AWAY}/plans/{compound}/page").status_code == 404


@pytest.mark.parametrize("content", [b"", b"no picture at all"])
def test_what_is_no_picture_is_told_beside_its_compound(cast, compound, content):
    files = {"plan": ("plan.png", content, "image/png")}
    answer = cast.clerk.submit(f"{PLANS}/{compound}", files=files)
    assert answer.status_code == 422 and f'id="plan-{compound}-error"' in answer.text


def test_a_pin_is_put_kept_moved_and_shown(cast, compound, db):
    assert "f-pin" not in cast.resident.get(f"{MATTERS}/new").text
    hung(cast, compound)
    form = cast.resident.get(f"{MATTERS}/new").text
    assert 'id="f-pin"' in form and "plan/plan.js" in form and "leaflet" in form
    address = reported(cast, pin=f"{compound}:250,500")
    shown = cast.neighbor.get(address).text
    assert "从左 25%，从上 50%" in shown and 'cx="200.0" cy="300.0"' in shown
    assert 'style="' not in shown
    assert f'value="{compound}:250,500"' in cast.resident.get(f"{address}/edit").text
    cast.resident.submit(f"{address}/edit", LAMP | {"pin": ""})
    db.rollback()
    assert db.get(Matter, number_of(address)).pin == ""
    assert "plan/plan.js" not in cast.neighbor.get(address).text


@pytest.mark.parametrize("place", ["1200,500", "500,-1", "1001,0", "0,99999"])
def test_a_pin_outside_the_plan_is_told_beside_it_and_nothing_typed_is_lost(cast, compound, place, db):
    hung(cast, compound)
    files = {"photos": ("lamp.jpg", picture(), "image/jpeg")}
    sent = LAMP | {"pin": f"{compound}:{place}", "seen": ""}
    answer = cast.resident.submit(f"{MATTERS}/new", sent, files=files)
    assert answer.status_code == 422
    assert 'id="f-pin-error"' in answer.text and "标记在平面图外面了" in answer.text
    assert "晚上很黑" in answer.text and "电梯口" in answer.text and 'name="photo_ids"' in answer.text
    assert f'value="{compound}:{place}"' in answer.text
    assert db.scalar(select(Matter.post_id)) is None


@pytest.mark.parametrize("pin", ["nonsense", "999999:1,1", "1:1", "٣:1,1", "1" * 30 + ":1,1"])
def test_a_pin_on_no_plan_of_ours_is_refused(cast, compound, pin):
    hung(cast, compound)
    assert cast.resident.submit(f"{MATTERS}/new", LAMP | {"pin": pin}).status_code == 422


def test_a_plan_of_another_committee_is_none_of_ours(cast, compound, db):
    hung(cast, compound)
    sent = LAMP | {"pin": f"{compound}:1,1"}
    assert cast.outsider.submit(f"/c/{AWAY}/matters/new", sent).status_code == 422


def test_open_matters_stand_on_the_plan_and_in_a_list(cast, compound):
    assert "还没有平面图" in cast.neighbor.get(f"{MATTERS}/plan").text
    hung(cast, compound)
    there = reported(cast, pin=f"{compound}:100,200", title="东门灯坏了")
    over = reported(cast, pin=f"{compound}:300,200", title="早已了结")
    take(cast.clerk, over, "acknowledge")
    take(cast.clerk, over, "declare_unfixable", reason="money")
    private = reported(cast, pin=f"{compound}:400,200", title="不公开的事", private="1")
    reported(cast, title="没有标记的事")
    shown = cast.neighbor.get(f"{MATTERS}/plan?compound={compound}").text
    assert f'href="{there}"' in shown and "从左 10%，从上 20%" in shown
    for title in ("早已了结", "不公开的事", "没有标记的事"):
        assert title not in shown
    assert private in cast.resident.get(f"{MATTERS}/plan").text
    assert f'href="{MATTERS}/plan"' in cast.neighbor.get(MATTERS).text


def test_twenty_pins_cost_as_many_questions_as_two(cast, compound, app):
    hung(cast, compound)
    asked = []
    for more in (2, 18):
        for number in range(more):
            reported(cast, title=f"第{number}件", pin=f"{compound}:{number},5")
        cast.neighbor.get(f"{MATTERS}/plan")
        with counted(app) as queries:
            cast.neighbor.get(f"{MATTERS}/plan")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 4


def test_a_pin_is_read_as_it_is_written():
    assert pins.read("7:0,1000") == pins.Pin(7, 0, 1000)
    assert pins.read("7:0,1000").is_on_it and not pins.read("7:0,1001").is_on_it
    assert pins.read("") is None and pins.read("7:a,b") is None
