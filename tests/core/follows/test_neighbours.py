"""My neighbours: my building, my compound, and those who follow me as I follow them."""

from sqlalchemy import select
from tests.cast import AWAY

from shequtong.core.communities.models import Building


def buildings(app):
    with app.state.database.reading() as session:
        return {(b.code, b.name): b.id for b in session.scalars(select(Building).order_by(Building.id)).all()}


def test_one_meets_ones_own_building_first_and_the_compound_by_building(cast, app):
    shown = cast.resident.get("/me/neighbours").text
    assert "阿芳" in shown and "楼组长老徐" in shown
    assert "老周" not in shown and "四村小赵" not in shown and "小陈</a>" not in shown
    second = buildings(app)["310113104029", "2号楼"]
    assert "老周" in cast.resident.get(f"/me/neighbours?building={second}").text


def test_a2_buildings_of_others_are_not_opened(cast, app):
    there = buildings(app)[AWAY, "1号楼"]
    assert cast.resident.get(f"/me/neighbours?building={there}").status_code == 404
    assert cast.visitor.get("/me/neighbours").status_code == 303
    for login in ("applicant", "street", "clerk"):
        shown = getattr(cast, login).get("/me/neighbours")
        assert shown.status_code == 200 and "阿芳" not in shown.text, login


def test_who_follow_each_other_are_neighbours(cast):
    cast.resident.submit(f"/u/{cast.elder.id}/follow")
    assert "王阿婆" not in cast.resident.get("/me/neighbours").text
    cast.elder.submit(f"/u/{cast.resident.id}/follow")
    assert "王阿婆" in cast.resident.get("/me/neighbours").text
    assert "互相关注" in cast.resident.get(f"/u/{cast.elder.id}").text


def test_who_blocked_me_or_is_blocked_is_not_listed(cast):
    cast.neighbor.submit(f"/u/{cast.resident.id}/block")
    assert "阿芳" not in cast.resident.get("/me/neighbours").text
    assert "小陈" not in cast.neighbor.get("/me/neighbours").text.split("<main", 1)[1]
