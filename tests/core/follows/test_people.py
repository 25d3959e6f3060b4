"""A person's page: what neighbours may see of somebody, and who does not even learn that they exist."""

from tests.cast import HOME, number_of, stands_in

TALK = f"/c/{HOME}/talk"


def test_a_neighbour_sees_a_name_a_building_and_posts_and_nothing_more(cast):
    cast.neighbor.submit(f"{TALK}/new", {"title": "谁家的猫", "body": ""})
    shown = cast.resident.get(f"/u/{cast.neighbor.id}").text
    assert "阿芳" in shown and "1号楼" in shown and "谁家的猫" in shown
    assert not stands_in("102", shown.replace(f"/u/{cast.neighbor.id}", "")), "never the room"


def test_a2_a_stranger_is_answered_like_nobody(cast):
    for login in ("outsider", "applicant", "outsecretary"):
        stranger = getattr(cast, login)
        for address in (f"/u/{cast.resident.id}", "/u/999999", "/u/0"):
            assert stranger.get(address).status_code == 404, (login, address)
        for deed in ("follow", "mute", "block"):
            assert stranger.submit(f"/u/{cast.resident.id}/{deed}").status_code == 404
    assert cast.resident.get(f"/u/{cast.outsider.id}").status_code == 404
    assert cast.resident.get(f"/u/{cast.applicant.id}").status_code == 404
    assert cast.visitor.get(f"/u/{cast.resident.id}").status_code == 303


def test_offices_are_known_to_those_they_serve_and_the_other_way_round(cast):
    assert "书记林敏" in cast.resident.get(f"/u/{cast.secretary.id}").text
    assert cast.resident.get(f"/u/{cast.street.id}").status_code == 200
    assert cast.street.get(f"/u/{cast.resident.id}").status_code == 200
    assert cast.street.get(f"/u/{cast.outsider.id}").status_code == 200


def test_a3_posts_on_a_persons_page_are_those_the_reader_may_read(cast):
    open_to_all = number_of(cast.resident.submit(f"{TALK}/new", {"title": "大家好", "body": ""}))
    draft = cast.resident.submit(
        f"/c/{HOME}/goods/new",
        {"title": "旧书桌", "kind": "give", "category": "furniture", "body": "", "draft": "1"},
    )
    assert draft.status_code == 303
    mine, theirs = (
        cast.resident.get(f"/u/{cast.resident.id}").text,
        cast.neighbor.get(f"/u/{cast.resident.id}").text,
    )
    assert "旧书桌" in mine and "大家好" in mine
    assert "旧书桌" not in theirs and "大家好" in theirs
    cast.resident.submit(f"{TALK}/{open_to_all}/delete")
    assert "大家好" not in cast.neighbor.get(f"/u/{cast.resident.id}").text


def test_a_persons_page_goes_on_by_cursor(cast):
    for number in range(23):
        cast.resident.submit(f"{TALK}/new", {"title": f"第{number}篇。", "body": ""})
    first = cast.neighbor.get(f"/u/{cast.resident.id}").text
    assert "第22篇。" in first and "第2篇。" not in first
    cursor = first.split("?cursor=")[1].split('"')[0]
    second = cast.neighbor.get(f"/u/{cast.resident.id}?cursor={cursor}").text
    assert "第2篇。" in second and "第22篇。" not in second


def test_ones_own_page_has_no_buttons_against_oneself(cast):
    shown = cast.resident.get(f"/u/{cast.resident.id}").text
    assert f"/u/{cast.resident.id}/block" not in shown
    assert cast.resident.submit(f"/u/{cast.resident.id}/follow").status_code == 409
