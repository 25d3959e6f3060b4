"""The committee's day: in order, taken over, answered, and for nobody else's eyes."""

import re

import pytest
from sqlalchemy import select
from tests.cast import AWAY, HOME, LOGINS, STREET
from tests.core.duties.conftest import DESK, report

from shequtong.core.duties.models import Duty, HomeVisit
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Comment, Post

STAFF = {"clerk", "clerk2", "secretary"}
VISIT = {"room": "301", "visited_on": "2026-11-23", "note": "腿脚不便，想装扶手", "again_on": "2026-11-25"}


def section(page, name):
    """The words of one section of the desk."""
    found = re.search(rf'<section class="section" id="{name}".*?</section>', page, re.S)
    return found[0] if found else ""


def owners(db):
    return set(
        db.scalars(
            select(Account.login).join(Duty, Duty.owner_id == Account.id).where(Duty.done_at.is_(None))
        )
    )


def building_of(page, name="3号楼"):
    return re.search(rf'<option value="(\d+)"[^>]*>{name}<', page)[1]


@pytest.mark.parametrize(
    ("page", "allowed"),
    [
        (f"/c/{HOME}/desk", STAFF),
        (f"/c/{HOME}/desk?mine=1", STAFF),
        (f"/c/{HOME}/desk/templates", STAFF),
        (f"/c/{HOME}/visits", STAFF),
        (f"/c/{HOME}/settings/hours", {"secretary"}),
        (f"/c/{STREET}/duties", {"street", "district"}),
        (
            f"/c/{HOME}/duties",
            STAFF | set("organisation party property owners police doctor lawyer street district".split()),
        ),
    ],
)
def test_each_page_is_for_those_it_is_for(cast, page, allowed):
    for login in LOGINS:
        status = getattr(cast, login).get(page).status_code
        assert status == (200 if login in allowed else 303 if login == "visitor" else 404), login


@pytest.mark.parametrize(
    "form",
    ["desk/take", "desk/replies/1", "desk/templates", "desk/templates/1", "visits", "visits/1/settled"],
)
def test_nobody_else_sends_a_form_of_the_desk(cast, db, form):
    cast.clerk.submit(f"/c/{HOME}/desk/templates", {"title": "收到", "words": "收到了"})
    report(cast.resident)
    for login in ("resident", "lead", "property", "outsecretary", "street", "district", "admin", "applicant"):
        sent = {"duty": "1", "body": "x", "title": "x", "words": "x", "remove": "1", **VISIT}
        assert getattr(cast, login).submit(f"/c/{HOME}/{form}", sent).status_code == 404, login
        # and from one's own committee nothing of another's is reached
    for number in ("desk/replies/1", "desk/templates/1", "visits/1/settled", "desk/take"):
        assert cast.outsecretary.submit(f"/c/{AWAY}/{number}", {"duty": "1", "body": "x"}).status_code == 404
    assert db.scalars(select(HomeVisit)).all() == [] and db.scalars(select(Comment)).all() == []


def test_the_day_stands_in_its_order(cast, until):
    report(cast.resident, title="昨天的坑")
    until("2026-11-24 15:00")
    report(cast.neighbor, title="今天的电梯", category="lift")
    waits = report(cast.owner, title="问过的树")
    cast.clerk.take(waits, "acknowledge")
    cast.clerk.take(waits, "ask_info", reason="哪一棵？")
    report(cast.tenant, title="不急的墙")
    page = cast.clerk.get(DESK).text
    assert "昨天的坑" in section(page, "overdue") and "今天的电梯" in section(page, "today")
    assert "问过的树" in section(page, "waiting") and "不急的墙" in section(page, "answer")
    order = [
        page.index(f'<section class="section" id="{name}"')
        for name in ("overdue", "today", "waiting", "queue", "joins", "answer")
    ]
    assert order == sorted(order)
    assert page.count("昨天的坑</a>") == 1, "a reply and an answer are owed, and the post stands there once"


def test_what_an_expert_was_asked_is_on_the_committees_desk_only_when_late(cast, until, go_round):
    sent = {"kind": "question", "title": "夜里吵架声", "desk": "police", "body": "常常到半夜"}
    cast.resident.submit(f"/c/{HOME}/services/new", sent)
    assert "夜里吵架声" in cast.police.get(f"/c/{HOME}/duties").text
    assert "夜里吵架声" not in cast.clerk.get(DESK).text
    until("2026-11-24 09:00")
    assert "今天之内到期" in cast.police.get("/home").text
    assert "今天之内到期" not in cast.clerk.get("/home").text
    until("2026-11-24 16:00")
    go_round()
    assert "夜里吵架声" in section(cast.clerk.get(DESK).text, "overdue")


def test_i_take_it_from_the_list_one_or_many(cast, db):
    addresses = [report(cast.resident, title=f"第 {n} 件") for n in range(4)]
    ids = re.findall(r'name="duty" value="(\d+)"', cast.secretary.get(DESK).text)
    assert len(ids) == 4
    answer = cast.secretary.submit(f"{DESK}/take", {"only": ids[0], "duty": ids[1]})
    assert answer.headers["location"] == f"{DESK}?taken=1"
    assert "现在由您负责了" in cast.secretary.get(answer.headers["location"]).text
    assert "您负责" in cast.secretary.get(f"{DESK}?mine=1").text
    cast.secretary.submit(f"{DESK}/take", {"duty": ids})
    assert owners(db) == {"secretary"}
    states = set(db.scalars(select(Post.state).where(Post.board == "matters")))
    assert states == {"acknowledged"}, "taking it is the board's own step, and its record says who"
    assert "书记林敏" in cast.neighbor.get(addresses[0]).text
    nothing = cast.clerk.submit(f"{DESK}/take", {})
    assert nothing.status_code == 422 and "请先勾选" in nothing.text
    assert cast.clerk.submit(f"{DESK}/take", {"duty": "999999999999999999999"}).status_code == 422
    assert cast.clerk.submit(f"{DESK}/take", {"duty": "99999"}).status_code == 404


def test_taking_it_comes_back_to_the_list_and_leads_nowhere_else(cast):
    report(cast.resident)
    one = re.search(r'name="duty" value="(\d+)"', cast.clerk.get(DESK).text)[1]
    back = cast.clerk.submit(f"{DESK}/take", {"only": one, "next": "https://example.org/x"}).headers[
        "location"
    ]
    assert back.startswith(DESK)


def test_a_reply_begins_with_a_template_and_ends_the_first_clock(cast, duties):
    words = "{name}您好，已经收到，今天去看。"
    assert cast.clerk.submit(f"{DESK}/templates", {"title": "收到", "words": words}).status_code == 303
    address = report(cast.resident)
    number = address.rsplit("/", 1)[1]
    form = cast.clerk2.get(f"{DESK}/replies/{number}").text
    chosen = re.search(rf"{DESK}/replies/{number}\?template=\d+", form)[0]
    assert "小陈您好，已经收到" in cast.clerk2.get(chosen).text
    empty = cast.clerk2.submit(f"{DESK}/replies/{number}", {"body": ""})
    assert empty.status_code == 422
    sent = {"body": "小陈您好，马上来。", "once": "abc"}
    for _twice in range(2):
        assert cast.clerk2.submit(f"{DESK}/replies/{number}", sent).headers["location"] == DESK
    assert cast.neighbor.get(address).text.count("小陈您好，马上来。") == 1
    assert duties(address)["first_reply"].outcome == "kept"


def test_a_template_is_changed_and_taken_off(cast):
    cast.clerk.submit(f"{DESK}/templates", {"title": "收到", "words": "收到了"})
    one = re.search(rf"{DESK}/templates/\d+", cast.clerk.get(f"{DESK}/templates").text)[0]
    assert cast.clerk.submit(one, {"title": "", "words": "改好的话"}).status_code == 422
    assert cast.clerk2.submit(one, {"title": "知道了", "words": "改好的话"}).status_code == 303
    assert "改好的话" in cast.clerk.get(f"{DESK}/templates").text
    cast.clerk.submit(one, {"remove": "1"})
    assert "改好的话" not in cast.clerk.get(f"{DESK}/templates").text


def test_a_visit_at_a_door_is_kept_and_comes_back_on_its_day(cast, db, until):
    building = building_of(cast.clerk.get(f"/c/{HOME}/visits").text)
    assert cast.clerk.submit(f"/c/{HOME}/visits", VISIT | {"building_id": building}).status_code == 303
    assert "想装扶手" in cast.secretary.get(f"/c/{HOME}/visits").text
    assert section(cast.clerk.get(DESK).text, "visits") == ""
    until("2026-11-25 09:00")
    assert "想装扶手" in section(cast.clerk2.get(DESK).text, "visits")
    again = VISIT | {
        "building_id": building,
        "visited_on": "2026-11-25",
        "note": "扶手装好了",
        "again_on": "",
    }
    cast.clerk2.submit(f"/c/{HOME}/visits", again)
    assert section(cast.clerk.get(DESK).text, "visits") == "", "somebody went back to that door"


def test_a_visit_can_be_settled_without_another(cast, until):
    building = building_of(cast.clerk.get(f"/c/{HOME}/visits").text)
    cast.clerk.submit(f"/c/{HOME}/visits", VISIT | {"building_id": building})
    until("2026-11-26 09:00")
    place = re.search(rf"/c/{HOME}/visits/\d+/settled", cast.clerk.get(DESK).text)[0]
    assert cast.clerk.submit(place, {"next": DESK}).headers["location"] == DESK
    assert section(cast.clerk.get(DESK).text, "visits") == ""


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"room": "9999"}, "这幢楼没有这个房号"),
        ({"visited_on": "2026-11-24"}, "这一天还没到"),
        ({"again_on": "2026-11-20"}, ""),
        ({"note": ""}, ""),
    ],
)
def test_a_visit_with_a_mistake_is_shown_again_with_what_was_typed(cast, db, fields, wrong):
    building = building_of(cast.clerk.get(f"/c/{HOME}/visits").text)
    answer = cast.clerk.submit(f"/c/{HOME}/visits", VISIT | {"building_id": building} | fields)
    assert answer.status_code == 422 and wrong in answer.text
    assert ("想装扶手" in answer.text) == ("note" not in fields)
    assert db.scalars(select(HomeVisit)).all() == []


def test_what_was_heard_at_a_door_is_nowhere_in_the_database_in_clear(app, cast, db):
    building = building_of(cast.clerk.get(f"/c/{HOME}/visits").text)
    cast.clerk.submit(f"/c/{HOME}/visits", VISIT | {"building_id": building})
    raw = db.connection().exec_driver_sql("SELECT note FROM home_visit").scalar()
    assert raw and "扶手" not in raw


def test_the_secretary_sets_hours_and_times(cast, duties):
    place = f"/c/{HOME}/settings"
    page = cast.secretary.get(f"{place}/hours").text
    assert "08:30-12:00 13:00-17:30" in page and "2026" in page
    week = {
        "monday": "9:00-11:00",
        "saturday": "９：００-１１：００",
        "dates": "2026-11-24 14：00—16：00\n2026-11-30",
    }
    assert cast.secretary.submit(f"{place}/hours", week).status_code == 303
    assert (
        cast.secretary.submit(
            f"{place}/times", {"what": "matters/road", "first_reply": "3", "resolve": "5"}
        ).status_code
        == 303
    )
    address = report(cast.resident)
    assert str(duties(address)["first_reply"].due_at) == "2026-11-24 07:00:00+00:00"
    assert str(duties(address)["resolve"].due_at) == "2026-11-28 02:00:00+00:00"
    assert cast.secretary.submit(f"{place}/times", {"usual": "matters/road"}).status_code == 303
    assert duties(report(cast.neighbor))["first_reply"].left == 12 * 3600


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ("hours", {"monday": "早上"}),
        ("hours", {"monday": "17:00-09:00"}),
        ("hours", {}),
        ("hours", {"monday": "9:00-11:00", "dates": "明天"}),
        ("times", {"what": "matters/road", "first_reply": "9", "resolve": "5"}),
        ("times", {"what": "matters/road", "first_reply": "0", "resolve": "5"}),
        ("times", {"what": "talk", "first_reply": "1", "resolve": "5"}),
    ],
)
def test_hours_and_times_that_cannot_be_are_refused_beside_their_field(cast, form, sent):
    assert cast.secretary.submit(f"/c/{HOME}/settings/{form}", sent).status_code == 422


def test_the_first_page_tells_staff_what_is_due_and_residents_nothing(cast, until):
    report(cast.resident)
    assert "今天之内到期" not in cast.clerk.get("/home").text
    until("2026-11-24 09:00")
    assert "有 1 件事今天之内到期" in cast.clerk.get("/home").text
    until("2026-11-24 16:00")
    assert "其中 1 件已超时" in cast.secretary.get("/home").text
    for login in ("resident", "lead", "property", "outsecretary", "street"):
        assert "到期" not in getattr(cast, login).get("/home").text, login


def test_the_first_page_tells_an_officer_what_was_handed_up(cast, until, go_round):
    report(cast.resident, title="没人理的坑")
    until("2026-11-26 09:00")
    go_round()
    go_round()
    assert "有 1 件事提级到您这里" in cast.street.get("/home").text
    assert "提级到您这里" not in cast.district.get("/home").text
    assert "没人理的坑" in cast.street.get(f"/c/{STREET}/duties").text
    assert "没人理的坑" not in cast.district.get(f"/c/{STREET}/duties").text
    assert "已提级到街镇" in cast.clerk.get(DESK).text


def test_the_desk_asks_no_more_for_twenty_than_for_two(app, cast):
    from tests.boards.test_every_board import counted

    asked = []
    for more in (2, 18):
        for _ in range(more):
            report(cast.resident)
        cast.clerk.get(DESK)
        with counted(app) as queries:
            assert cast.clerk.get(DESK).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 10, asked
