"""A reminder goes out once, a day before, to those who have a place."""

from datetime import timedelta

from shequtong.core.gatherings.reminding import remind_all
from shequtong.lib import clock
from shequtong.main import create_worker


def remind(app):
    with app.state.database.writing() as session:
        remind_all(session)


def told(person):
    return person.get("/inbox").text.count("快开始了")


def test_those_with_a_place_are_reminded_once_a_day_before(meeting, cast, app, stopped):
    chess = meeting(places="1")
    chess.sign_up("neighbor")
    chess.sign_up("owner")
    remind(app)
    assert told(cast.neighbor) == 0
    clock.advance(timedelta(days=2, minutes=1))
    remind(app)
    remind(app)
    assert (told(cast.neighbor), told(cast.owner)) == (1, 0)
    assert chess.row().remind_at is None


def test_a_worker_that_was_away_reminds_when_it_is_back_and_another_one_does_not_again(
    meeting, cast, app, settings, stopped
):
    chess = meeting(places="5")
    chess.sign_up("neighbor")
    clock.advance(timedelta(days=2, hours=20))
    for _restart in range(3):
        create_worker(settings, app.state.database).run_waiting()
    assert told(cast.neighbor) == 1


def test_nobody_is_reminded_of_what_is_cancelled_or_has_begun(meeting, cast, app, stopped):
    off, missed = meeting(), meeting()
    for one in (off, missed):
        one.sign_up("neighbor")
    cast.resident.submit(f"{off.page}/cancel", {"reason": "不办了"})
    clock.advance(timedelta(days=3, minutes=1))
    remind(app)
    assert told(cast.neighbor) == 0 and missed.row().remind_at is None


def test_another_day_is_reminded_of_anew(meeting, cast, app, stopped):
    chess = meeting()
    chess.sign_up("neighbor")
    clock.advance(timedelta(days=2, minutes=1))
    remind(app)
    cast.neighbor.submit("/inbox/read")
    later = clock.now() + timedelta(days=5)
    chess.change(starts_at=later, ends_at=later + timedelta(hours=1))
    clock.advance(timedelta(days=4, minutes=1))
    remind(app)
    assert told(cast.neighbor) == 2
