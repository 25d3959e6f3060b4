"""What comes after the vote: a project in the open, an answer from somebody else, the judgement of the homes."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func
from sqlmodel import select
from tests.boards.test_hall import FRAME, at_the_vote, ballots, days_pass, proposed, vote_of
from tests.cast import HOME, PASSWORD, Browser
from tests.counting import counted

from shequtong.boards.hall import judging, projects
from shequtong.boards.hall.models import Expense, Proposal, Rating
from shequtong.core.communities.models import Building, Membership
from shequtong.core.identity import exporting
from shequtong.core.notifications.models import Notification
from shequtong.lib import clock

EVERYBODY = {"resident": "for", "neighbor": "for", "owner": "for", "tenant": "for"}
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\3\1\1\0"
    b"\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82"
)


@pytest.fixture(autouse=True)
def stopped_clock():
    with clock.at(clock.now()):
        yield


def day(days):
    return (clock.today() + timedelta(days=days)).isoformat()


def decided(cast, worker, outcome="project"):
    address = at_the_vote(cast, "majority", outcome=outcome)
    ballots(cast, address, **EVERYBODY)
    days_pass(worker)
    return address


def under_way(cast, worker, **fields):
    address = decided(cast, worker)
    begun = cast.clerk.take(address, "execute", **{"lead": "老周", "budget": "4800", **fields})
    assert begun.status_code == 303, begun.text
    return address


def delivered(cast, worker):
    address = under_way(cast, worker)
    assert cast.clerk.take(address, "deliver", report="六张都装好了").status_code == 303
    return address


def judged(browser, address, stars):
    return browser.submit(f"{address}/ratings", {"stars": str(stars)})


def enter(browser, address, amount, direction="spent", **fields):
    form = {"purpose": "六张木椅", "amount": amount, "direction": direction, "paid_on": day(0)}
    return browser.submit(f"{address}/project/expenses", form | fields)


# A project ------------------------------------------------------------------------------------------


def test_every_cent_of_a_project_is_told_with_what_it_was_for(cast, worker, db):
    address = under_way(cast, worker, funder="公共收益")
    assert enter(cast.clerk, address, "4250.10").status_code == 303
    assert enter(cast.clerk, address, "0.20", purpose="螺丝").status_code == 303
    assert enter(cast.clerk, address, "50.30", "returned", purpose="退押金").status_code == 303
    page = cast.resident.get(f"{address}/project").text
    for words in ("六张木椅", "¥4,250.10", "¥4,250.30", "−¥50.30", "¥4,200 / ¥4,800", "公共收益", "<svg"):
        assert words in page, words
    db.rollback()
    entries = db.exec(select(Expense.cents)).all()
    assert sum(entries) == 420000 == db.exec(select(Proposal.spent_cents)).one()
    assert "¥4,200 / ¥4,800" in cast.resident.get(address).text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"amount": "-5"}, 422),
        ({"amount": "1.005"}, 422),
        ({"purpose": ""}, 422),
        ({"direction": ""}, 422),
        ({"paid_on": "morgen"}, 422),
        ({"amount": "4000", "direction": "returned"}, 409),
    ],
)
def test_an_entry_that_cannot_be_is_refused(cast, worker, db, fields, status):
    address = under_way(cast, worker)
    assert enter(cast.clerk, address, **{"amount": "12"} | fields).status_code == status
    assert db.exec(select(func.count()).select_from(Expense)).one() == 0


def test_more_than_the_budget_is_said_loudly(cast, worker):
    address = under_way(cast, worker)
    enter(cast.clerk, address, "5000.01")
    assert "比计划多 ¥200.01" in cast.resident.get(f"{address}/project").text


def test_the_neighbour_who_leads_it_keeps_its_books_and_reports(cast, worker):
    address = under_way(cast, worker, lead="阿芳")
    assert enter(cast.neighbor, address, "10").status_code == 303
    milestone = {"title": "椅子到货", "due_on": day(5)}
    assert cast.neighbor.submit(f"{address}/project/milestones", milestone).status_code == 303
    report = {"name": "report_progress", "reason": "地基浇好了"}
    sent = cast.neighbor.submit(
        f"{address}/transitions", report, files={"photos": ("a.png", PNG, "image/png")}
    )
    assert sent.status_code == 303, sent.text
    page = cast.resident.get(f"{address}/project").text
    assert "椅子到货" in page and "地基浇好了" in page and "/photos/" in page
    for login in ("resident", "property", "police"):
        browser = getattr(cast, login)
        assert enter(browser, address, "10").status_code == 403
        assert browser.take(address, "report_progress", reason="我也来").status_code == 403


def test_a_lead_who_may_not_write_for_a_while_does_not_do_it_through_the_project(cast, worker, app):
    address = under_way(cast, worker, lead="阿芳")
    with app.state.database.writing() as session:
        member = session.scalars(select(Membership).where(Membership.account_id == cast.neighbor.id)).one()
        member.suspended_until = clock.now() + timedelta(days=7)
    assert cast.neighbor.take(address, "report_progress", reason="我还是要说").status_code == 403
    assert enter(cast.neighbor, address, "10").status_code == 403
    assert cast.neighbor.get(f"{address}/project").status_code == 200


def test_a_milestone_is_reached_and_shown_as_overdue_when_it_is_not(cast, worker):
    address = under_way(cast, worker)
    cast.clerk.submit(f"{address}/project/milestones", {"title": "椅子到货", "due_on": day(1)})
    clock.advance(timedelta(days=2))
    page = cast.resident.get(f"{address}/project").text
    assert "已逾期" in page
    number = cast.clerk.get(f"{address}/project").text.split("/project/milestones/")[1].split('"')[0]
    assert cast.resident.submit(f"{address}/project/milestones/{number}").status_code == 403
    assert cast.clerk.submit(f"{address}/project/milestones/{number}").status_code == 303
    assert "已逾期" not in cast.resident.get(f"{address}/project").text
    assert cast.clerk.submit(f"{address}/project/milestones/9999").status_code == 404


def test_a_topic_that_is_no_project_has_no_such_page(cast, worker):
    address = decided(cast, worker, "referral")
    assert cast.resident.get(f"{address}/project").status_code == 404
    assert cast.clerk.take(address, "execute", lead="老周").status_code == 409
    assert cast.clerk.take(address, "enact", article_title="长椅").status_code == 409


@pytest.mark.parametrize("login", ["visitor", "applicant", "outsider", "outsecretary"])
def test_a2_a_stranger_sees_no_project(cast, visitor, worker, login):
    address = under_way(cast, worker)
    browser = visitor if login == "visitor" else getattr(cast, login)
    assert browser.get(f"{address}/project").status_code == (303 if login == "visitor" else 404)
    if login != "visitor":
        assert enter(browser, address, "1").status_code == 404
        assert judged(browser, address, 5).status_code == 404


def test_a_project_asks_no_more_for_many_entries_than_for_one(app, cast, worker):
    address = under_way(cast, worker)
    asked = []
    for more in (1, 5):
        for number in range(more):
            enter(cast.clerk, address, "1", purpose=f"螺丝{len(asked)}{number}")
        cast.resident.get(f"{address}/project")
        with counted(app) as queries:
            cast.resident.get(f"{address}/project")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 6, asked


def test_the_drawing_steps_up_with_what_was_paid_and_stays_inside():
    today = clock.today()
    entries = [
        SimpleNamespace(paid_on=today, cents=100),
        SimpleNamespace(paid_on=today + timedelta(days=5), cents=300),
    ]
    drawn = projects.chart(entries, 200, today + timedelta(days=10))
    assert drawn.over and drawn.line.startswith("0,140") and drawn.line.endswith("320,10")
    assert projects.chart([], 200, today) is None
    assert projects.yuan(-123456789) == "−¥1,234,567.89" and projects.yuan(500) == "¥5"


# A referral -----------------------------------------------------------------------------------------


def test_a_referral_says_to_whom_by_when_and_what_they_answered(cast, worker):
    address = decided(cast, worker, "referral")
    sent = {"referred_to": "区绿化市容局", "due_on": day(3)}
    assert cast.resident.take(address, "refer", **sent).status_code == 403
    assert cast.clerk.take(address, "refer", **sent | {"due_on": "2020-01-01"}).status_code == 422
    assert cast.clerk.take(address, "refer", **sent).status_code == 303
    assert "区绿化市容局" in cast.resident.get(address).text
    clock.advance(timedelta(days=4))
    assert "已超时" in cast.resident.get(address).text
    assert cast.clerk.take(address, "deliver", report="好了").status_code == 409
    assert cast.clerk.take(address, "record_answer", answer="").status_code == 422
    assert cast.clerk.take(address, "record_answer", answer="明年三月施工").status_code == 303
    assert "明年三月施工" in cast.resident.get(address).text


# The judgement of the homes ---------------------------------------------------------------------------


def test_homes_judge_it_and_nothing_is_shown_before_the_time_is_over(cast, worker):
    address = delivered(cast, worker)
    for login, stars in (("resident", 5), ("neighbor", 4), ("owner", 5), ("tenant", 3), ("elder", 5)):
        assert judged(getattr(cast, login), address, stars).status_code == 303
    assert "平均" not in cast.resident.get(address).text
    days_pass(worker, 15)
    shown = cast.resident.get(address).text
    assert "5 户评价，平均 4.4 分" in shown
    assert judged(cast.resident, address, 1).status_code == 403


def test_fewer_than_five_homes_show_no_figure(cast, worker):
    address = delivered(cast, worker)
    for login in ("resident", "neighbor", "owner", "tenant"):
        judged(getattr(cast, login), address, 1)
    days_pass(worker, 15)
    shown = cast.resident.get(address).text
    assert "评价的不到五户" in shown and "平均" not in shown


def test_a_home_has_one_judgement_and_may_change_it(cast, worker, db):
    address = delivered(cast, worker)
    for stars in (1, 5):
        judged(cast.resident, address, stars)
    db.rollback()
    assert [row.stars for row in db.exec(select(Rating))] == [5]
    assert "您家已经评过" in cast.resident.get(f"{address}/ratings").text
    assert cast.clerk.get(f"{address}/ratings").status_code == 403
    assert judged(cast.resident, address, 6).status_code == 422
    for login in ("clerk", "property", "police", "street"):
        assert judged(getattr(cast, login), address, 5).status_code == 403, login


def test_only_homes_that_it_affects_judge_it(cast, worker, db):
    first = db.exec(select(Building.id).where(Building.code == HOME).order_by(Building.id)).first()
    address = proposed(cast.resident)
    for browser in (cast.neighbor, cast.owner):
        browser.take(address, "cosign")
    until = day(7)
    for name, fields in (
        ("screen", {}),
        ("frame", FRAME | {"affected_places": str(first)}),
        ("discuss", {}),
        ("draft", {"minutes": "大家都同意"}),
        ("give_notice", {"wording": "装六张长椅", "objections_until": until}),
    ):
        assert cast.clerk.take(address, name, **fields).status_code == 303, name
    clock.advance(timedelta(days=8))
    assert cast.clerk.take(address, "open_vote", **vote_of("majority")).status_code == 303
    ballots(cast, address, **EVERYBODY)
    days_pass(worker)
    cast.clerk.take(address, "execute", lead="老周")
    cast.clerk.take(address, "deliver", report="好了")
    assert judged(cast.resident, address, 5).status_code == 303
    assert judged(cast.elder, address, 5).status_code == 403


def test_what_was_judged_is_forgotten_when_it_is_taken_up_again(cast, worker, db):
    address = delivered(cast, worker)
    judged(cast.resident, address, 1)
    assert cast.owner.take(address, "reopen", reason="有一张是松的").status_code == 303
    assert cast.clerk.take(address, "resume").status_code == 303
    db.rollback()
    assert db.exec(select(Rating)).all() == []


def test_after_half_a_year_the_lead_and_the_committee_are_told_once(app, cast, worker):
    address = under_way(cast, worker, lead="阿芳")
    cast.clerk.take(address, "deliver", report="好了")
    days_pass(worker, 15)
    days_pass(worker, 160)
    assert told(app, "look_again") == []
    for _week in range(4):
        days_pass(worker, 7)
    people = {cast.clerk.id, cast.clerk2.id, cast.secretary.id, cast.neighbor.id}
    assert set(told(app, "look_again")) == people and len(told(app, "look_again")) == len(people)
    secretary = Browser(app, "secretary")
    assert "半年到了" in secretary.get("/inbox").text
    assert secretary.take(address, "review", review="半年后仍完好").status_code == 303
    assert "半年后仍完好" in secretary.get(address).text


def told(app, kind):
    with app.state.database.reading() as session:
        return session.scalars(select(Notification.account_id).where(Notification.kind == kind)).all()


def test_half_a_year_later_is_the_same_day_of_a_month_that_has_it():
    today = clock.today()
    assert judging.half_a_year_on(today.replace(month=8, day=31)) == today.replace(
        year=today.year + 1, month=2, day=28
    )
    assert judging.half_a_year_on(today.replace(month=3, day=5)) == today.replace(month=9, day=5)


# Who hears of it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_v3_all_on_the_roll_are_told_so_no_inbox_says_who_voted(app, cast, worker, secrecy):
    address = at_the_vote(cast, "majority", vote_secrecy=secrecy)
    for login in ("resident", "neighbor", "owner", "tenant"):
        assert getattr(cast, login).submit(f"{address}/ballots", {"choice": "for"}).status_code in (200, 303)
    for login in ("tenant", "elder", "lead"):
        getattr(cast, login).submit("/inbox/read")
    days_pass(worker)
    for step, fields in (("execute", {"lead": "老周"}), ("deliver", {"report": "好了"})):
        assert cast.clerk.take(address, step, **fields).status_code == 303
    voted, silent = (browser.get("/inbox").text.count("有新进展") for browser in (cast.tenant, cast.elder))
    assert voted == silent == 1


def test_p4_a_judgement_goes_with_its_person_and_stays_with_the_home(cast, worker, db):
    address = delivered(cast, worker)
    judged(cast.resident, address, 4)
    db.rollback()
    assert "hall_rating" in dict(exporting.everything_of(db, cast.resident.id))
    assert cast.resident.submit("/me/erase", {"password": PASSWORD, "sure": "1"}).status_code == 303
    db.rollback()
    assert [(row.account_id, row.stars) for row in db.exec(select(Rating))] == [(None, 4)]
