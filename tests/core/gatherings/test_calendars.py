"""The days of a community, and its calendars as a real parser reads them: public, one's own, one gathering."""

from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import select
from tests.cast import AWAY, HOME, number_of
from tests.core.gatherings.conftest import NOTICES, form
from tests.counting import counted

from shequtong.core.communities.models import Appointment, Membership
from shequtong.core.gatherings.models import CalendarAddress
from shequtong.lib import clock

EVENTS = f"/c/{HOME}/events"


def parsed(answer):
    """The events of a calendar by their titles, read by a program that is not ours."""
    assert answer.status_code == 200, answer.status_code
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert b"\r\n" in answer.content
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    read = icalendar.Calendar.from_ical(answer.content)
    assert read["version"] == "2.0" and read["prodid"]
    assert not read.errors
    events = read.walk("VEVENT")
    assert all(not event.errors and event["uid"] and event["dtstamp"] for event in events)
    return {str(event["summary"]): event for event in events}


def announce(cast, title="消防演练，请带好毛巾；从东门进", **plan):
    """A gathering on a notice that everybody may read."""
    made = cast.clerk.submit(f"{NOTICES}/new", {"title": title, "kind": "info", "body": "请来"})
    post = f"{NOTICES}/{number_of(made)}"
    assert cast.clerk.submit(f"{post}/gathering/plan", form(**plan)).status_code == 303
    return post


def test_the_public_calendar_holds_what_is_for_everybody_whoever_asks(meeting, cast, visitor):
    meeting()
    begins = clock.now() + timedelta(days=3)
    post = announce(cast, starts_at=begins, ends_at=begins + timedelta(hours=2), place="东门\\南, 二楼;左")
    for person in (visitor, cast.resident, cast.clerk, cast.outsider):
        found = parsed(person.get(f"{EVENTS}.ics"))
        assert set(found) == {"消防演练，请带好毛巾；从东门进"}
    event = found["消防演练，请带好毛巾；从东门进"]
    assert event.start == begins.replace(second=0, microsecond=0)
    assert event.end - event.start == timedelta(hours=2)
    assert event["location"] == "东门\\南, 二楼;左"
    assert event["status"] == "CONFIRMED" and event["sequence"] == 0
    assert event["url"].endswith(post)
    assert visitor.get(f"/c/{AWAY}/events.ics").status_code == 200
    assert parsed(visitor.get(f"/c/{AWAY}/events.ics")) == {}
    assert visitor.get("/c/000000000000/events.ics").status_code == 404


def test_a_change_and_a_cancellation_reach_the_calendar_under_the_same_number(cast, visitor):
    post = announce(cast)
    before = next(iter(parsed(visitor.get(f"{EVENTS}.ics")).values()))
    later = clock.now() + timedelta(days=6)
    plan = form(starts_at=later, ends_at=later + timedelta(hours=1), place="南门")
    cast.clerk.submit(f"{post}/gathering/plan", plan)
    moved = next(iter(parsed(visitor.get(f"{EVENTS}.ics")).values()))
    cast.clerk.submit(f"{post}/gathering/cancel", {"reason": "下雨"})
    off = next(iter(parsed(visitor.get(f"{EVENTS}.ics")).values()))
    assert before["uid"] == moved["uid"] == off["uid"]
    assert [before["sequence"], moved["sequence"], off["sequence"]] == [0, 1, 2]
    assert moved["location"] == "南门" and off["status"] == "CANCELLED" and "下雨" in off["description"]


def test_one_gathering_is_put_into_a_telephone(meeting, cast):
    chess = meeting()
    assert set(parsed(cast.neighbor.get(f"{chess.page}.ics"))) == {"下棋"}
    for login in ("outsider", "applicant"):
        assert getattr(cast, login).get(f"{chess.page}.ics").status_code == 404


def own_address(person):
    page = person.submit("/me/calendar").text
    return page.split('id="secret" value="')[1].split('"')[0].removeprefix("http://127.0.0.1:8000")


def test_ones_own_calendar_is_read_at_a_secret_address_without_signing_in(meeting, cast, visitor):
    chess = meeting(places="1")
    chess.sign_up("neighbor")
    chess.sign_up("owner")
    announce(cast)
    found = parsed(visitor.get(own_address(cast.neighbor)))
    assert set(found) == {"下棋", "消防演练，请带好毛巾；从东门进"}
    assert found["下棋"]["description"].startswith("您有名额") and found["下棋"]["transp"] == "OPAQUE"
    assert parsed(visitor.get(own_address(cast.owner)))["下棋"]["description"].startswith("您在候补")
    chess.leave("neighbor")
    address = own_address(cast.owner)
    assert parsed(visitor.get(address))["下棋"]["description"].startswith("您有名额")
    assert parsed(visitor.get(own_address(cast.outsider))) == {}
    assert parsed(visitor.get(own_address(cast.applicant))) == {}


def test_the_address_is_shown_once_kept_as_a_digest_and_closed_by_another_or_by_hand(cast, visitor, db):
    first = own_address(cast.resident)
    token = first.split("/")[-1].removesuffix(".ics")
    assert token not in cast.resident.get("/me/calendar").text
    assert db.scalars(select(CalendarAddress.digest)).one() != token
    db.rollback()
    second = own_address(cast.resident)
    assert visitor.get(first).status_code == 404
    assert visitor.get(second).status_code == 200
    assert visitor.get(second).headers["cache-control"] == "no-store"
    assert cast.resident.submit("/me/calendar", {"undo": "1"}).status_code == 303
    assert visitor.get(second).status_code == 404
    for wrong in ("/calendar/x.ics", "/calendar/.ics", f"/calendar/{'a' * 400}.ics", "/calendar/%00.ics"):
        assert visitor.get(wrong).status_code in (400, 404), wrong
    assert visitor.get("/me/calendar").headers["location"].startswith("/login")
    assert cast.visitor.submit("/me/calendar").headers["location"].startswith("/login")


def test_a6_a_calendar_shows_no_more_than_its_owner_may_see_now(meeting, cast, app, visitor):
    chess = meeting()
    chess.sign_up("neighbor")
    address = own_address(cast.neighbor)
    assert "下棋" in parsed(visitor.get(address))
    with app.state.database.writing() as session:
        session.scalars(select(Membership).filter_by(account_id=cast.neighbor.id)).one().state = "ended"
    assert parsed(visitor.get(address)) == {}
    office = own_address(cast.clerk)
    assert "下棋" in parsed(visitor.get(office))
    with app.state.database.writing() as session:
        held = session.scalars(select(Appointment).filter_by(account_id=cast.clerk.id)).one()
        held.until = clock.today() - timedelta(days=1)
    assert parsed(visitor.get(office)) == {}


def test_a_post_that_is_held_or_hidden_is_in_no_calendar_and_on_no_day(meeting, cast, app, visitor):
    from shequtong.core.posts.models import Post

    chess = meeting()
    address = own_address(cast.neighbor)
    with app.state.database.writing() as session:
        session.get_one(Post, chess.post_id).moderation = "hidden"
    assert parsed(visitor.get(address)) == {}
    assert "下棋" not in cast.neighbor.get(EVENTS).text
    assert cast.neighbor.get(chess.page).status_code == 404


def test_the_days_come_in_order_and_what_is_over_is_apart(meeting, cast, visitor, stopped):
    now = clock.now()
    for days, place in ((5, "丙处"), (1, "甲处"), (2, "乙处")):
        at = now + timedelta(days=days)
        meeting(starts_at=at, ends_at=at + timedelta(hours=1), place=place)
    page = cast.neighbor.get(EVENTS).text
    assert page.index("甲处") < page.index("乙处") < page.index("丙处")
    assert "甲处" not in visitor.get(EVENTS).text and "甲处" not in cast.outsider.get(EVENTS).text
    clock.advance(timedelta(days=3))
    page, over = cast.neighbor.get(EVENTS).text, cast.neighbor.get(f"{EVENTS}?past=true").text
    assert "丙处" in page and "甲处" not in page
    assert over.index("乙处") < over.index("甲处") and "丙处" not in over


def test_many_days_come_page_by_page_and_cost_no_more_queries(meeting, cast, app):
    counts = []
    for number in range(25):
        at = clock.now() + timedelta(days=1, hours=number)
        meeting(starts_at=at, ends_at=at + timedelta(minutes=30), place=f"第{number:02}处")
        if number in (1, 24):
            cast.neighbor.get(EVENTS)
            with counted(app) as asked:
                page = cast.neighbor.get(EVENTS).text
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 3, asked
    assert "第19处" in page and "第20处" not in page
    more = page.split('href="/c/')[-1] and page.split("cursor=")[1].split('"')[0]
    rest = cast.neighbor.get(f"{EVENTS}?cursor={more}").text
    assert "第20处" in rest and "第24处" in rest and "第19处" not in rest


@pytest.mark.parametrize("many", [1, 6])
def test_the_pages_of_a_gathering_ask_little(meeting, cast, app, many):
    chess = meeting(places="3")
    for login in ("neighbor", "owner", "tenant", "elder", "lead", "clerk")[:many]:
        chess.sign_up(login)
    for person, page, most in (
        ("neighbor", chess.page, 4),
        ("neighbor", chess.post, 6),
        ("resident", f"{chess.page}/list", 5),
        ("resident", f"{chess.page}/check-in", 5),
        ("neighbor", "/me/calendar", 3),
    ):
        getattr(cast, person).get(page)
        with counted(app) as asked:
            assert getattr(cast, person).get(page).status_code == 200
        assert len(asked) <= most, (page, asked)
