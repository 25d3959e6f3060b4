"""Whether a matter is fixed: pictures of before and after, neighbours as witnesses."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from tests.boards.test_matters import LAMP, MATTERS, claimed, number_of, reported, take, walk
from tests.core.media.test_storing import picture

from shequtong.boards.matters.models import Matter
from shequtong.core.posts.models import Participation, Post, PostTransition


def photo(name="p.jpg"):
    return {"photos": (name, picture(), "image/jpeg")}


def in_work(cast):
    answer = cast.resident.submit(f"{MATTERS}/new", LAMP, files=photo("before.jpg"))
    address = answer.headers["location"]
    walk(address, (cast.clerk, "acknowledge", {}), (cast.clerk, "start", {}))
    return address


def test_pictures_of_the_repair_stand_beside_those_of_the_report(cast, db):
    address = in_work(cast)
    sent = {"name": "claim_done", "reason": "换了灯管"}
    assert cast.clerk.submit(f"{address}/transitions", sent, files=photo("after.jpg")).status_code == 303
    shown = cast.neighbor.get(address).text
    assert "修之前" in shown and "修好后" in shown
    before, after = shown.split("修好后", 1)
    assert before.count(f"{address}/photos/") == 2 and after.count(f"{address}/photos/") == 2
    assert len(db.get(Post, number_of(address)).photos) == 1


def test_a_picture_of_the_repair_is_kept_when_the_form_has_a_mistake(cast):
    address = in_work(cast)
    answer = cast.clerk.submit(f"{address}/transitions", {"name": "claim_done"}, files=photo())
    assert answer.status_code == 422
    kept = answer.text.split('name="photo_ids" value="')[1].split('"')[0]
    sent = {"name": "claim_done", "reason": "换了灯管", "photo_ids": kept}
    assert cast.clerk.submit(f"{address}/transitions", sent).status_code == 303
    assert f"{address}/photos/{kept}/" in cast.resident.get(address).text


def test_pictures_of_others_cannot_be_claimed_and_who_may_not_claim_hangs_none(cast):
    address = in_work(cast)
    sent = {"name": "claim_done", "reason": "好了"}
    assert cast.neighbor.submit(f"{address}/transitions", sent, files=photo()).status_code == 403
    first = cast.neighbor.get(address).text.split(f"{address}/photos/")[1].split("/")[0]
    assert cast.clerk.submit(f"{address}/transitions", sent | {"photo_ids": first}).status_code == 303
    assert "修好后" not in cast.resident.get(address).text


def test_three_homes_that_have_the_trouble_confirm_it(cast, db):
    address = claimed(cast)
    assert take(cast.neighbor, address, "see_fixed").status_code == 409
    take(cast.neighbor, address, "me_too")
    take(cast.owner, address, "me_too")
    cast.tenant.submit(f"{address}/follow")
    for browser in (cast.neighbor, cast.neighbor, cast.owner):
        assert take(browser, address, "see_fixed").status_code == 303
    assert db.get(Post, number_of(address)).state == "done_claimed"
    assert take(cast.tenant, address, "see_fixed").status_code == 303
    shown = cast.resident.get(address).text
    assert "邻居们确认：修好了" in shown and "已解决" in shown
    assert take(cast.resident, address, "reopen", reason="我家还是不亮").status_code == 303


@pytest.mark.parametrize("login", ["resident", "clerk", "property", "police", "street", "admin"])
def test_no_one_else_says_that_they_see_it_fixed(cast, login):
    address = claimed(cast)
    getattr(cast, login).submit(f"{address}/follow")
    assert take(getattr(cast, login), address, "see_fixed").status_code == 403


def test_nobody_settles_it_by_hand(cast):
    address = claimed(cast)
    for login in ("resident", "neighbor", "clerk", "secretary", "street", "admin"):
        for name in ("settle", "remind"):
            assert take(getattr(cast, login), address, name).status_code == 403


def test_what_neighbours_saw_of_an_earlier_repair_counts_no_more(cast, db):
    address = claimed(cast)
    for browser in (cast.neighbor, cast.owner):
        take(browser, address, "me_too")
        assert take(browser, address, "see_fixed").status_code == 303
    walk(
        address,
        (cast.resident, "reopen", {"reason": "又坏了"}),
        (cast.clerk, "acknowledge", {}),
        (cast.clerk, "start", {}),
        (cast.clerk, "claim_done", {"reason": "换了整条线"}),
    )
    seen = select(Participation).where(
        Participation.post_id == number_of(address), Participation.name == "see_fixed"
    )
    assert db.scalars(seen).all() == []
    take(cast.tenant, address, "me_too")
    take(cast.tenant, address, "see_fixed")
    assert db.get(Post, number_of(address)).state == "done_claimed"
    assert db.get(Matter, number_of(address)).reopened == 1


def test_the_way_is_told_with_who_promised_what(cast):
    address = reported(cast)
    walk(address, (cast.clerk, "acknowledge", {}), (cast.clerk, "dispatch", {"to": "property"}))
    told = cast.neighbor.get(address).text.split('class="stages"')[1].split("</section>")[0]
    assert (
        told.index("居民反映") < told.index("居委会已受理") < told.index("已派给处理方") < told.index("物业")
    )


def test_homes_that_look_at_the_same_moment_settle_it_once(cast, db):
    address = claimed(cast)
    neighbours = (cast.neighbor, cast.owner, cast.tenant, cast.elder)
    for browser in neighbours:
        take(browser, address, "me_too")
    with ThreadPoolExecutor(len(neighbours)) as crowd:
        answers = list(crowd.map(lambda one: take(one, address, "see_fixed").status_code, neighbours))
    assert set(answers) <= {303, 409} and answers.count(303) >= 3
    settled = select(PostTransition).where(
        PostTransition.post_id == number_of(address), PostTransition.name == "settle"
    )
    assert len(db.scalars(settled).all()) == 1
