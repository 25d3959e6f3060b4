"""Places and the queue: the last place in a race, one's own number, guests, and who is next."""

import asyncio
import os
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select
from tests.cast import Browser
from tests.core.gatherings.conftest import invite

from shequtong.core.communities import joining
from shequtong.core.communities.models import Membership
from shequtong.core.follows import muting
from shequtong.core.gatherings.models import SignUp
from shequtong.core.identity.actor import Actor
from shequtong.lib import clock

RACES = int(os.environ.get("RACES", "1"))
CROWD = 50


def test_r8_of_fifty_who_want_the_last_place_one_has_it_and_the_others_stand_in_line(meeting, cast, app, db):
    invite(app, [f"g{number}" for number in range(CROWD)])
    crowd = [Browser(app, f"g{number}") for number in range(CROWD)]

    async def race(page):
        transport = httpx2.ASGITransport(app=app)
        origin = app.state.settings.base_url

        async def one(person):
            headers = {"Origin": origin, "Cookie": f"session={person.cookies['session']}"}
            async with httpx2.AsyncClient(transport=transport, base_url=origin) as client:
                return (await client.post(page, data={"csrf": person.csrf}, headers=headers)).status_code

        return await asyncio.gather(*(one(person) for person in crowd))

    for _race in range(RACES):
        chess = meeting(places="1")
        assert set(asyncio.run(race(chess.page))) == {303}
        found = db.execute(
            select(SignUp.state, SignUp.number).where(SignUp.post_id == chess.post_id).order_by(SignUp.number)
        ).all()
        assert [row.number for row in found] == list(range(1, CROWD + 1))
        assert [row.state for row in found] == ["in"] + ["waiting"] * (CROWD - 1)
        assert chess.row().taken == 1
        db.rollback()


def test_the_next_in_the_queue_has_the_place_at_once_and_is_told_once(meeting, cast):
    chess = meeting(places="1")
    for login in ("neighbor", "owner", "tenant"):
        assert chess.sign_up(login).status_code == 303
    assert "您排在候补第1位" in cast.owner.get(chess.page).text
    assert "您排在候补第2位" in cast.tenant.get(chess.page).text
    assert "您有名额" in cast.neighbor.get(chess.page).text
    assert chess.leave("neighbor").status_code == 303
    assert chess.states("neighbor", "owner", "tenant") == ["left", "in", "waiting"]
    assert cast.owner.get("/inbox").text.count("您排到了") == 1
    assert "您排到了" not in cast.tenant.get("/inbox").text
    assert "您排在候补第1位" in cast.tenant.get(chess.page).text
    assert chess.leave("neighbor").status_code == 404
    assert chess.row().taken == 1


def test_who_leaves_and_comes_back_stands_at_the_end(meeting, cast):
    chess = meeting(places="1")
    for login in ("neighbor", "owner", "tenant"):
        chess.sign_up(login)
    chess.leave("owner")
    chess.sign_up("owner")
    assert "您排在候补第1位" in cast.tenant.get(chess.page).text
    assert "您排在候补第2位" in cast.owner.get(chess.page).text


def test_guests_take_places_too_and_nobody_is_overtaken(meeting, cast):
    chess = meeting(places="3", guests="2")
    assert chess.sign_up("neighbor", guests="1").status_code == 303
    assert chess.sign_up("owner", guests="1").status_code == 303
    assert chess.sign_up("tenant").status_code == 303
    assert chess.states("neighbor", "owner", "tenant") == ["in", "waiting", "waiting"]
    assert chess.row().taken == 2
    assert chess.sign_up("owner", guests="0").status_code == 303
    assert chess.states("neighbor", "owner", "tenant") == ["in", "in", "waiting"]
    assert "您排到了" in cast.owner.get("/inbox").text


def test_a_queue_keeps_its_order_when_somebody_brings_more(meeting, cast):
    chess = meeting(places="2", guests="1")
    chess.sign_up("neighbor")
    assert chess.sign_up("neighbor", guests="1").status_code == 303
    assert chess.row().taken == 2
    chess.sign_up("owner")
    refused = chess.sign_up("neighbor", guests="2")
    assert refused.status_code == 422 and "最多可以带1个人" in refused.text
    chess.sign_up("neighbor", guests="0")
    assert chess.states("owner") == ["in"]
    refused = chess.sign_up("neighbor", guests="1")
    assert refused.status_code == 422 and "没有名额再带人了" in refused.text
    assert "您有名额" in cast.neighbor.get(chess.page).text


@pytest.mark.parametrize(
    ("guests", "words"),
    [("5", "最多可以带3个人"), ("3", "一共只有2个名额"), ("-1", "不小于"), ("很多", "整数")],
)
def test_guests_that_cannot_be_are_refused_beside_the_field(meeting, cast, guests, words):
    chess = meeting(places="2", guests="3")
    answer = chess.sign_up("neighbor", guests=guests)
    assert answer.status_code == 422
    assert words in answer.text.split('id="f-guests-error"')[1].split("</p>")[0]
    assert f'value="{guests}"' in answer.text
    assert chess.states("neighbor") == [None]


def test_once_it_has_begun_nobody_signs_up_or_steps_back(meeting, cast, stopped):
    chess = meeting(places="1")
    chess.sign_up("neighbor")
    chess.sign_up("owner")
    clock.advance(timedelta(days=3))
    late = chess.sign_up("tenant")
    assert late.status_code == 409 and "活动已经开始" in late.text
    assert chess.leave("neighbor").status_code == 409
    assert chess.states("neighbor", "owner", "tenant") == ["in", "waiting", None]
    assert "没有空出名额" in cast.owner.get(chess.page).text


def test_only_members_who_may_speak_sign_up(meeting, cast, app, visitor):
    chess = meeting()
    for login in ("outsider", "applicant", "outsecretary"):
        assert chess.sign_up(login).status_code == 404, login
        assert getattr(cast, login).get(chess.page).status_code == 404, login
    for login in ("street", "district"):
        assert chess.sign_up(login).status_code == 403, login
    assert visitor.get(chess.page).headers["location"].startswith("/login")
    assert cast.visitor.submit(chess.page).headers["location"].startswith("/login")
    with app.state.database.writing() as session:
        member = session.scalars(select(Membership).filter_by(account_id=cast.tenant.id)).one()
        member.suspended_until = clock.now() + timedelta(days=7)
    assert chess.sign_up("tenant").status_code == 403
    assert chess.row().taken == 0


def test_who_is_suspended_can_still_give_a_place_back(meeting, cast, app):
    chess = meeting(places="1")
    chess.sign_up("tenant")
    chess.sign_up("owner")
    with app.state.database.writing() as session:
        member = session.scalars(select(Membership).filter_by(account_id=cast.tenant.id)).one()
        member.suspended_until = clock.now() + timedelta(days=7)
    assert chess.leave("tenant").status_code == 303
    assert chess.states("tenant", "owner") == ["left", "in"]


def test_on_a_public_notice_strangers_see_the_gathering_and_sign_up_nowhere(cast, app):
    from tests.cast import number_of
    from tests.core.gatherings.conftest import NOTICES, form

    made = cast.clerk.submit(f"{NOTICES}/new", {"title": "消防演练", "kind": "info", "body": "请来"})
    page = f"{NOTICES}/{number_of(made)}/gathering"
    assert cast.clerk.submit(f"{page}/plan", form()).status_code == 303
    for login in ("outsider", "applicant"):
        seen = getattr(cast, login).get(page)
        assert seen.status_code == 200 and "我要报名" not in seen.text, login
        assert getattr(cast, login).submit(page).status_code == 403, login
        assert getattr(cast, login).submit(f"{page}/leave").status_code == 404, login
    assert "登录后报名" in cast.visitor.get(page).text
    for login in ("outsider", "neighbor", "tenant"):
        for inside in ("list", "check-in", "plan"):
            assert getattr(cast, login).get(f"{page}/{inside}").status_code == 403, (login, inside)


def test_who_moves_away_gives_the_place_to_the_next(meeting, cast, app):
    chess = meeting(places="1")
    chess.sign_up("tenant")
    chess.sign_up("owner")
    with app.state.database.writing() as session:
        claim = session.scalars(select(Membership).filter_by(account_id=cast.tenant.id)).one()
        joining.leave(session, claim, Actor(cast.tenant.id))
    assert chess.states("tenant", "owner") == ["left", "in"]
    assert "您排到了" in cast.owner.get("/inbox").text


def test_a_place_can_be_given_back_where_the_host_has_blocked_its_holder(meeting, cast, app):
    chess = meeting(places="1")
    chess.sign_up("neighbor")
    chess.sign_up("owner")
    with app.state.database.writing() as session:
        muting.block(session, cast.resident.id, cast.neighbor.id)
    assert cast.neighbor.get(chess.page).status_code == 404
    give_back = f"/me/calendar/{chess.post_id}/leave"
    assert give_back in cast.neighbor.get("/me/calendar").text
    for other in ("outsider", "tenant", "applicant"):
        assert getattr(cast, other).submit(give_back).status_code == 404, other
    assert cast.visitor.submit(give_back).headers["location"].startswith("/login")
    for nothing in ("0", "99999999999999999999"):
        assert cast.neighbor.submit(f"/me/calendar/{nothing}/leave").status_code == 404
    assert cast.neighbor.submit(give_back).status_code == 303
    assert chess.states("neighbor", "owner") == ["left", "in"]


def test_somebody_who_has_muted_the_host_is_still_told_of_their_own_place(meeting, cast, app):
    chess = meeting(places="1")
    chess.sign_up("neighbor")
    chess.sign_up("owner")
    with app.state.database.writing() as session:
        muting.mute(session, cast.owner.id, cast.resident.id)
    chess.leave("neighbor")
    assert "您排到了" in cast.owner.get("/inbox").text
