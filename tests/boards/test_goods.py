"""Idle goods: a price only for what is sold, one taker, and both at peace at the end."""

import asyncio
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select
from tests.cast import HOME, number_of

from shequtong.boards.goods.models import Listing
from shequtong.core.posts.models import Post, PostTransition
from shequtong.lib import clock

GOODS = f"/c/{HOME}/goods"
COT = {
    "kind": "give",
    "title": "儿童床",
    "category": "baby",
    "condition": "good",
    "pickup": "2号门",
    "body": "",
}


def offered(cast, **changes):
    answer = cast.resident.submit(f"{GOODS}/new", COT | changes)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def take(browser, address, name, **fields):
    return browser.submit(f"{address}/transitions", {"name": name, **fields})


def test_a_card_says_what_it_costs_and_where_it_is(cast):
    offered(cast, kind="sell", price="80")
    listed = cast.neighbor.get(GOODS).text
    assert "¥80" in listed and "2号门" in listed


@pytest.mark.parametrize(
    ("kind", "price", "status"),
    [("sell", "", 422), ("sell", "0", 422), ("sell", "12.50", 303), ("give", "10", 422), ("want", "", 303)],
)
def test_only_what_is_sold_has_a_price(cast, kind, price, status):
    answer = cast.resident.submit(f"{GOODS}/new", COT | {"kind": kind, "price": price})
    assert answer.status_code == status
    assert ("f-price-error" in answer.text) == (status == 422)


def test_who_has_it_reserved_and_their_words_are_for_the_two_alone(cast):
    address = offered(cast)
    assert take(cast.neighbor, address, "reserve", note="周六上午来拿").status_code == 303
    for browser in (cast.resident, cast.neighbor):
        assert "周六上午来拿" in browser.get(address).text and "阿芳" in browser.get(address).text
    for browser in (cast.owner, cast.clerk, cast.street):
        shown = browser.get(address).text
        assert "已预订" in shown and "周六上午来拿" not in shown and "阿芳" not in shown


def test_the_author_cannot_reserve_their_own_and_an_outsider_cannot_see_it(cast):
    address = offered(cast)
    assert take(cast.resident, address, "reserve").status_code == 403
    assert take(cast.clerk, address, "reserve").status_code == 403
    assert take(cast.outsider, address, "reserve").status_code == 404


def test_only_giver_and_taker_go_on_and_a_second_taker_waits(cast):
    address = offered(cast)
    take(cast.neighbor, address, "reserve")
    assert take(cast.owner, address, "reserve").status_code == 409
    assert take(cast.owner, address, "hand_over").status_code == 403
    assert take(cast.neighbor, address, "lend_out", days="3").status_code == 403
    assert take(cast.neighbor, address, "hand_over").status_code == 303
    assert take(cast.neighbor, address, "rate", rating="5", reason="很干净").status_code == 303
    assert "很干净" in cast.owner.get(address).text


def test_what_is_promised_is_neither_changed_nor_taken_away(cast):
    address = offered(cast)
    take(cast.neighbor, address, "reserve")
    assert cast.resident.submit(f"{address}/edit", COT | {"title": "旧床"}).status_code == 403
    assert cast.resident.submit(f"{address}/delete").status_code == 403
    assert take(cast.resident, address, "release").status_code == 303
    assert "阿芳" not in cast.resident.get(address).text.split("post-timeline")[0]


def test_a_loan_comes_back_on_the_day_that_was_agreed(cast, db):
    address = offered(cast, kind="lend")
    take(cast.neighbor, address, "reserve")
    assert take(cast.resident, address, "hand_over").status_code == 409
    assert take(cast.resident, address, "lend_out", days="3").status_code == 303
    due = db.get(Post, int(address.rsplit("/", 1)[1])).due_at
    assert timedelta(days=2, hours=23) < due - clock.now() <= timedelta(days=3)
    assert take(cast.resident, address, "take_back").status_code == 303


def test_the_clock_frees_what_nobody_fetched_and_warns_of_what_is_not_brought_back(cast, worker, app):
    def later(**time):
        clock.advance(timedelta(**time, minutes=1))
        worker.run_waiting()

    with clock.at(clock.now()):
        address = offered(cast, kind="lend")
        take(cast.neighbor, address, "reserve", note="带上推车")
        later(days=3)
        assert "可预订" in cast.owner.get(address).text
        assert "带上推车" not in cast.resident.get(address).text
        take(cast.neighbor, address, "reserve")
        take(cast.resident, address, "lend_out", days="1")
        later(days=1)
        assert "今天该还" in cast.resident.get(address).text
        later(days=1)
        assert "已逾期" in cast.resident.get(address).text


def test_r8_of_fifty_who_want_it_at_once_exactly_one_has_it(cast, app, db):
    address = offered(cast)
    number = int(address.rsplit("/", 1)[1])
    takers = [cast.neighbor, cast.owner, cast.tenant, cast.elder, cast.lead]

    async def race():
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=app.state.settings.base_url) as client:
            return await asyncio.gather(*(once(client, takers[i % 5]) for i in range(50)))

    async def once(client, taker):
        headers = {"Origin": app.state.settings.base_url, "Cookie": f"session={taker.cookies['session']}"}
        sent = {"csrf": taker.csrf, "name": "reserve"}
        return (await client.post(f"{address}/transitions", data=sent, headers=headers)).status_code

    answers = sorted(asyncio.run(race()))
    assert answers == [303] + [409] * 49
    reserved = db.scalars(select(PostTransition).filter_by(post_id=number, name="reserve")).all()
    assert len(reserved) == 1 and db.get(Listing, number).taker_id == reserved[0].by_id


def test_a_draft_and_its_photos_are_seen_by_nobody_else(cast):
    number = number_of(cast.resident.submit(f"{GOODS}/new", COT | {"draft": "1"}))
    assert cast.neighbor.get(f"{GOODS}/{number}").status_code == 404
    assert take(cast.resident, f"{GOODS}/{number}", "offer").status_code == 303
    assert cast.neighbor.get(f"{GOODS}/{number}").status_code == 200


def test_the_taker_hears_what_becomes_of_it_and_followers_do_not_hear_who_it_is(cast):
    address = offered(cast)
    cast.owner.submit(f"{address}/follow")
    take(cast.neighbor, address, "reserve")
    assert "儿童床" in cast.owner.get("/inbox").text and "阿芳" not in cast.owner.get("/inbox").text
    take(cast.resident, address, "release")
    assert "儿童床" in cast.neighbor.get("/inbox").text
