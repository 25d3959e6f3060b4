"""Day and place: set by who may, with every mistake beside its field, changed and called off as all hear."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.cast import HOME, number_of
from tests.core.gatherings.conftest import NOTICES, TALK, form, typed

from shequtong.boards.party.models import Deed
from shequtong.core.gatherings.models import Gathering
from shequtong.core.posts.models import Post
from shequtong.lib import clock


def test_a_neighbour_lets_others_sign_up_and_its_page_says_when_and_where(meeting, cast):
    chess = meeting(places="20")
    page = cast.neighbor.get(chess.post).text
    assert "中心花园" in page and "0 / 20" in page and "我要报名" in page
    assert "报名名单" not in page
    assert "报名名单" in cast.resident.get(chess.post).text
    assert "让邻居报名" not in cast.resident.get(chess.post).text


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"starts_at": clock.now() - timedelta(hours=1)}, "starts_at", "请选择一个还没到的时间"),
        ({"ends_at": clock.now()}, "ends_at", "结束要比开始晚"),
        ({"ends_at": clock.now() + timedelta(days=60)}, "ends_at", "最长31天"),
        ({"starts_at": "9999-12-31T23:00", "ends_at": "9999-12-31T23:30"}, "starts_at", "两年以内"),
        ({"starts_at": "0001-01-01T00:00"}, "starts_at", "请选择一个还没到的时间"),
        ({"starts_at": "明天"}, "starts_at", "请选择日期和时间"),
        ({"places": "0"}, "places", "不小于"),
        ({"places": "-3"}, "places", "不小于"),
        ({"places": "两个"}, "places", "请填写整数"),
        ({"guests": "-1"}, "guests", "不小于"),
        ({"place": ""}, "place", "请填写"),
    ],
)
def test_a_wrong_plan_is_refused_beside_its_field_and_nothing_typed_is_lost(cast, db, wrong, field, words):
    post = number_of(cast.resident.submit(f"{TALK}/new", {"title": "下棋", "body": "来"}))
    sent = form(**wrong)
    answer = cast.resident.submit(f"{TALK}/{post}/gathering/plan", sent)
    assert answer.status_code == 422
    error = answer.text.split(f'id="f-{field}-error"')[1].split("</p>")[0]
    assert words in error, error
    assert 'value="中心花园"' in answer.text or field == "place"
    assert db.get(Gathering, post) is None
    assert "gathering" not in cast.neighbor.get(f"{TALK}/{post}").text


def test_only_its_author_and_the_committee_plan_on_a_post(meeting, cast):
    chess = meeting()
    for login in ("neighbor", "tenant", "lead", "organisation", "street", "district"):
        person = getattr(cast, login)
        assert person.get(f"{chess.page}/plan").status_code == 403, login
        assert person.submit(f"{chess.page}/plan", chess.plan).status_code == 403, login
        assert person.submit(f"{chess.page}/cancel", {"reason": "不办了"}).status_code == 403, login
    for login in ("outsider", "applicant", "outsecretary"):
        assert getattr(cast, login).get(f"{chess.page}/plan").status_code == 404, login
    assert cast.clerk.get(f"{chess.page}/plan").status_code == 200


def test_what_is_hung_on_a_post_at_the_same_time_hangs_there_once_and_nothing_is_lost(cast, db):
    written = cast.resident.submit(f"{TALK}/new", {"title": "下棋", "kind": "sport", "body": "带茶杯"})
    post = f"{TALK}/{number_of(written)}"
    question = {"words": "几点好？", "kind": "single", "options": "早上\n晚上"}
    sent = [(f"{post}/gathering/plan", form()), (f"{post}/poll/plan", question)] * 4
    with ThreadPoolExecutor(8) as hands:
        codes = list(hands.map(lambda one: cast.resident.submit(*one).status_code, sent))
    assert set(codes) <= {303, 403, 409} and codes.count(303) >= 2, codes
    assert sorted(db.get(Post, number_of(written)).carries) == ["gathering", "poll"]
    assert cast.neighbor.get(f"{post}/gathering").status_code == 200
    assert cast.resident.get(f"{post}/poll").status_code == 200


def test_two_addresses_for_a_calendar_asked_for_at_once_leave_one_that_works(cast):
    with ThreadPoolExecutor(6) as hands:
        answers = list(hands.map(lambda _n: cast.resident.submit("/me/calendar"), range(6)))
    assert {answer.status_code for answer in answers} == {200}
    shown = [re.search(r"/calendar/[\w-]+\.ics", answer.text)[0] for answer in answers]
    assert [cast.visitor.get(one).status_code for one in shown].count(200) == 1


def test_a_board_that_carries_no_gathering_has_no_such_page(cast):
    made = cast.resident.submit(
        f"/c/{HOME}/matters/new", {"title": "灯不亮", "category": "light", "body": "晚上黑"}
    )
    page = f"{made.headers['location']}/gathering"
    assert cast.resident.get(f"{page}/plan").status_code == 404
    assert cast.resident.submit(f"{page}/plan", form()).status_code in (403, 404)
    assert cast.resident.get(page).status_code == 404
    assert cast.resident.submit(page).status_code == 404


def test_who_has_signed_up_is_told_of_another_hour_and_of_nothing_else(meeting, cast):
    chess = meeting(places="3")
    chess.sign_up("neighbor")
    assert chess.change(places="4").status_code == 303
    assert "时间或地点改了" not in cast.neighbor.get("/inbox").text
    later = clock.now() + timedelta(days=4)
    assert chess.change(starts_at=later, ends_at=later + timedelta(hours=1)).status_code == 303
    assert "时间或地点改了" in cast.neighbor.get("/inbox").text
    assert "时间或地点改了" not in cast.owner.get("/inbox").text
    assert chess.row().version == 1


def test_no_fewer_places_than_are_taken_and_more_let_the_queue_in(meeting, cast):
    chess = meeting(places="2")
    for login in ("neighbor", "owner", "tenant", "elder"):
        chess.sign_up(login)
    fewer = chess.change(places="1")
    assert fewer.status_code == 422 and "已经有2个名额被占了" in fewer.text
    assert chess.change(places="3").status_code == 303
    assert chess.states("neighbor", "owner", "tenant", "elder") == ["in", "in", "in", "waiting"]
    assert chess.row().taken == 3
    assert "您排到了" in cast.tenant.get("/inbox").text
    assert chess.change(places="").status_code == 303
    assert chess.states("elder") == ["in"]


def test_when_it_is_called_off_everybody_hears_why_once(meeting, cast):
    chess = meeting(places="1")
    chess.sign_up("neighbor")
    chess.sign_up("owner")
    assert cast.resident.submit(f"{chess.page}/cancel", {"reason": ""}).status_code == 422
    assert cast.resident.submit(f"{chess.page}/cancel", {"reason": "台风"}).status_code == 303
    for login in ("neighbor", "owner"):
        assert getattr(cast, login).get("/inbox").text.count("活动取消了") == 1
        assert "台风" in getattr(cast, login).get(chess.page).text
    again = cast.resident.submit(f"{chess.page}/cancel", {"reason": "还是台风"})
    assert again.status_code == 409
    late = chess.sign_up("tenant")
    assert late.status_code == 409 or "已经取消" in late.text
    assert chess.states("tenant") == [None]
    assert chess.change(places="5").status_code == 409


def test_a_post_with_people_on_its_list_does_not_vanish(meeting, cast):
    chess = meeting()
    chess.sign_up("neighbor")
    refused = cast.resident.submit(f"{chess.post}/delete")
    assert refused.status_code == 409 and "请先取消活动" in refused.text
    assert cast.neighbor.get(chess.page).status_code == 200
    cast.resident.submit(f"{chess.page}/cancel", {"reason": "不办了"})
    assert cast.resident.submit(f"{chess.post}/delete").status_code == 303
    assert cast.neighbor.get(chess.page).status_code == 404


def test_once_it_has_begun_nothing_is_changed(meeting, cast, stopped):
    chess = meeting()
    clock.advance(timedelta(days=3, minutes=1))
    assert "不能再改了" in cast.resident.get(f"{chess.page}/plan").text
    soon = clock.now() + timedelta(days=1)
    changed = chess.change(starts_at=soon, ends_at=soon + timedelta(hours=1))
    assert changed.status_code == 409
    assert cast.resident.submit(f"{chess.page}/cancel", {"reason": "不办了"}).status_code == 409
    assert chess.row().state == "planned"


def test_an_activity_of_the_party_corner_is_signed_up_for_instead_of_claimed(cast, db):
    begins = clock.now() + timedelta(days=5)
    deed = {"title": "清楼道", "kind": "activity", "body": "一起来", "place": "5号楼", "places": "20"}
    made = cast.party.submit(f"/c/{HOME}/party/new", deed | {"starts_at": typed(begins)})
    post = made.headers["location"]
    assert "我来认领" in cast.neighbor.get(post).text
    asked = cast.party.get(f"{post}/gathering/plan").text
    assert 'value="5号楼"' in asked and f'value="{typed(begins)}"' in asked
    plan = form(starts_at=begins, ends_at=begins + timedelta(hours=1), place="6号楼", places="20")
    assert cast.party.submit(f"{post}/gathering/plan", plan).status_code == 303
    page = cast.neighbor.get(post).text
    assert "我来认领" not in page and "我要报名" in page
    assert db.get(Deed, number_of(made)).place == "6号楼"
    pledge = cast.party.submit(f"/c/{HOME}/party/new", deed | {"kind": "pledge"}).headers["location"]
    assert "让邻居报名" not in cast.party.get(pledge).text


def test_a_notice_carries_a_gathering_while_it_is_a_draft_that_nobody_else_sees(cast):
    notice = {"title": "消防演练", "kind": "info", "body": "请来", "draft": "1"}
    post = cast.clerk.submit(f"{NOTICES}/new", notice).headers["location"]
    assert cast.clerk.submit(f"{post}/gathering/plan", form()).status_code == 303
    for who in ("resident", "outsider"):
        assert getattr(cast, who).get(f"{post}/gathering").status_code == 404
        assert "消防演练" not in getattr(cast, who).get(f"/c/{HOME}/events").text
    assert cast.clerk.take(post, "publish").status_code == 303
    assert "消防演练" in cast.resident.get(f"/c/{HOME}/events").text
