"""Open matters that are like the one being written: shown before it is sent, to those who may see them."""

from sqlalchemy import select
from tests.boards.test_every_board import counted
from tests.boards.test_matters import LAMP, MATTERS, number_of, reported, take
from tests.cast import AWAY, HOME
from tests.core.media.test_storing import picture

from shequtong.core.communities.models import Building

TYPED = {"title": "三楼的灯不亮了", "category": "light"}
SIMILAR = f"{MATTERS}/similar"


def first_send(browser, **fields):
    """As the form sends it, which says what it has shown."""
    return browser.submit(f"{MATTERS}/new", LAMP | {"seen": ""} | fields)


def test_the_first_send_shows_what_is_open_already_and_the_second_sends(cast):
    address = reported(cast)
    answer = first_send(cast.neighbor, body="我家门口也黑")
    assert answer.status_code == 422
    assert "是不是同一件事" in answer.text and f'href="{address}"' in answer.text
    assert "我家门口也黑" in answer.text and "还是发送" in answer.text
    assert f'formaction="{address}/transitions"' in answer.text
    assert first_send(cast.neighbor, seen=str(number_of(address))).status_code == 303


def test_a_form_that_does_not_say_what_it_has_shown_has_shown_nothing(cast):
    address = reported(cast)
    for sent in (LAMP, LAMP | {"seen": "999999"}, LAMP | {"seen": "nonsense"}):
        answer = cast.neighbor.submit(f"{MATTERS}/new", sent)
        assert answer.status_code == 422 and f'href="{address}"' in answer.text


def test_a_photo_is_kept_while_one_looks_whether_it_is_the_same(cast):
    address = reported(cast)
    files = {"photos": ("lamp.jpg", picture(), "image/jpeg")}
    answer = cast.neighbor.submit(f"{MATTERS}/new", LAMP | {"seen": ""}, files=files)
    assert answer.status_code == 422
    photo = answer.text.split('name="photo_ids" value="')[1].split('"')[0]
    sent = first_send(cast.neighbor, seen=str(number_of(address)), photo_ids=photo)
    assert f"/photos/{photo}/" in cast.owner.get(sent.headers["location"]).text


def test_what_is_like_it_is_found_by_words_by_category_and_by_place(cast, db):
    one, two = (
        str(number)
        for number in sorted(db.scalars(select(Building.id).where(Building.code == HOME)).all())[:2]
    )
    reported(cast, building_id=one)

    def look(**typed):
        return cast.neighbor.get(SIMILAR, params=typed).text

    assert "三楼灯不亮" in look(**TYPED)
    assert "三楼灯不亮" in look(title="坏了", category="light", building_id=one)
    assert "三楼灯不亮" not in look(title="三楼灯不亮", category="light", building_id=two)
    assert "三楼灯不亮" not in look(title="楼下有人养鸡", category="animals")
    assert "三楼灯不亮" not in look()


def test_what_is_over_is_not_shown(cast):
    address = reported(cast)
    take(cast.clerk, address, "acknowledge")
    take(cast.clerk, address, "declare_unfixable", reason="money")
    assert first_send(cast.neighbor).status_code == 303


def test_a3_private_matters_and_those_of_other_communities_are_never_shown(cast):
    reported(cast, private="1", title="三楼灯不亮啊")
    assert cast.outsider.submit(f"/c/{AWAY}/matters/new", LAMP | {"title": "三楼灯不亮呀"}).status_code == 303
    for login in ("resident", "neighbor", "clerk"):
        shown = getattr(cast, login).get(SIMILAR, params=TYPED).text
        assert "三楼灯不亮" not in shown, login
    assert first_send(cast.neighbor).status_code == 303


def test_a_private_matter_is_not_held_up(cast):
    reported(cast)
    assert first_send(cast.neighbor, private="1").status_code == 303


def test_only_who_may_report_looks_for_similar_ones(cast):
    reported(cast)
    assert cast.visitor.get(SIMILAR, params=TYPED).status_code == 303
    for login in ("applicant", "outsider", "property", "police", "street", "admin"):
        assert getattr(cast, login).get(SIMILAR, params=TYPED).status_code == 403, login
    assert cast.resident.get(f"/c/{HOME}/talk/similar", params=TYPED).status_code == 404


def test_me_too_is_offered_once_and_never_to_its_reporter(cast):
    address = reported(cast)
    button = f'formaction="{address}/transitions"'
    assert button in cast.neighbor.get(SIMILAR, params=TYPED).text
    assert button not in cast.clerk.get(SIMILAR, params=TYPED).text
    assert "您反映的" in cast.resident.get(SIMILAR, params=TYPED).text
    take(cast.neighbor, address, "me_too")
    shown = cast.neighbor.get(SIMILAR, params=TYPED).text
    assert button not in shown and "1 位邻居也遇到" in shown
    assert button in cast.owner.get(SIMILAR, params=TYPED).text


def test_looking_costs_the_same_for_twenty_as_for_two(cast, app):
    asked = []
    for more in (2, 18):
        for number in range(more):
            reported(cast, title=f"三楼灯不亮 {number}")
        cast.neighbor.get(SIMILAR, params=TYPED)
        with counted(app) as queries:
            shown = cast.neighbor.get(SIMILAR, params=TYPED).text
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 4
    assert shown.count("<li>") == 5
