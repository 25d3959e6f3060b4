"""What is owed for a post, by when and by whom: started, stopped and ended by what happens to it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.cast import HOME
from tests.core.duties.conftest import DESK, MATTERS, moment, report

from shequtong.core.communities.models import Appointment
from shequtong.core.duties import reckoning
from shequtong.core.identity import erasing
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Post
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib import clock, holidays

SERVICES = f"/c/{HOME}/services"


def name_of(db, account_id):
    return db.scalar(select(Account.login).where(Account.id == account_id))


def test_a_matter_is_owed_a_reply_and_an_answer_in_duty_hours(cast, duties):
    owed = duties(report(cast.resident))
    assert owed["first_reply"].due_at == moment("2026-11-24 14:00")
    assert owed["resolve"].due_at == moment("2026-12-01 09:00")


def test_the_category_has_its_own_times(cast, duties):
    owed = duties(report(cast.resident, category="lift"))
    assert owed["first_reply"].due_at == moment("2026-11-23 11:00")


def test_the_card_and_the_page_tell_neighbours_how_the_clock_stands(cast, until):
    address = report(cast.resident)
    assert "首次回复还剩 12 个工作小时" in cast.neighbor.get(MATTERS).text
    assert "首次回复还剩 12 个工作小时" in cast.neighbor.get(address).text
    until("2026-11-24 11:00")
    assert "首次回复还剩 2 个工作小时" in cast.neighbor.get(MATTERS).text
    until("2026-11-24 17:00")
    assert "首次回复已超时 3 个工作小时" in cast.neighbor.get(f"/c/{HOME}").text
    until("2026-11-25 09:00")
    assert "首次回复已超时 4 个工作小时" in cast.neighbor.get(MATTERS).text, "nobody is on duty at night"


def test_taking_it_up_is_the_first_reply_and_an_officers_or_a_neighbours_word_is_not(cast, duties):
    address = report(cast.resident)
    cast.neighbor.submit(f"{address}/comments", {"body": "我家门口也是"})
    cast.lead.submit(f"{address}/comments", {"body": "我去看看"})
    assert duties(address)["first_reply"].done_at is None
    cast.clerk.take(address, "acknowledge")
    owed = duties(address)
    assert owed["first_reply"].outcome == "kept" and owed["resolve"].done_at is None
    assert "办结还剩 48 个工作小时" in cast.neighbor.get(address).text


def test_a_word_of_staff_is_the_first_reply_late_or_not(cast, duties, until):
    address = report(cast.resident)
    until("2026-11-25 09:00")
    cast.clerk.submit(f"{address}/comments", {"body": "对不起，回复晚了"})
    assert duties(address)["first_reply"].outcome == "late"


def test_the_clock_stands_still_while_the_reporter_is_asked(cast, duties, until):
    address = report(cast.resident)
    cast.clerk.take(address, "acknowledge")
    until("2026-11-23 12:00")
    cast.clerk.take(address, "ask_info", reason="在哪一边？")
    assert duties(address)["resolve"].due_at is None
    assert "等待对方，暂停计时" in cast.neighbor.get(MATTERS).text
    until("2026-12-07 09:00")
    cast.resident.take(address, "give_info", reason="东边")
    owed = duties(address)["resolve"]
    assert owed.left == 45 * 3600
    assert owed.due_at == moment("2026-12-14 15:00")


def test_saying_it_is_fixed_stops_the_clock_and_opening_again_lets_it_go_on(cast, duties, until):
    address = report(cast.resident)
    cast.clerk.take(address, "acknowledge")
    cast.clerk.take(address, "start")
    until("2026-11-24 09:00")
    cast.clerk.take(address, "claim_done", reason="补好了")
    until("2026-11-26 09:00")
    cast.resident.take(address, "reopen", reason="又松了")
    owed = duties(address)
    assert owed["resolve"].left == 40 * 3600
    assert owed["first_reply"].due_at == moment("2026-11-27 14:00"), "a reply is owed anew"
    cast.clerk.take(address, "acknowledge")
    cast.clerk.take(address, "start")
    cast.clerk.take(address, "claim_done", reason="这次用水泥")
    cast.resident.take(address, "confirm", rating="5")
    assert duties(address)["resolve"].outcome == "kept"
    assert "工作小时" not in cast.neighbor.get(address).text


def test_a_day_that_was_promised_takes_the_place_of_the_usual_time(cast, duties):
    address = report(cast.resident)
    cast.clerk.take(address, "acknowledge")
    cast.clerk.take(address, "start", promised_on="2026-12-18")
    assert duties(address)["resolve"].due_at == moment("2026-12-18 23:59")


def test_who_is_asked_first_owns_it_until_another_accepts(cast, db, duties):
    first, second = report(cast.resident), report(cast.neighbor)
    owners = {name_of(db, duties(address)["resolve"].owner_id) for address in (first, second)}
    assert owners == {"clerk", "clerk2"}, "the one with less to do is asked"
    cast.secretary.take(first, "acknowledge")
    assert name_of(db, duties(first)["resolve"].owner_id) == "secretary"


def test_what_comes_back_from_another_office_is_asked_of_the_committee_again(cast, db, duties):
    address = report(cast.resident)
    cast.clerk.take(address, "acknowledge")
    cast.clerk.take(address, "dispatch", to="property")
    assert name_of(db, duties(address)["resolve"].owner_id) == "clerk", "until another accepts"
    cast.property.take(address, "accept")
    assert name_of(db, duties(address)["resolve"].owner_id) == "property"
    cast.property.take(address, "claim_done", reason="好了")
    cast.resident.take(address, "reopen", reason="没好")
    assert name_of(db, duties(address)["first_reply"].owner_id) in ("clerk", "clerk2")


def test_who_wrote_it_down_for_somebody_was_asked_first(cast, db, duties):
    for _ in range(2):
        address = report(cast.clerk2, on_behalf="王阿婆")
        assert name_of(db, duties(address)["first_reply"].owner_id) == "clerk2"


def test_what_somebody_looked_after_is_handed_on_when_their_office_ends(app, cast, db, duties):
    address = report(cast.resident)
    owner = name_of(db, duties(address)["resolve"].owner_id)
    office = db.scalar(
        select(Appointment.id)
        .join(Account, Account.id == Appointment.account_id)
        .where(Account.login == owner)
    )
    assert cast.secretary.submit(f"/c/{HOME}/people/appointments/{office}/end", {}).status_code == 303
    assert name_of(db, duties(address)["resolve"].owner_id) not in (owner, None)


def test_what_somebody_looked_after_is_handed_on_when_their_account_is_closed(app, cast, db, duties):
    address = report(cast.clerk2, on_behalf="王阿婆")
    with app.state.database.writing() as session:
        erasing.erase(session, cast.clerk2.id, "以前的邻居")
    assert name_of(db, duties(address)["resolve"].owner_id) == "clerk"


def test_a_private_question_is_owed_by_its_desk_and_told_to_its_readers_only(cast, db, duties):
    sent = {"kind": "question", "title": "夜里吵架声", "desk": "police", "body": "常常到半夜"}
    address = cast.resident.submit(f"{SERVICES}/new", sent).headers["location"]
    assert name_of(db, duties(address)["first_reply"].owner_id) == "police"
    assert "首次回复还剩" in cast.police.get(address).text
    assert "首次回复还剩" not in cast.neighbor.get(SERVICES).text
    cast.police.take(address, "take")
    cast.police.take(address, "answer", reason="我今晚来看看")
    assert duties(address)["resolve"].paused_at is not None
    cast.resident.take(address, "ask_again", reason="昨晚还是吵")
    assert duties(address)["first_reply"].done_at is None and duties(address)["resolve"].due_at


def test_an_entry_in_the_books_is_answered_by_who_entered_it(cast, db, duties):
    sent = {"kind": "ledger", "title": "换灯", "direction": "expense", "amount": "120", "dated": "2026-11-20"}
    address = cast.property.submit(f"/c/{HOME}/property/new", sent).headers["location"]
    assert duties(address) == {}
    cast.resident.take(address, "question", reason="换了几盏？")
    assert name_of(db, duties(address)["first_reply"].owner_id) == "property"
    cast.property.submit(f"{address}/comments", {"body": "六盏，今天贴清单"})
    assert duties(address)["first_reply"].outcome == "kept"
    cast.property.take(address, "answer", reason="六盏，每盏二十元")
    assert duties(address)["resolve"].outcome == "kept"


def test_a_proposal_is_screened_in_time_once_two_buildings_have_signed(cast, duties):
    address = cast.resident.submit(
        f"/c/{HOME}/hall/new",
        {"title": "加一排座椅", "topic": "green", "change": "放四张长椅", "body": "老人没处坐"},
    ).headers["location"]
    assert duties(address) == {}
    for login in ("neighbor", "owner"):
        getattr(cast, login).take(address, "cosign")
    assert duties(address)["resolve"].due_at == moment("2026-11-30 09:00")
    cast.clerk.take(address, "screen")
    assert {duty.outcome for duty in duties(address).values()} == {"kept"}


def test_nothing_is_owed_for_what_is_held_until_it_is_shown(app, cast, duties, until):
    cast.secretary.submit(f"{DESK}/words", {"word": "骗子"})
    address = report(cast.resident, title="门口有骗子")
    assert duties(address) == {}
    until("2026-11-24 09:00")
    number = address.rsplit("/", 1)[1]
    decided = {"post_id": number, "action": "approve", "reason": "fine", "seen": "held"}
    assert cast.clerk.submit(f"{DESK}/decisions", decided).status_code == 303
    assert duties(address)["first_reply"].due_at == moment("2026-11-25 14:00")
    cast.resident.submit(f"{address}/delete")
    assert {duty.outcome for duty in duties(address).values()} == {"dropped"}


def test_what_was_replied_to_is_not_owed_a_reply_again_when_it_is_shown_again(cast, duties):
    address = report(cast.resident)
    cast.clerk.submit(f"{address}/comments", {"body": "知道了，今天去看"})
    for login in ("neighbor", "owner", "tenant"):
        getattr(cast, login).submit(f"{address}/reports", {"reason": "spam"})
    assert {duty.done_at is None for duty in duties(address).values()} == {False}
    decided = {"post_id": address.rsplit("/", 1)[1], "action": "approve", "reason": "fine", "seen": "held"}
    assert cast.clerk.submit(f"{DESK}/decisions", decided).status_code == 303
    assert duties(address)["first_reply"].outcome == "kept"
    assert duties(address)["resolve"].done_at is None


def test_a_clock_that_was_set_back_makes_no_negative_time(cast, duties):
    address = report(cast.resident)
    cast.clerk.take(address, "acknowledge")
    clock.advance(timedelta(hours=-1))
    cast.clerk.take(address, "ask_info", reason="哪里？")
    assert duties(address)["resolve"].left == 48 * 3600
    clock.advance(timedelta(hours=2))
    cast.resident.take(address, "give_info", reason="这里")
    assert 47 * 3600 <= duties(address)["resolve"].left <= 48 * 3600


def test_other_hours_of_duty_count_from_now_on(app, cast, duties, until):
    address = report(cast.resident)
    until("2026-11-23 13:00")
    with app.state.database.writing() as session:
        reckoning.change_roster(session, HOME, "1 09:00-12:00\n2 09:00-12:00 18:00-20:00\n6 09:00-11:00")
    reply = duties(address)["first_reply"]
    assert reply.left == 9 * 3600
    assert reply.due_at == moment("2026-11-30 11:00")
    with app.state.database.reading() as session:
        assert session.get(Post, reply.post_id).owed_at == reply.due_at


def test_a_year_published_later_moves_what_is_due_in_it(app, cast, duties, until, tmp_path, go_round):
    until("2026-12-31 16:30")
    address = report(cast.resident)
    before = duties(address)["first_reply"].due_at
    published = tmp_path / "2027.toml"
    published.write_text('[2027]\noff = ["01-01..01-05"]\nwork = []\n')
    try:
        holidays.use(published)
        go_round()
        assert duties(address)["first_reply"].due_at > before
        assert clock.local(duties(address)["first_reply"].due_at).day == 7
    finally:
        holidays.use(None)


@pytest.mark.parametrize(
    "owes",
    [
        Owed(reply=("new", "forgotten")),
        Owed(reply=("new",), kinds=("question",)),
        Owed(reply=("new",), category="colour"),
        Owed(reply=("new",), promise="someday"),
        Owed(reply=("new",), take="dispatch"),
    ],
)
def test_a_board_that_owes_what_does_not_fit_its_life_cycle_is_refused(app, owes):
    with pytest.raises(ValueError, match="matters"):
        replace(ROOMS["matters"], owes=owes)


@pytest.mark.parametrize("login", ["street", "district"])
def test_officers_only_watch_while_nothing_is_handed_up(cast, login):
    address = report(cast.resident)
    officer = getattr(cast, login)
    assert officer.get(address).status_code == 200
    assert officer.submit(f"{address}/comments", {"body": "请抓紧"}).status_code == 403
