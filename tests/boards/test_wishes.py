"""Small wishes: asked in confidence, looked over, adopted by one, fulfilled, confirmed and thanked for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select
from tests.cast import HOME

from shequtong.boards.party.models import Deed, Wisher
from shequtong.core.identity import erasing
from shequtong.core.identity.exporting import everything_of
from shequtong.core.identity.models import Account, Look
from shequtong.core.posts import clockwork
from shequtong.core.posts.models import Post
from shequtong.lib import clock

PARTY = f"/c/{HOME}/party"
NAME, DOOR = "吴桂英", "3号楼 301"


def wished(browser, **changes):
    form = {
        "kind": "wish",
        "title": "想要一副老花镜",
        "body": "看报用",
        "whose": "elder",
        "person": NAME,
        "door": DOOR,
        "shares": "1",
    }
    answer = browser.submit(f"{PARTY}/new", form | changes)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def opened(cast, whose="elder", **changes):
    address = wished(cast.elder, whose=whose, **changes)
    assert cast.clerk.take(address, "look_over", whose=whose).status_code == 303
    return address


def adopted(cast, **changes):
    address = opened(cast, **changes)
    assert cast.resident.take(address, "adopt").status_code == 303
    return address


def fulfilled(cast, **changes):
    address = adopted(cast, **changes)
    assert cast.resident.take(address, "fulfil", reason="送到了").status_code == 303
    return address


def state_of(db, address):
    db.rollback()
    return db.get(Post, int(address.rsplit("/", 1)[1])).state


def test_a_wish_is_the_committees_to_read_until_it_is_looked_over(cast):
    address = wished(cast.elder)
    assert cast.elder.get(address).status_code == cast.clerk.get(address).status_code == 200
    for login in ("resident", "lead", "organisation", "party", "street", "outsider", "applicant"):
        assert getattr(cast, login).get(address).status_code == 404
    assert address in cast.clerk.get(f"/c/{HOME}/desk").text


@pytest.mark.parametrize("whose", ["elder", "child"])
def test_the_wish_of_a_child_or_lone_elder_leaves_no_name_behind(cast, whose):
    address = wished(cast.elder, whose=whose, body="我是王阿婆")
    edited = {"title": "想要一副老花镜", "body": "看报用", "whose": whose}
    assert cast.clerk.submit(f"{address}/edit", edited).status_code == 303
    assert cast.clerk.take(address, "look_over", whose=whose).status_code == 303
    pages = (address, f"{address}/history", PARTY, f"/c/{HOME}", f"/u/{cast.elder.id}", "/home", "/inbox")
    for page in pages:
        shown = cast.neighbor.get(page).text
        assert NAME not in shown and DOOR not in shown
        assert "王阿婆" not in shown or page.startswith("/u/")
    assert "老花镜" not in cast.neighbor.get(f"/u/{cast.elder.id}").text
    assert "一位邻居" in cast.neighbor.get(address).text, "nor did the clock wish for it"


def test_another_neighbours_wish_stands_under_their_name(cast):
    address = opened(cast, whose="other")
    shown = cast.neighbor.get(address).text
    assert "王阿婆" in shown and NAME not in shown and DOOR not in shown


def test_the_clerk_says_whose_it_is_when_the_wisher_was_too_shy(cast):
    address = wished(cast.elder, whose="other")
    cast.clerk.take(address, "look_over", whose="elder")
    assert "王阿婆" not in cast.neighbor.get(address).text


def test_nobody_looks_over_their_own_request(cast):
    address = wished(cast.clerk, for_other="1")
    assert cast.clerk.take(address, "look_over", whose="elder").status_code == 403
    assert cast.clerk2.take(address, "look_over", whose="elder").status_code == 303


def test_a_lead_asks_for_who_cannot_and_keeps_nothing_of_it(cast, db):
    address = wished(cast.lead, for_other="1")
    cast.clerk.take(address, "look_over", whose="elder")
    assert db.exec(select(Wisher.account_id)).one() is None
    assert "party_wisher" not in dict(everything_of(db, cast.lead.id))
    assert "party_wisher" not in dict(everything_of(db, cast.clerk.id))
    assert cast.lead.take(address, "withdraw", reason="已经有人送了").status_code == 303


def test_a_resident_asks_for_nobody_else(cast, db):
    wished(cast.elder, for_other="1")
    assert db.exec(select(Wisher.account_id)).one() == cast.elder.id


# Who knows whose it is --------------------------------------------------------------------------------


def test_staff_read_it_masked_and_open_it_with_a_reason_that_the_wisher_reads(cast, db):
    address = opened(cast)
    shown = cast.clerk.get(address).text
    assert "吴*英" in shown and NAME not in shown and DOOR not in shown
    assert cast.clerk.submit(f"{address}/wisher", {"reason": ""}).status_code == 422
    assert NAME in cast.clerk.submit(f"{address}/wisher", {"reason": "上门核实"}).text
    look = db.exec(select(Look)).one()
    assert (look.account_id, look.by_id, look.reason) == (cast.elder.id, cast.clerk.id, "上门核实")
    assert "上门核实" in cast.elder.get("/me/access-log").text


@pytest.mark.parametrize("login", ["neighbor", "lead", "organisation", "party", "street", "outsecretary"])
def test_nobody_else_opens_it(cast, login):
    address = opened(cast)
    for answer in (
        getattr(cast, login).get(f"{address}/wisher"),
        getattr(cast, login).submit(f"{address}/wisher", {"reason": "看看"}),
    ):
        assert answer.status_code in (403, 404) and NAME not in answer.text


def test_who_adopts_it_reads_name_and_door_if_the_wisher_agrees(cast, db):
    address = adopted(cast)
    shown = cast.resident.get(address).text
    assert NAME in shown and DOOR in shown
    assert NAME not in cast.neighbor.get(address).text
    assert [look.by_id for look in db.exec(select(Look))] == [cast.resident.id], "and the wisher reads that"


def test_else_it_is_handed_over_at_the_committee(cast, db):
    address = adopted(cast, shares="")
    shown = cast.resident.get(address).text
    assert NAME not in shown and DOOR not in shown and "居委会" in shown
    assert db.exec(select(Look)).all() == []


def test_who_gives_it_back_reads_it_no_more(cast):
    address = adopted(cast)
    assert cast.resident.take(address, "give_back").status_code == 303
    assert NAME not in cast.resident.get(address).text
    assert cast.neighbor.take(address, "adopt").status_code == 303
    assert NAME in cast.neighbor.get(address).text


def test_it_is_kept_under_lock(cast, db):
    wished(cast.elder)
    kept = db.connection().exec_driver_sql("SELECT person, door FROM party_wisher").one()
    assert NAME not in kept[0] and DOOR not in kept[1]


# Its way ----------------------------------------------------------------------------------------------


def test_of_fifty_who_adopt_it_at_once_one_has_it(cast, app, db):
    address = opened(cast)
    browsers = [cast.resident, cast.neighbor, cast.owner, cast.tenant, cast.lead]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda n: browsers[n % 5].take(address, "adopt").status_code, range(50)))
    assert answers.count(303) == 1 and set(answers) <= {303, 403, 409}
    assert state_of(db, address) == "adopted"


def test_what_is_not_brought_in_time_is_open_to_the_next(cast, app, db):
    address = adopted(cast)
    with clock.at(clock.now()):
        for days, state in ((13, "adopted"), (2, "wished")):
            clock.advance(timedelta(days=days))
            with app.state.database.writing() as session:
                clockwork.move_due_posts(session)
            assert state_of(db, address) == state
    assert db.exec(select(Deed.adopter_id)).one() is None


def test_from_wish_to_thanks(cast, db):
    address = fulfilled(cast)
    assert cast.elder.take(address, "not_yet", reason="还没收到").status_code == 303
    assert cast.resident.take(address, "fulfil").status_code == 303
    assert cast.elder.take(address, "confirm").status_code == 303
    assert cast.elder.take(address, "thank", reason="看得清清楚楚").status_code == 303
    shown = cast.neighbor.get(address).text
    assert "看得清清楚楚" in shown and "王阿婆" not in shown and "小陈" not in shown
    inbox = cast.resident.get("/inbox").text
    assert "老花镜" in inbox and "王阿婆" not in inbox, "nor does the inbox name the wisher"


def test_staff_confirm_for_who_cannot(cast, db):
    address = fulfilled(cast)
    assert address in cast.clerk.get(f"/c/{HOME}/desk").text
    assert cast.clerk2.take(address, "confirm").status_code == 303


WRONG = [
    ("asked", "look_over", ("elder", "resident", "lead", "party")),
    ("asked", "refuse", ("elder", "resident")),
    ("wished", "adopt", ("elder", "street")),
    ("adopted", "fulfil", ("elder", "neighbor", "clerk")),
    ("adopted", "give_back", ("elder", "neighbor", "clerk")),
    ("adopted", "lapse", ("resident", "clerk")),
    ("adopted", "withdraw", ("resident", "neighbor", "organisation")),
    ("fulfilled", "confirm", ("resident", "neighbor", "lead")),
    ("fulfilled", "not_yet", ("resident", "neighbor")),
    ("done", "thank", ("resident", "neighbor", "clerk2")),
]


@pytest.mark.parametrize(("state", "name", "logins"), WRONG)
def test_the_wrong_person_moves_no_wish(cast, db, state, name, logins):
    ways = {"asked": lambda c: wished(c.elder), "wished": opened, "adopted": adopted, "fulfilled": fulfilled}
    address = ways.get(state, fulfilled)(cast)
    if state == "done":
        cast.clerk.take(address, "confirm")
    for login in logins:
        answer = getattr(cast, login).take(address, name, reason="我来", whose="elder")
        assert answer.status_code in (403, 404), (login, answer.status_code)
    assert state_of(db, address) == state


def test_a_refusal_says_why_and_one_can_ask_again(cast, db):
    address = wished(cast.elder)
    assert cast.clerk.take(address, "refuse", reason="").status_code == 422
    cast.clerk.take(address, "refuse", reason="金额太大，请到窗口申请救助")
    assert "请到窗口申请救助" in cast.elder.get(address).text
    assert cast.elder.take(address, "ask_again").status_code == 303
    assert state_of(db, address) == "asked"


# Being forgotten --------------------------------------------------------------------------------------


def test_a_wisher_who_is_forgotten_takes_the_wish_along(cast, app, db):
    address = adopted(cast)
    with app.state.database.writing() as session:
        erasing.erase(session, cast.elder.id, "一位老邻居")
    assert state_of(db, address) == "withdrawn"
    assert db.exec(select(Wisher)).all() == []
    assert db.exec(select(Deed.asked_by_id)).one() is None


def test_what_somebody_had_adopted_who_is_forgotten_is_open_again(cast, app, db):
    address = adopted(cast)
    with app.state.database.writing() as session:
        erasing.erase(session, cast.resident.id, "一位老邻居")
    assert state_of(db, address) == "wished"
    assert db.get(Account, cast.resident.id).name == "一位老邻居"
