"""Figures that are kept say what is counted from the posts, whatever happens to these and in whatever order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.boards.walking import LOGINS, Walk
from tests.cast import DISTRICT, HOME, STREET

from shequtong.boards import ALL
from shequtong.core.duties.models import Duty
from shequtong.core.duties.reckoning import change_roster
from shequtong.core.posts.models import Post
from shequtong.core.statistics import recounting, weighing
from shequtong.core.statistics.models import OpenTally, WeekTally
from shequtong.lib import clock

MATTERS = f"/c/{HOME}/matters"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=clock.LOCAL)
OWING = [board for board in ALL if board.owes]
CALM, BUSY = "", "\n".join(f"{day} 08:00-20:00" for day in range(1, 7))


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


def report(browser: Any, **fields: str) -> str:
    answer = browser.insist(f"{MATTERS}/new", {"title": "花坛缺一块砖", "category": "road"} | fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def compared(app: Any) -> list[str]:
    """What is kept otherwise than it is counted now."""
    with app.state.database.reading() as session:
        return [str(difference) for difference in recounting.compare(session)]


def kept(db: Any, code: str, board: str = "", category: str = "") -> dict[str, int]:
    """All that is kept of a division, over all weeks and days; what is nought is left out."""
    db.rollback()
    figures = dict.fromkeys((*weighing.MEASURES, "open"), 0)
    for table, names in ((WeekTally, weighing.MEASURES), (OpenTally, ("posts",))):
        here = table.code == code, table.board == board, table.category == category
        for row in db.scalars(select(table).where(*here)):
            for name in names:
                figures["open" if name == "posts" else name] += getattr(row, name)
    return {name: figure for name, figure in figures.items() if figure}


def test_a_matter_is_counted_at_its_committee_and_all_above_it(app, cast, db):
    report(cast.resident)
    for code in (HOME, STREET, DISTRICT, "31"):
        assert kept(db, code) == {"received": 1, "open": 1}
        assert kept(db, code, "matters", "road") == {"received": 1, "open": 1}
        assert kept(db, code, "matters", "light") == {}
    assert compared(app) == []


def test_a_matter_that_comes_back_is_received_once_and_rated_each_time(app, cast, db):
    address = report(cast.resident)
    for browser, name, fields in (
        (cast.clerk, "acknowledge", {}),
        (cast.clerk, "start", {}),
        (cast.clerk, "claim_done", {"reason": "补上了"}),
        (cast.resident, "reopen", {"reason": "还是缺"}),
        (cast.clerk, "acknowledge", {}),
        (cast.clerk, "start", {}),
        (cast.clerk, "claim_done", {"reason": "补上了"}),
        (cast.resident, "confirm", {"rating": "4"}),
    ):
        assert browser.take(address, name, **fields).status_code == 303, name
    assert kept(db, STREET, "matters", "road") == {
        "received": 1,
        "replied_in_time": 2,
        "answered_in_time": 1,
        "reopened": 1,
        "ratings": 1,
        "rating_sum": 4,
    }
    assert compared(app) == []


def test_what_was_taken_back_before_it_was_late_was_never_received(app, cast, db):
    address = report(cast.resident)
    assert cast.resident.submit(f"{address}/delete").status_code == 303
    assert kept(db, HOME) == {}
    assert compared(app) == []


def test_a_week_begins_on_monday_in_the_time_of_the_community():
    sunday = datetime(2026, 11, 22, 23, 59, tzinfo=clock.LOCAL)
    assert weighing.week_of(sunday) == date(2026, 11, 16)
    assert weighing.week_of(sunday + timedelta(minutes=1)) == date(2026, 11, 23)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_kept_figures_are_those_that_are_counted(app, cast, seed):
    """People write, answer, argue, take back, hide and show again, while time passes and hours of duty change."""
    rng = Random(seed)
    walks = [Walk(app, cast, board) for board in OWING]
    written: list[tuple[Walk, int]] = []
    taken = 0
    for _turn in range(120):
        happens = rng.random()
        if happens < 0.2 or not written:
            walk = rng.choice([*walks, next(w for w in walks if w.board.slug == "matters")])
            kind = rng.choice(walk.board.kinds or (("", ""),))[0]
            if made := walk._write(kind, {}, rng.sample(LOGINS, len(LOGINS))):
                written.append((walk, made[1]))
        elif happens < 0.65:
            walk, number = rng.choice(written)
            taken += _take_something(rng, walk, number)
        elif happens < 0.75:
            _say_something(rng, cast, *rng.choice(written))
        elif happens < 0.8:
            walk, number = rng.choice(written)
            author = _login_of(cast, walk.post(number).author_id)
            author.submit(f"/c/{HOME}/{walk.board.slug}/{number}/delete")
        elif happens < 0.87:
            _hide_or_show(rng, cast, *rng.choice(written))
        elif happens < 0.9:
            with app.state.database.writing() as session:
                change_roster(session, HOME, rng.choice((CALM, BUSY)))
        else:
            walks[0].wait_until(clock.now() + timedelta(hours=rng.choice((1, 5, 30, 100))))
            walks[0]._move_due()
        assert compared(app) == []
    assert taken > 20 and len(written) > 10
    with app.state.database.reading() as session:
        assert session.scalar(select(Duty.id).where(Duty.outcome == "late").limit(1)), "something was late"


def _take_something(rng: Random, walk: Walk, number: int) -> bool:
    leaving = list(walk.board.workflow.leaving(walk.post(number).state))
    if walk.post(number).deleted_at is not None:
        return False
    for transition in rng.sample(leaving, len(leaving)):
        if walk._press(number, transition, rng.sample(LOGINS, len(LOGINS))):
            return True
    return False


def _say_something(rng: Random, cast: Any, walk: Walk, number: int) -> None:
    speaker = getattr(cast, rng.choice(("resident", "neighbor", "clerk", "secretary", "property")))
    speaker.submit(f"/c/{HOME}/{walk.board.slug}/{number}/comments", {"body": "说一句"})


def _hide_or_show(rng: Random, cast: Any, walk: Walk, number: int) -> None:
    seen = walk.post(number).moderation
    action = "hide" if seen == "clear" else "restore"
    decision = {"post_id": number, "comment_id": 0, "action": action, "reason": "abuse", "note": "看一看"}
    cast.clerk2.submit(f"/c/{HOME}/desk/decisions", decision | {"seen": seen})


def _login_of(cast: Any, account_id: int) -> Any:
    return next(browser for browser in cast.everyone().values() if browser.id == account_id)


def test_a_figure_that_went_astray_is_named_and_mended(app, cast, db):
    report(cast.resident)
    with app.state.database.writing() as session:
        session.execute(
            update(WeekTally).where(WeekTally.code == STREET, WeekTally.board == "").values(received=7)
        )
        session.execute(update(Post).values(version=Post.version + 1))
    assert compared(app) == [f"{STREET} 2026-11-23 all received: kept 7, counted 1"]
    with app.state.database.writing() as session:
        recounting.repair(session)
    assert compared(app) == []
    assert kept(db, STREET) == {"received": 1, "open": 1}
    assert cast.clerk.take(report(cast.resident), "acknowledge").status_code == 303
    assert compared(app) == []


def test_many_at_once_are_each_counted_once(app, cast):
    """They all add to the rows of one city: nobody is lost, and nobody waits in a ring."""
    people = [cast.resident, cast.neighbor, cast.owner, cast.tenant]
    titles = ("花坛缺一块砖", "井盖松了", "护栏歪了", "台阶断了")
    with ThreadPoolExecutor(len(people)) as hands:
        addresses = list(
            hands.map(lambda who: report(who[0], title=who[1]), zip(people, titles, strict=True))
        )
    staff = (cast.clerk, cast.clerk2, cast.secretary, cast.clerk)
    with ThreadPoolExecutor(3) as hands:
        answers = hands.map(
            lambda one: one[0].take(one[1], "acknowledge"), zip(staff, addresses, strict=True)
        )
        assert {answer.status_code for answer in answers} == {303}
        both = hands.map(lambda by: by.submit(f"{addresses[0]}/comments", {"body": "来了"}), staff[:3])
        assert {answer.status_code for answer in both} == {303}
    assert compared(app) == []
