"""Following people, boards, buildings and communities, and ending it."""

from sqlalchemy import select
from tests.cast import AWAY, HOME, number_of

from shequtong.core.communities.models import Building
from shequtong.core.follows.models import Follow


def follows_of(app, account_id):
    with app.state.database.reading() as session:
        found = session.execute(select(Follow.kind, Follow.target).where(Follow.account_id == account_id))
        return {tuple(row) for row in found}


def building_at(app, code):
    with app.state.database.reading() as session:
        return session.scalars(select(Building.id).where(Building.code == code).order_by(Building.id)).first()


def test_everything_that_can_be_followed_is_listed_and_can_be_ended(cast, app):
    post = number_of(cast.neighbor.submit(f"/c/{HOME}/talk/new", {"title": "一起跑步", "body": ""}))
    building = building_at(app, HOME)
    addresses = [
        f"/u/{cast.neighbor.id}/follow",
        f"/c/{HOME}/follow",
        f"/c/{HOME}/goods/follow",
        f"/c/{HOME}/buildings/{building}/follow",
        f"/c/{HOME}/talk/{post}/follow",
    ]
    for address in addresses:
        assert cast.resident.submit(address).status_code == 303, address
    assert follows_of(app, cast.resident.id) == {
        ("person", str(cast.neighbor.id)),
        ("committee", HOME),
        ("board", f"{HOME}/goods"),
        ("building", str(building)),
        ("post", str(post)),
    }
    shown = cast.resident.get("/me/follows").text
    for address in addresses:
        assert f'action="{address}"' in shown, address
        assert cast.resident.submit(address, {"undo": "1"}).status_code == 303
    assert follows_of(app, cast.resident.id) == set()


def test_pages_show_whether_they_are_followed(cast):
    board = f"/c/{HOME}/talk"
    assert "关注" in cast.resident.get(board).text
    for _posts in range(2):
        cast.resident.submit(f"{board}/follow")
        assert 'name="undo"' in cast.resident.get(board).text
        cast.resident.submit(f"{board}/follow", {"undo": "1"})
        assert 'name="undo"' not in cast.resident.get(board).text
        cast.resident.submit(f"{board}/new", {"title": "有了一篇", "body": ""})


def test_a_button_switches_itself_for_htmx(cast):
    answer = cast.resident.submit(f"/u/{cast.neighbor.id}/follow", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "<html" not in answer.text and 'name="undo"' in answer.text


def test_buildings_are_for_members_of_their_own_community(cast, app):
    here, there = building_at(app, HOME), building_at(app, AWAY)
    assert cast.resident.submit(f"/c/{HOME}/buildings/{there}/follow").status_code == 404
    assert cast.resident.submit(f"/c/{AWAY}/buildings/{there}/follow").status_code == 404
    assert cast.outsider.submit(f"/c/{HOME}/buildings/{here}/follow").status_code == 404
    assert cast.applicant.submit(f"/c/{HOME}/buildings/{here}/follow").status_code == 404
    assert cast.visitor.submit(f"/c/{HOME}/buildings/{here}/follow").status_code == 303


def test_boards_that_are_not_open_cannot_be_followed(cast):
    assert cast.outsider.submit(f"/c/{AWAY}/nosuch/follow").status_code == 404
    assert cast.visitor.submit(f"/c/{HOME}/talk/follow").status_code == 303


def test_a_post_that_was_hidden_can_still_be_forgotten(cast, app):
    post = number_of(cast.neighbor.submit(f"/c/{HOME}/talk/new", {"title": "说漏嘴了", "body": ""}))
    cast.resident.submit(f"/c/{HOME}/talk/{post}/follow")
    cast.neighbor.submit(f"/c/{HOME}/talk/{post}/delete")
    shown = cast.resident.get("/me/follows").text
    assert "说漏嘴了" not in shown and f'action="/me/follows/{post}"' in shown
    cast.resident.submit(f"/me/follows/{post}")
    assert follows_of(app, cast.resident.id) == set()


def test_the_page_of_choices_lists_boards_and_only_ones_own_buildings(cast):
    assert f"/c/{HOME}/talk/follow" in cast.resident.get(f"/c/{HOME}/following").text
    assert "/buildings/" in cast.resident.get(f"/c/{HOME}/following").text
    assert "/buildings/" not in cast.outsider.get(f"/c/{HOME}/following").text
    assert cast.visitor.get(f"/c/{HOME}/following").status_code == 303


def test_the_next_page_of_a_button_is_a_local_one(cast):
    answer = cast.resident.submit(f"/u/{cast.neighbor.id}/follow", {"next": "https://evil.example/"})
    assert answer.headers["location"] == f"/u/{cast.neighbor.id}"
