"""Desks: hours and a rota, the back-up, and questions that go to other hands."""

import asyncio
from datetime import date, datetime, timedelta

import httpx2
import pytest
from sqlalchemy import select, update
from tests.boards.test_services import MARKER, QUESTION, SERVICES, number, posted, take, walk
from tests.cast import AWAY, HOME

from shequtong.boards.services import backing_up
from shequtong.boards.services.models import Desk, DeskPerson, Service
from shequtong.core.communities.models import Appointment
from shequtong.core.duties.models import Duty
from shequtong.core.identity.models import SignIn
from shequtong.core.posts.models import Post
from shequtong.lib import clock

DESKS = f"/c/{HOME}/settings/desks"
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-11:30 13:00-17:00")
LAW = {"kind": "lawyer", "name": "律师在线", "about": "租房、赡养、劳动", "phone": "021-56780000", **WEEK}
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=clock.LOCAL)
LEGAL = QUESTION | {"desk": "lawyer", "title": f"房东不退押金{MARKER}"}


@pytest.fixture
def monday():
    """A Monday, ten in the morning."""
    with clock.at(MONDAY):
        yield


@pytest.fixture
def law(monday, cast):
    """A law desk: the lawyer answers first, the clerk's colleague stands in."""
    return open_desk(cast, LAW, ("lawyer", "first"), ("police", "backup"))


def open_desk(cast, fields, *people):
    made = cast.clerk.submit(DESKS, fields)
    assert made.status_code == 303, made.text
    address = made.headers["location"]
    for login, part, *more in people:
        put(cast, address, login, part, **(more[0] if more else {}))
    return address


def put(cast, address, login, part, **more):
    form = {"account_id": str(getattr(cast, login).id), "part": part, **more}
    answer = cast.clerk.submit(f"{address}/people", form)
    assert answer.status_code == 303, answer.text
    return answer


def advance(app, by):
    clock.advance(by)
    with app.state.database.writing() as session:
        session.execute(update(SignIn).values(created_at=clock.now(), seen_at=clock.now()))
        backing_up.call_all(session)


def row(db, address):
    db.rollback()
    return db.get(Post, number(address), populate_existing=True)


def test_the_page_of_the_board_shows_each_desk_with_its_hours_and_who_is_there(law, cast):
    page = cast.resident.get(SERVICES).text
    assert page.index("tel:110") < page.index("律师在线")
    assert "现在开着，到11:30" in page and "周一–周五 09:00-11:30 13:00-17:00" in page
    assert "值班：律师何" in page and "值班" not in cast.visitor.get(SERVICES).text
    clock.advance(timedelta(hours=2))
    assert "今天13:00开" in cast.visitor.get(SERVICES).text
    clock.advance(timedelta(days=4, hours=6))
    assert "周一09:00开" in cast.visitor.get(SERVICES).text


def test_a_desk_is_closed_on_the_holidays_of_the_calendar_and_open_on_a_day_it_names(cast, app):
    with clock.at(datetime(2026, 10, 1, 10, 0, tzinfo=clock.LOCAL)):
        address = open_desk(cast, LAW, ("lawyer", "first"))
        assert "现在开着" not in cast.visitor.get(SERVICES).text
        saved = cast.clerk.submit(address, LAW | {"dates": "2026-10-01 09:30-10:30"})
        assert saved.status_code == 303
        assert "现在开着，到10:30" in cast.visitor.get(SERVICES).text


@pytest.mark.parametrize(
    ("field", "value"), [("monday", "八点到十点"), ("monday", "25:00-26:00"), ("dates", "国庆"), ("name", "")]
)
def test_hours_that_are_none_are_refused_beside_their_field_and_kept(cast, field, value):
    answer = cast.clerk.submit(DESKS, LAW | {field: value})
    assert answer.status_code == 422 and f'id="f-{field}-error"' in answer.text
    assert value in answer.text and LAW["about"] in answer.text


@pytest.mark.parametrize(
    ("login", "status"),
    [
        ("resident", 404),
        ("lawyer", 404),
        ("lead", 404),
        ("street", 404),
        ("outsecretary", 404),
        ("visitor", 303),
    ],
)
def test_only_the_committee_keeps_its_desks(law, cast, login, status):
    person = getattr(cast, login)
    assert person.get(DESKS).status_code == person.get(law).status_code == status
    sent = {"account_id": str(cast.elder.id), "part": "first"}
    for address, form in ((DESKS, LAW), (law, LAW), (f"{law}/people", sent)):
        assert person.submit(address, form).status_code == status


def test_a_desk_of_another_committee_is_nobody_elses(law, cast):
    theirs = law.replace(HOME, AWAY)
    assert cast.outsecretary.get(theirs).status_code == 404
    assert cast.outsecretary.submit(theirs, LAW).status_code == 404


def test_only_who_holds_an_office_here_can_answer(law, cast):
    form = {"account_id": str(cast.neighbor.id), "part": "first"}
    answer = cast.clerk.submit(f"{law}/people", form)
    assert answer.status_code == 422 and "f-who-account_id-error" in answer.text
    wrong = {"account_id": str(cast.doctor.id), "part": "first", "away_from": "2026-12-02"}
    assert cast.clerk.submit(f"{law}/people", wrong | {"away_until": "2026-12-01"}).status_code == 422


def test_a_question_goes_to_who_is_on_duty_and_to_nobody_else(law, cast):
    address = posted(cast.resident, LEGAL)
    assert MARKER in cast.lawyer.get("/inbox").text and MARKER in cast.lawyer.get("/home").text
    assert "律师在线" in cast.resident.get(address).text
    for login in ("police", "doctor", "neighbor", "lead", "street", "outsider"):
        browser = getattr(cast, login)
        assert browser.get(address).status_code == 404, login
        assert MARKER not in browser.get("/inbox").text and MARKER not in browser.get("/home").text


def test_the_rota_says_who_is_on_by_weekday_and_by_week(monday, cast, db):
    odd = "odd" if MONDAY.isocalendar().week % 2 else "even"
    even = "even" if odd == "odd" else "odd"
    open_desk(
        cast,
        LAW,
        ("lawyer", "first", {"weekdays": ["2"]}),
        ("police", "first", {"weekdays": ["1"], "weeks": odd}),
        ("doctor", "first", {"weekdays": ["1"], "weeks": even}),
    )
    asked = []
    for days in (0, 1, 6):
        clock.advance(timedelta(days=days))
        cast.resident.get("/home")
        asked.append(row(db, posted(cast.resident, LEGAL)).assignee_id)
    assert asked == [cast.police.id, cast.lawyer.id, cast.doctor.id]


def test_what_comes_at_night_goes_to_who_is_on_when_the_desk_opens(monday, cast, db):
    open_desk(cast, LAW, ("lawyer", "first", {"weekdays": ["1"]}), ("doctor", "first", {"weekdays": ["2"]}))
    clock.advance(timedelta(hours=12))
    assert row(db, posted(cast.resident, LEGAL)).assignee_id == cast.doctor.id


def test_who_does_not_take_it_in_half_the_time_for_a_reply_has_the_back_up_told(law, cast, app, db):
    address = posted(cast.resident, LEGAL)
    advance(app, timedelta(hours=4))
    assert cast.police.get(address).status_code == 404
    assert take(cast.police, address, "take").status_code == 404
    advance(app, timedelta(hours=4))
    assert "请您顶上" in cast.police.get("/inbox").text and MARKER in cast.police.get(address).text
    advance(app, timedelta(hours=1))
    assert cast.police.get("/inbox").text.count("请您顶上") == 1
    walk(address, (cast.police, "take", {}), (cast.police, "answer", {"reason": "先发一封书面的信"}))
    assert row(db, address).assignee_id == cast.police.id
    outcome = db.scalars(
        select(Duty.outcome).where(Duty.post_id == number(address), Duty.kind == "first_reply")
    )
    assert outcome.one() == "kept"
    late = take(cast.lawyer, address, "answer", reason="我也来说")
    assert late.status_code == 409 and MARKER in cast.lawyer.get(address).text


def test_who_takes_it_in_time_keeps_the_back_up_out_of_it(law, cast, app):
    address = posted(cast.resident, LEGAL)
    walk(address, (cast.lawyer, "take", {}))
    advance(app, timedelta(days=2))
    assert cast.police.get(address).status_code == 404 and MARKER not in cast.police.get("/inbox").text


def test_who_is_away_is_not_asked_and_hands_what_waits_to_the_back_up(law, cast, app, db):
    waiting = posted(cast.resident, LEGAL)
    put(cast, law, "lawyer", "first", away_from="2026-11-23", away_until="2026-11-25")
    advance(app, timedelta(minutes=1))
    assert row(db, waiting).assignee_id == cast.police.id
    assert "请您顶上" in cast.police.get("/inbox").text and cast.lawyer.get(waiting).status_code == 404
    again = posted(cast.resident, LEGAL | {"title": "再问一句"})
    assert row(db, again).assignee_id == cast.police.id
    clock.advance(timedelta(days=3))
    assert row(db, posted(cast.resident, LEGAL)).assignee_id == cast.lawyer.id


def test_a6_who_has_left_office_is_asked_no_more_and_reads_nothing(law, cast, app, db):
    waiting = posted(cast.resident, LEGAL)
    with app.state.database.writing() as session:
        session.scalars(select(Appointment).filter_by(office="lawyer")).one().until = date(2020, 12, 31)
    assert cast.lawyer.get(waiting).status_code == 404
    assert take(cast.lawyer, waiting, "take").status_code == 404
    assert row(db, posted(cast.resident, LEGAL)).assignee_id == cast.police.id


def test_nobody_answers_their_own_question(monday, cast, app, db):
    open_desk(cast, LAW | {"kind": "other", "name": "楼道自治"}, ("lead", "first"), ("lawyer", "backup"))
    address = posted(cast.lead, QUESTION | {"desk": "other"})
    assert row(db, address).assignee_id == cast.lawyer.id
    assert take(cast.lead, address, "take").status_code == 403


def test_a_desk_that_takes_no_questions_leaves_them_to_the_office(law, cast, db):
    cast.clerk.submit(law, LAW | {"closed": "1"})
    assert "暂时不接问题" in cast.resident.get(SERVICES).text
    address = posted(cast.resident, LEGAL)
    assert (row(db, address).handler, row(db, address).assignee_id) == ("lawyer", None)


def handed(cast, address, to, **more):
    return take(cast.lawyer, address, "hand_over", to=to, **more)


def test_a_question_is_handed_over_accepted_and_answered_by_its_new_owner(law, cast, db):
    address = posted(cast.resident, LEGAL)
    walk(address, (cast.lawyer, "take", {}))
    assert cast.doctor.get(address).status_code == 404
    assert handed(cast, address, f"person-{cast.doctor.id}", reason="要看病历").status_code == 303
    assert "等对方接手" in cast.resident.get(address).text
    assert MARKER in cast.doctor.get("/inbox").text
    assert take(cast.lawyer, address, "answer", reason="等不及了").status_code == 409
    assert take(cast.police, address, "accept").status_code == 404
    assert take(cast.lawyer, address, "accept").status_code == 403
    walk(address, (cast.doctor, "accept", {}))
    refused = take(cast.lawyer, address, "answer", reason="我还是说一句")
    assert refused.status_code == 409 and "已经转给别人" in refused.text
    assert 'value="answer"' not in cast.lawyer.get(address).text
    walk(address, (cast.doctor, "answer", {"reason": "带病历来"}))
    duties = db.scalars(select(Duty.owner_id).where(Duty.post_id == number(address), Duty.done_at.is_(None)))
    assert set(duties) == {cast.doctor.id}


def test_what_is_not_accepted_goes_back_by_hand_or_by_the_clock(law, cast, app, db):
    from shequtong.core.posts import clockwork

    address = posted(cast.resident, LEGAL)
    walk(address, (cast.lawyer, "take", {}))
    for name, who in (("decline", "doctor"), ("keep", "lawyer"), ("", "")):
        assert handed(cast, address, f"person-{cast.doctor.id}").status_code == 303
        if who:
            walk(address, (getattr(cast, who), name, {}))
        else:
            advance(app, timedelta(days=1, minutes=1))
            with app.state.database.writing() as session:
                clockwork.move_due_posts(session)
        found = row(db, address)
        assert (found.state, found.assignee_id, found.deputy_id) == ("assigned", cast.lawyer.id, None)
        assert cast.doctor.get(address).status_code == 404
    assert take(cast.lawyer, address, "answer", reason="还是我来").status_code == 303


def test_another_desk_takes_over_with_who_is_on_duty_there(law, cast, db):
    open_desk(cast, LAW | {"kind": "doctor", "name": "家庭医生"}, ("doctor", "first"))
    address = posted(cast.resident, LEGAL)
    walk(address, (cast.lawyer, "take", {}))
    assert handed(cast, address, "desk-lawyer").status_code == 422
    assert handed(cast, address, "desk-doctor").status_code == 303
    walk(address, (cast.doctor, "accept", {}))
    db.rollback()
    assert db.get(Service, number(address)).desk_name == "家庭医生"
    assert "家庭医生" in cast.resident.get(address).text


def test_race_of_an_answer_by_the_former_owner_with_the_one_who_takes_it_over(law, cast, app, db):
    """Whoever comes first, the answer is never one of somebody who did not have it in hand."""
    address = posted(cast.resident, LEGAL)
    walk(address, (cast.lawyer, "take", {}))
    handed(cast, address, f"person-{cast.doctor.id}")
    origin = app.state.settings.base_url

    async def race():
        transport = httpx2.ASGITransport(app=app)

        async def one(person, **sent):
            headers = {"Origin": origin, "Cookie": f"session={person.cookies['session']}"}
            async with httpx2.AsyncClient(transport=transport, base_url=origin) as client:
                data = {"csrf": person.csrf, **sent}
                answer = await client.post(f"{address}/transitions", data=data, headers=headers)
                return answer.status_code

        late = [one(cast.lawyer, name="answer", reason="抢先答") for _try in range(6)]
        return await asyncio.gather(*late, one(cast.doctor, name="accept"), *late[:0])

    *refused, accepted = asyncio.run(race())
    assert accepted == 303 and set(refused) == {409}
    found = row(db, address)
    assert (found.state, found.assignee_id) == ("assigned", cast.doctor.id)


def test_staff_answer_in_their_place_after_taking_it_over(law, cast):
    address = posted(cast.resident, LEGAL)
    walk(address, (cast.lawyer, "take", {}))
    early = take(cast.clerk, address, "answer", reason="我来答")
    assert early.status_code == 409 and "先接手" in early.text
    walk(address, (cast.clerk, "take_over", {}), (cast.clerk, "answer", {"reason": "请带合同来"}))
    assert take(cast.lawyer, address, "answer", reason="我也来").status_code == 409


def test_who_is_erased_answers_at_no_desk(law, cast, app, db):
    from tests.cast import PASSWORD

    assert cast.lawyer.submit("/me/erase", {"password": PASSWORD, "sure": "1"}).status_code == 303
    db.rollback()
    assert cast.lawyer.id not in db.scalars(select(DeskPerson.account_id)).all()
    assert db.scalars(select(Desk.name)).all() == ["律师在线"]
